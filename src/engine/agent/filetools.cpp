// SPDX-License-Identifier: MIT
#include "filetools.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <format>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/jsonbody.h"
#include "common/removetree.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

ToolResult failure(const std::string &path, int error)
{
    return {{}, path + ": " + std::generic_category().message(error) + '\n'};
}

ToolResult failure(const std::string &path, const char *sentence)
{
    return {{}, path + ": " + sentence + '\n'};
}

const char *typeName(mode_t mode)
{
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return "directory";
        case S_IFLNK:
            return "symbolic link";
        case S_IFIFO:
            return "fifo";
        case S_IFSOCK:
            return "socket";
        case S_IFBLK:
            return "block special file";
        case S_IFCHR:
            return "character special file";
        default:
            return "regular file";
    }
}

bool isBelow(const fs::path &path, const fs::path &folder)
{
    std::error_code error;
    const fs::path relative =
        fs::weakly_canonical(path, error).lexically_relative(fs::weakly_canonical(folder, error));
    return !error && !relative.empty() && *relative.begin() != "..";
}

void copyOne(const fs::path &from, const fs::path &to, std::string &errors);

void copyChildren(const fs::path &from, const fs::path &to, std::string &errors)
{
    std::error_code error;
    fs::create_directory(to, from, error);
    if (!fs::is_directory(to)) {
        errors += to.string() + ": " + (error ? error.message() : "Not a directory") + '\n';
        return;
    }
    for (const auto &entry : fs::directory_iterator(from, error))
        copyOne(entry.path(), to / entry.path().filename(), errors);
    if (error)
        errors += from.string() + ": " + error.message() + '\n';
}

void copyOne(const fs::path &from, const fs::path &to, std::string &errors)
{
    std::error_code error;
    const fs::file_status status = fs::symlink_status(from, error);
    if (error) {
    } else if (fs::is_directory(status)) {
        return copyChildren(from, to, errors);
    } else if (fs::is_symlink(status)) {
        if (fs::is_symlink(fs::symlink_status(to)))
            fs::remove(to, error);
        fs::copy_symlink(from, to, error);
    } else if (fs::is_regular_file(status)) {
        fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    } else {
        errors += from.string() + ": left out, because it is not a file, folder or link\n";
    }
    if (error)
        errors += from.string() + ": " + error.message() + '\n';
}

}  // namespace

std::string withoutTrailingSlashes(std::string path)
{
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

int makeParents(const std::string &path)
{
    std::error_code error;
    const fs::path parent = fs::path(withoutTrailingSlashes(path)).parent_path();
    fs::create_directories(parent, error);
    if (!fs::is_directory(parent))
        return error ? error.value() : ENOTDIR;
    return 0;
}

ToolResult statEntry(const std::string &path)
{
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0)
        return failure(path, errno);
    const boost::json::object object{{"path", toValidUtf8(path)},
                                     {"size", info.st_size},
                                     {"mode", std::format("{:x}", info.st_mode)},
                                     {"mtime", info.st_mtim.tv_sec},
                                     {"type", typeName(info.st_mode)}};
    return {boost::json::serialize(object), {}};
}

ToolResult makeFolder(const std::string &path)
{
    std::error_code error;
    fs::create_directories(withoutTrailingSlashes(path), error);
    if (fs::is_directory(path))
        return {};
    return error ? failure(path, error.value()) : failure(path, "is there and is not a folder");
}

ToolResult createFile(const std::string &path)
{
    if (const int error = makeParents(path))
        return failure(path, error);
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0644));
    if (!file.isOpen())
        return failure(path, errno);
    ::futimens(file.value(), nullptr);
    return {};
}

ToolResult removeEntry(const std::string &path)
{
    const fs::path entry = withoutTrailingSlashes(path);
    const std::string name = entry.filename();
    if (name.empty() || name == "." || name == "..")
        return failure(path, "cannot be deleted");
    const FileDescriptor parent(
        ::open(entry.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent.isOpen())
        return failure(path, errno);
    const int error = removeTree(parent.value(), name);
    return error == 0 ? ToolResult{} : failure(path, error);
}

ToolResult changeMode(const std::string &path, unsigned mode)
{
    return ::chmod(path.c_str(), mode) == 0 ? ToolResult{} : failure(path, errno);
}

ToolResult moveEntry(const std::string &from, const std::string &to)
{
    const std::string source = withoutTrailingSlashes(from);
    const std::string target = withoutTrailingSlashes(to);
    struct stat info{};
    if (::lstat(source.c_str(), &info) != 0)
        return failure(source, errno);
    if (const int error = makeParents(target))
        return failure(target, error);
    struct stat existing{};
    if (::lstat(target.c_str(), &existing) == 0) {
        const bool same = info.st_ino == existing.st_ino && info.st_dev == existing.st_dev;
        if (S_ISDIR(existing.st_mode) && !same)
            return failure(target, "is a folder and is not overwritten");
        if (S_ISDIR(info.st_mode) && !S_ISDIR(existing.st_mode))
            return failure(target, "is a file and is not overwritten by a folder");
    }
    if (::rename(source.c_str(), target.c_str()) == 0)
        return {};
    if (errno == EINVAL)
        return failure(target, "is inside the folder that was to be moved");
    if (errno != EXDEV)
        return failure(source, errno);
    // Another mount, such as from /app to /usr.
    ToolResult result = copyEntry(source, target);
    return result.errors.empty() ? removeEntry(source) : result;
}

ToolResult copyEntry(const std::string &from, const std::string &to)
{
    const std::string source = withoutTrailingSlashes(from);
    const std::string target = withoutTrailingSlashes(to);
    struct stat info{};
    if (::lstat(source.c_str(), &info) != 0)
        return failure(source, errno);
    if (S_ISDIR(info.st_mode) && isBelow(target, source))
        return failure(target, "is inside the folder that was to be copied");
    struct stat existing{};
    const bool exists = ::lstat(target.c_str(), &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode) && !S_ISDIR(info.st_mode))
        return failure(target, "is a folder and is not overwritten");
    if (const int error = makeParents(target))
        return failure(target, error);
    ToolResult result;
    copyOne(source, target, result.errors);
    return result;
}

}  // namespace voidrun
