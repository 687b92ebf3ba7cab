// SPDX-License-Identifier: MIT
#include "filetree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <vector>

#include "common/filedescriptor.h"

namespace voidrun
{

namespace
{

struct Names {
    std::vector<std::string> list;  // descending, so that the next is at the end
    int error = 0;
};

bool isKernels(int folder)
{
    struct statfs info{};
    return ::fstatfs(folder, &info) == 0 &&
           (info.f_type == PROC_SUPER_MAGIC || info.f_type == SYSFS_MAGIC);
}

Names readNames(const std::string &folder)
{
    FileDescriptor fd(
        ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd.isOpen())
        return {{}, errno};
    if (isKernels(fd.value()))
        return {};
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(::fdopendir(fd.value()), ::closedir);
    if (!stream)
        return {{}, errno};
    fd.release();
    Names names;
    while (const dirent *entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            names.list.emplace_back(name);
    }
    std::ranges::sort(names.list, std::greater());
    return names;
}

}  // namespace

void walkTree(const std::string &folder, const std::function<Walk(const TreeEntry &)> &visit,
              const std::function<void(const std::string &path, int error)> &fail)
{
    struct Level {
        std::string path;
        std::vector<std::string> names;
    };
    std::vector<Level> levels;
    const auto enter = [&](const std::string &path) {
        Names names = readNames(path);
        if (names.error != 0)
            fail(path, names.error);
        levels.push_back({path.ends_with('/') ? path : path + '/', std::move(names.list)});
    };
    enter(folder);
    while (!levels.empty()) {
        if (levels.back().names.empty()) {
            levels.pop_back();
            continue;
        }
        const std::string path = levels.back().path + levels.back().names.back();
        levels.back().names.pop_back();
        struct stat info{};
        if (::lstat(path.c_str(), &info) != 0) {
            if (errno != ENOENT)
                fail(path, errno);
            continue;
        }
        const Walk next = visit({path, info});
        if (next == Walk::Stop)
            return;
        if (next == Walk::Enter && S_ISDIR(info.st_mode))
            enter(path);
    }
}

}  // namespace voidrun
