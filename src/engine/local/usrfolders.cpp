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

// Large trees to which hardly any package adds; their tops are enough.
bool isTopOnly(const fs::path &folder)
{
    constexpr std::array<std::string_view, 2> large = {"/usr/include/boost", "/usr/src"};
    const bool isOtherIcons =
        folder.parent_path() == "/usr/share/icons" && folder.filename() != "hicolor";
    return isOtherIcons || std::ranges::find(large, folder.native()) != large.end();
}

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
        if (isTopOnly(it->path()))
            it.disable_recursion_pending();
    }
    account.adopt(building);
    fs::rename(building, target);
    return target;
}

}  // namespace voidrun
