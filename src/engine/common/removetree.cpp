// SPDX-License-Identifier: MIT
#include "removetree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "filedescriptor.h"
#include "randomid.h"

namespace voidrun
{

namespace
{

// Deeper directories are moved to the top first, so that depth costs neither stack nor descriptors.
constexpr int maxDepth = 40;

class Remover
{
public:
    explicit Remover(int top) : m_top(top) {}

    int remove(int directory, const char *name, int depth)
    {
        if (::unlinkat(directory, name, 0) == 0)
            return 0;
        const int unlinkError = errno;
        struct stat info{};
        if (::fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return errno;
        if (!S_ISDIR(info.st_mode))
            return unlinkError;
        // fchmodat follows links, but this is a directory; a guest that swaps it meanwhile only
        // changes modes inside its own file system.
        if ((info.st_mode & 0700) != 0700)
            ::fchmodat(directory, name, 0700, 0);
        if (depth >= maxDepth)
            return moveToTop(directory, name);
        const int error = empty(directory, name, depth);
        if (::unlinkat(directory, name, AT_REMOVEDIR) == 0)
            return 0;
        return error != 0 ? error : errno;
    }

    std::vector<std::string> &moved() { return m_moved; }

private:
    int moveToTop(int directory, const char *name)
    {
        std::string target = ".voidrun-removing-" + randomHex(8);
        if (::renameat(directory, name, m_top, target.c_str()) != 0)
            return errno;
        m_moved.push_back(std::move(target));
        return 0;
    }

    int empty(int directory, const char *name, int depth)
    {
        FileDescriptor fd(
            ::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!fd.isOpen())
            return errno;
        std::unique_ptr<DIR, int (*)(DIR *)> stream(::fdopendir(fd.value()), ::closedir);
        if (!stream)
            return errno;
        const int here = fd.release();
        int firstError = 0;
        // Entries removed while reading may hide others in some file systems, so read again
        // until a pass removes nothing.
        for (bool removedAny = true; removedAny;) {
            removedAny = false;
            ::rewinddir(stream.get());
            while (const dirent *entry = ::readdir(stream.get())) {
                const std::string child = entry->d_name;
                if (child == "." || child == "..")
                    continue;
                const int error = remove(here, child.c_str(), depth + 1);
                removedAny = removedAny || error == 0;
                if (firstError == 0 && error != ENOENT)
                    firstError = error;
            }
        }
        return firstError;
    }

    int m_top;
    std::vector<std::string> m_moved;
};

}  // namespace

int removeTree(int directory, const std::string &name)
{
    Remover remover(directory);
    int result = remover.remove(directory, name.c_str(), 0);
    while (!remover.moved().empty()) {
        const std::string next = std::move(remover.moved().back());
        remover.moved().pop_back();
        const int error = remover.remove(directory, next.c_str(), 0);
        if (result == 0)
            result = error;
    }
    return result;
}

}  // namespace voidrun
