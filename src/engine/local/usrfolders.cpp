// SPDX-License-Identifier: MIT
#include "usrfolders.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

// Large trees in which nobody installs anything by hand; their tops are enough.
constexpr std::array<std::string_view, 7> shallow = {
    "/usr/include/boost", "/usr/share/doc",  "/usr/share/icons", "/usr/share/locale",
    "/usr/share/man",     "/usr/share/help", "/usr/src"};

}  // namespace

fs::path makeUsrFolders(const fs::path &target, const GuestAccount &account)
{
    if (account.id() == 0)
        return {};
    if (fs::is_directory(target)) {
        account.adopt(target);
        return target;
    }
    const fs::path building = target.string() + ".new";
    fs::remove_all(building);
    fs::create_directory(building);
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (auto it = fs::recursive_directory_iterator("/usr", options);
         it != fs::recursive_directory_iterator(); ++it) {
        if (it->is_symlink() || !it->is_directory())
            continue;
        fs::create_directory(building / it->path().lexically_relative("/usr"));
        if (std::ranges::find(shallow, it->path().native()) != shallow.end())
            it.disable_recursion_pending();
    }
    account.adopt(building);
    fs::rename(building, target);
    return target;
}

}  // namespace voidrun
