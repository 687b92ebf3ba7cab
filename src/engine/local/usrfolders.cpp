// SPDX-License-Identifier: MIT
#include "usrfolders.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include "common/filedescriptor.h"

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

// ~/.cache or what stands for it; empty where it is not ours alone to write.
fs::path cacheHome()
{
    const char *const set = ::getenv("XDG_CACHE_HOME");
    const char *const home = ::getenv("HOME");
    fs::path result;
    if (set != nullptr && *set == '/')
        result = set;
    else if (home != nullptr && *home == '/')
        result = fs::path(home) / ".cache";
    struct stat info{};
    const bool isOurs = !result.empty() && ::lstat(result.c_str(), &info) == 0 &&
                        S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() &&
                        (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    return isOurs ? result : fs::path();
}

// Where packages come and go, these change too.
bool isOutdated(const fs::path &target)
{
    const auto made = fs::last_write_time(target);
    return std::ranges::any_of(
        std::array{"/usr", "/usr/lib", "/usr/share", "/usr/share/doc", "/var/lib/dpkg/status"},
        [made](const char *path) {
            std::error_code missing;
            const auto changed = fs::last_write_time(path, missing);
            return !missing && changed > made;
        });
}

// A folder that went stays: it holds nothing, and sandboxes may be using the tree.
void addFolders(const fs::path &target, const GuestAccount &account)
{
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (auto it = fs::recursive_directory_iterator("/usr", options);
         it != fs::recursive_directory_iterator(); ++it) {
        if (it->is_symlink() || !it->is_directory())
            continue;
        const fs::path folder = target / it->path().lexically_relative("/usr");
        if (fs::create_directory(folder))
            account.adopt(folder);
        if (isTopOnly(it->path()))
            it.disable_recursion_pending();
    }
    fs::last_write_time(target, fs::file_time_type::clock::now());
}

// Held by the one engine that makes or completes the folders, for seconds; longer is a fault.
FileDescriptor lockOf(const fs::path &folder)
{
    const fs::path path = folder / "usr-folders.lock";
    FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.isOpen())
        throw std::system_error(errno, std::generic_category(), path.string());
    constexpr auto pause = std::chrono::milliseconds(20);
    constexpr auto patience = std::chrono::seconds(20);
    for (auto waited = pause; ::flock(lock.value(), LOCK_EX | LOCK_NB) != 0; waited += pause) {
        if (errno != EWOULDBLOCK || waited > patience)
            throw std::system_error(errno, std::generic_category(), path.string());
        std::this_thread::sleep_for(pause);
    }
    return lock;
}

fs::path makeIn(const fs::path &folder, const GuestAccount &account)
{
    const fs::path target = folder / ("usr-folders-" + std::to_string(account.id()));
    if (fs::is_directory(target) && !isOutdated(target))
        return target;  // it got its name when it was whole
    const FileDescriptor lock = lockOf(folder);
    if (fs::is_directory(target)) {
        if (isOutdated(target))
            addFolders(target, account);
        return target;
    }
    const fs::path building = target.string() + ".new";
    fs::remove_all(building);
    fs::create_directory(building);
    account.adopt(building);
    addFolders(building, account);
    fs::rename(building, target);
    return target;
}

}  // namespace

fs::path makeUsrFolders(const fs::path &stateDirectory, const GuestAccount &account)
{
    if (account.id() == 0)
        return {};
    fs::path folder = cacheHome();
    std::error_code failed;
    if (!folder.empty()) {
        folder /= "voidrun";
        if (fs::create_directory(folder, failed))
            ::chmod(folder.c_str(), 0700);
    }
    return makeIn(folder.empty() || failed ? stateDirectory : folder, account);
}

}  // namespace voidrun
