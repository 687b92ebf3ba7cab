// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "common/filedescriptor.h"
#include "filecalls.h"

namespace voidrun
{

namespace
{

FileDescriptor openRegular(const std::string &path, struct stat &info)
{
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.isOpen())
        throw fileError(path, errno);
    if (::fstat(file.value(), &info) != 0)
        throw fileError(path, errno);
    if (S_ISDIR(info.st_mode))
        throw HttpError(400, "This is a folder, not a file.", path);
    if (!S_ISREG(info.st_mode))
        throw HttpError(400, "This is not a regular file.", path);
    return file;
}

std::size_t readSome(int file, std::span<char> piece)
{
    while (true) {
        const auto size = ::read(file, piece.data(), piece.size());
        if (size >= 0)
            return static_cast<std::size_t>(size);
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "read");
    }
}

}  // namespace

Awaitable<void> downloadFile(Exchange &exchange)
{
    const std::string path = pathParameter(exchange, "path");
    struct stat info{};
    const FileDescriptor file = openRegular(path, info);
    std::vector<char> piece(pieceSize);
    std::size_t size = readSome(file.value(), piece);
    // Files of /proc say that they are empty; then the end is where reading ends.
    const bool isLengthKnown = info.st_size > 0 || size == 0;
    std::uint64_t left = isLengthKnown ? static_cast<std::uint64_t>(info.st_size) : UINT64_MAX;
    co_await exchange.startResponse(200, "application/octet-stream",
                                    isLengthKnown ? std::optional(left) : std::nullopt);
    while (size > 0 && left > 0) {
        // A file that grows meanwhile is sent at the length it had.
        const std::size_t part = static_cast<std::size_t>(std::min<std::uint64_t>(size, left));
        co_await exchange.writeBody({piece.data(), part});
        left -= part;
        size = left > 0 ? readSome(file.value(), piece) : 0;
    }
    if (isLengthKnown && left > 0)
        throw std::system_error(EIO, std::generic_category(), "the file became shorter");
    co_await exchange.finishResponse();
}

}  // namespace voidrun
