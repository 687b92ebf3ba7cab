// SPDX-License-Identifier: MIT
#include "identity.h"

#include <pwd.h>
#include <unistd.h>

#include <boost/hash2/sha2.hpp>

#include "common/jsonbody.h"

namespace voidrun
{

namespace
{

std::string loginName()
{
    const passwd *entry = ::getpwuid(::geteuid());
    return entry && entry->pw_name ? toValidUtf8(entry->pw_name) : std::to_string(::geteuid());
}

}  // namespace

std::string sha256(std::string_view text)
{
    boost::hash2::sha2_256 hash;
    hash.update(text.data(), text.size());
    return to_string(hash.result());
}

std::string idOf(std::string_view kind, std::string_view name)
{
    return sha256(std::string(kind) + ':' + std::string(name)).substr(0, 24);
}

std::string localUser()
{
    return idOf("user", "local");
}

std::string localOrganisation()
{
    return idOf("organisation", "local");
}

json::object localUserObject()
{
    const std::string name = loginName();
    return {{"id", localUser()},
            {"name", name},
            {"email", name + "@localhost"},
            {"createdAt", "2026-01-01T00:00:00.000Z"}};
}

}  // namespace voidrun
