// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <format>
#include <memory>

#include "common/filedescriptor.h"
#include "common/jsonbody.h"
#include "common/times.h"
#include "filecalls.h"

namespace voidrun
{

namespace
{

using Folder = std::unique_ptr<DIR, int (*)(DIR *)>;

Folder openFolder(const std::string &path)
{
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC));
    if (!fd.isOpen())
        throw fileError(path, errno);
    Folder folder(::fdopendir(fd.value()), ::closedir);
    if (!folder)
        throw fileError(path, errno);
    fd.release();
    return folder;
}

json::object describe(const std::string &folder, const char *name, const struct stat &info)
{
    const std::string text = toValidUtf8(name);
    json::object entry{{"name", text},
                       {"path", (folder.ends_with('/') ? folder : folder + '/') + text},
                       {"size", info.st_size},
                       {"mode", std::format("{:04o}", info.st_mode & 07777)},
                       {"isDir", S_ISDIR(info.st_mode)},
                       {"modTime", formatTime(info.st_mtim)}};
    if (S_ISLNK(info.st_mode))
        entry["isSymlink"] = true;
    return entry;
}

}  // namespace

// Streams the entries as they are read, so that a folder of any size takes little memory.
Awaitable<void> listFolder(Exchange &exchange)
{
    const std::string path = pathParameter(exchange, "path");
    const Folder folder = openFolder(path);
    co_await exchange.startResponse(200, "application/json", std::nullopt);
    std::string piece = R"({"status":"success","message":"ok","data":{"success":true,"files":[)";
    const std::string shownPath = toValidUtf8(path);
    bool first = true;
    while (const dirent *entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        struct stat info{};
        if (name == "." || name == ".." ||
            ::fstatat(::dirfd(folder.get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (!first)
            piece += ',';
        first = false;
        piece += json::serialize(describe(shownPath, entry->d_name, info));
        if (piece.size() >= pieceSize) {
            co_await exchange.writeBody(piece);
            piece.clear();
        }
    }
    piece += "]}}";
    co_await exchange.writeBody(piece);
    co_await exchange.finishResponse();
}

}  // namespace voidrun
