// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <vector>

#include "filecalls.h"
#include "filetools.h"
#include "temporaryfile.h"

namespace voidrun
{

namespace
{

struct Target {
    std::string path;
    mode_t mode = 0644;
};

// Writes go through a link to the file that it names.
std::string resolved(const std::string &path)
{
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                           &std::free);
    return real ? real.get() : path;
}

Target prepareTarget(const std::string &path)
{
    if (path.ends_with('/'))
        throw HttpError(400, "This is a folder's path; a file's path is needed.", path);
    Target target{resolved(path)};
    struct stat info{};
    if (::stat(target.path.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode))
            throw HttpError(400, "There is a folder of this name; it is not overwritten.", path);
        if (!S_ISREG(info.st_mode))
            throw HttpError(400, "There is something of this name that is not a file.", path);
        target.mode = info.st_mode & 07777;
    } else if (errno != ENOENT) {
        throw fileError(path, errno);
    }
    if (const int error = makeParents(target.path))
        throw fileError(path, error);
    return target;
}

void writeAll(int file, std::span<const char> piece)
{
    while (!piece.empty()) {
        const auto size = ::write(file, piece.data(), piece.size());
        if (size < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "write");
        piece = piece.subspan(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
}

Awaitable<std::uint64_t> receiveInto(Exchange &exchange, int file)
{
    if (exchange.hasLargeBody()) {
        const std::uint64_t length = exchange.bodyLength();
        co_await exchange.moveBodyTo(file);
        co_return length;
    }
    std::vector<char> piece(pieceSize);
    std::uint64_t total = 0;
    while (const std::size_t size = co_await exchange.readBody(piece)) {
        writeAll(file, {piece.data(), size});
        total += size;
    }
    co_return total;
}

Awaitable<std::uint64_t> receive(Exchange &exchange, const Target &target)
{
    TemporaryFile file(target.path);
    const std::uint64_t total = co_await receiveInto(exchange, file.descriptor());
    file.commit(target.mode);
    co_return total;
}

}  // namespace

Awaitable<void> uploadFile(Exchange &exchange)
{
    const std::string path = pathParameter(exchange, "path");
    const Target target = prepareTarget(path);
    std::uint64_t total = 0;
    int failure = 0;
    try {
        total = co_await receive(exchange, target);
    } catch (const boost::system::system_error &) {
        // The sender has gone; boost's errors are the connection's.
        throw;
    } catch (const std::system_error &error) {
        failure = error.code().value();
    }
    if (failure != 0)
        throw fileError(path, failure);
    co_await exchange.sendSuccess(json::object{{"path", path}, {"size", total}}, "File uploaded");
}

}  // namespace voidrun
