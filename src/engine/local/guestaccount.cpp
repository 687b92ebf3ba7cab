// SPDX-License-Identifier: MIT
#include "guestaccount.h"

#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr uid_t ownerOfNothing = 1'800'000'000;

void give(const fs::path &path, uid_t id)
{
    if (::lchown(path.c_str(), id, id) != 0)
        throw std::system_error(errno, std::generic_category(), path.string());
}

}  // namespace

GuestAccount GuestAccount::ours()
{
    return GuestAccount(::geteuid());
}

GuestAccount GuestAccount::unprivileged()
{
    return GuestAccount(ownerOfNothing);
}

bool GuestAccount::needsLauncher() const
{
    return m_id != ::geteuid();
}

void GuestAccount::adopt(const fs::path &tree) const
{
    struct stat info{};
    if (::lstat(tree.c_str(), &info) != 0)
        throw std::system_error(errno, std::generic_category(), tree.string());
    if (info.st_uid == m_id)
        return;
    for (const auto &entry : fs::recursive_directory_iterator(tree)) {
        // Changing the owner clears the set-user bits; they are the sandbox's own.
        struct stat before{};
        if (::lstat(entry.path().c_str(), &before) != 0)
            throw std::system_error(errno, std::generic_category(), entry.path().string());
        give(entry.path(), m_id);
        if (S_ISREG(before.st_mode) && (before.st_mode & 06000) != 0)
            ::chmod(entry.path().c_str(), before.st_mode & 07777);
    }
    give(tree, m_id);  // last: an interrupted change is begun again
}

}  // namespace voidrun
