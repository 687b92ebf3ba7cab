// SPDX-License-Identifier: MIT
#include "unpacktarget.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ranges>
#include <system_error>

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

[[noreturn]] void fail(const fs::path &path)
{
    throw std::system_error(errno, std::generic_category(), path.string());
}

}  // namespace

UnpackTarget::UnpackTarget(const std::string &folder)
    : m_top(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
{
    if (!m_top.isOpen())
        fail(folder);
}

FileDescriptor UnpackTarget::enter(int folder, const fs::path &name) const
{
    return FileDescriptor(
        ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int UnpackTarget::parentOf(const fs::path &path)
{
    const fs::path parent = path.parent_path();
    if (parent.empty())
        return m_top.value();
    if (m_parent.isOpen() && parent == m_parentPath)
        return m_parent.value();
    FileDescriptor current;
    for (const fs::path &name : parent) {
        const int above = current.isOpen() ? current.value() : m_top.value();
        if (::mkdirat(above, name.c_str(), 0755) != 0 && errno != EEXIST)
            fail(parent);
        FileDescriptor next = enter(above, name);
        if (!next.isOpen())
            fail(parent);
        current = std::move(next);
    }
    m_parent = std::move(current);
    m_parentPath = parent;
    return m_parent.value();
}

void UnpackTarget::makeRoom(int parent, const fs::path &path) const
{
    if (::unlinkat(parent, path.filename().c_str(), 0) != 0 && errno != ENOENT)
        fail(path);
}

void UnpackTarget::makeFolder(const fs::path &path, mode_t mode, timespec time)
{
    const int parent = parentOf(path);
    const fs::path name = path.filename();
    if (::mkdirat(parent, name.c_str(), 0700) != 0 && errno != EEXIST)
        fail(path);
    if (!enter(parent, name).isOpen())
        fail(path);
    m_folders.push_back({path, mode, time});
}

FileDescriptor UnpackTarget::createFile(const fs::path &path)
{
    const int parent = parentOf(path);
    makeRoom(parent, path);
    FileDescriptor file(::openat(parent, path.filename().c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.isOpen())
        fail(path);
    return file;
}

void UnpackTarget::makeLink(const fs::path &path, const std::string &target)
{
    const int parent = parentOf(path);
    makeRoom(parent, path);
    if (::symlinkat(target.c_str(), parent, path.filename().c_str()) != 0)
        fail(path);
}

void UnpackTarget::makeHardLink(const fs::path &path, const fs::path &existing)
{
    const FileDescriptor source(::fcntl(parentOf(existing), F_DUPFD_CLOEXEC, 0));
    const int parent = parentOf(path);
    makeRoom(parent, path);
    if (::linkat(source.value(), existing.filename().c_str(), parent, path.filename().c_str(), 0) !=
        0)
        fail(path);
}

void UnpackTarget::finish()
{
    // The inner ones first: a folder's time changes with what is made in it.
    for (const Folder &folder : m_folders | std::views::reverse) {
        const FileDescriptor fd = enter(parentOf(folder.path), folder.path.filename());
        if (!fd.isOpen() || ::fchmod(fd.value(), folder.mode) != 0)
            fail(folder.path);
        const std::array<timespec, 2> times{folder.time, folder.time};
        ::futimens(fd.value(), times.data());
    }
}

}  // namespace voidrun
