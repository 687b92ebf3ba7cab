// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <vector>

#include "common/filedescriptor.h"
#include "common/passfile.h"
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

// A file that grows meanwhile is sent at the length it had.
Awaitable<void> sendWhole(Exchange &exchange, int file, std::uint64_t length)
{
    if (length >= largeBody && exchange.request().count(passFileField) > 0) {
        Response response(http::status::ok, 11);
        response.set(http::field::content_type, "application/octet-stream");
        response.set(passedFileField, "1");
        response.content_length(length);
        co_await exchange.startResponse(std::move(response));
        co_return co_await passFile(exchange.stream(), file);
    }
    co_await exchange.startResponse(200, "application/octet-stream", length);
    if (co_await exchange.writeFile(file, length) != length)
        throw std::system_error(EIO, std::generic_category(), "the file became shorter");
}

// Files of /proc say that they are empty; their end is where reading ends.
Awaitable<void> sendUntilEnd(Exchange &exchange, int file)
{
    std::vector<char> piece(pieceSize);
    std::size_t size = readSome(file, piece);
    co_await exchange.startResponse(200, "application/octet-stream",
                                    size == 0 ? std::optional<std::uint64_t>(0) : std::nullopt);
    while (size > 0) {
        co_await exchange.writeBody({piece.data(), size});
        size = readSome(file, piece);
    }
    co_await exchange.finishResponse();
}

}  // namespace

Awaitable<void> downloadFile(Exchange &exchange)
{
    const std::string path = pathParameter(exchange, "path");
    struct stat info{};
    const FileDescriptor file = openRegular(path, info);
    if (info.st_size > 0)
        co_await sendWhole(exchange, file.value(), static_cast<std::uint64_t>(info.st_size));
    else
        co_await sendUntilEnd(exchange, file.value());
}

}  // namespace voidrun
