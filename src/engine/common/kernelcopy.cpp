// SPDX-License-Identifier: MIT
#include "kernelcopy.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/cancel_after.hpp>
#include <cerrno>
#include <system_error>

#include "filedescriptor.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr int pipeSize = 256 * 1024;
constexpr std::uint64_t sendSize = 1024 * 1024;
constexpr auto idleTime = 300s;
constexpr unsigned flags = SPLICE_F_MOVE | SPLICE_F_NONBLOCK;

// Where bytes are between two splices.
class Pipe
{
public:
    Pipe()
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        m_output.reset(ends[0]);
        m_input.reset(ends[1]);
        // Smaller than asked for is fine.
        ::fcntl(ends[1], F_SETPIPE_SZ, pipeSize);
    }

    int output() const { return m_output.value(); }
    int input() const { return m_input.value(); }

private:
    FileDescriptor m_output;
    FileDescriptor m_input;
};

[[noreturn]] void throwConnectionError(int error)
{
    throw boost::system::system_error(error, boost::system::system_category());
}

Awaitable<void> untilReady(Stream &stream, Socket::wait_type type)
{
    auto [error] = co_await stream.socket().async_wait(type, asio::cancel_after(idleTime, asTuple));
    if (error)
        throw boost::system::system_error(error);
}

// Others have their turn between two pieces.
Awaitable<void> yield()
{
    co_await asio::post(asio::use_awaitable);
}

// At least one byte from the connection into the pipe.
Awaitable<std::uint64_t> fill(const Pipe &pipe, Stream &from, std::uint64_t length)
{
    const auto part = std::min<std::uint64_t>(length, pipeSize);
    while (true) {
        const auto size =
            ::splice(from.socket().native_handle(), nullptr, pipe.input(), nullptr, part, flags);
        if (size > 0)
            co_return static_cast<std::uint64_t>(size);
        if (size == 0)
            throw boost::system::system_error(asio::error::eof);
        if (errno != EAGAIN && errno != EINTR)
            throwConnectionError(errno);
        co_await untilReady(from, Socket::wait_read);
    }
}

}  // namespace

Awaitable<std::uint64_t> copySocketToSocket(Stream &from, Stream &to, std::uint64_t length)
{
    from.socket().native_non_blocking(true);
    to.socket().native_non_blocking(true);
    const Pipe pipe;
    std::uint64_t copied = 0;
    while (copied < length) {
        co_await yield();
        std::uint64_t waiting = co_await fill(pipe, from, length - copied);
        while (waiting > 0) {
            const unsigned more = copied + waiting < length ? SPLICE_F_MORE : 0;
            const auto size = ::splice(pipe.output(), nullptr, to.socket().native_handle(), nullptr,
                                       waiting, flags | more);
            if (size > 0) {
                waiting -= static_cast<std::uint64_t>(size);
                copied += static_cast<std::uint64_t>(size);
            } else if (errno == EAGAIN || errno == EINTR) {
                co_await untilReady(to, Socket::wait_write);
            } else {
                co_return copied;
            }
        }
    }
    co_return copied;
}

Awaitable<std::uint64_t> copyFileToSocket(int file, Stream &to, std::uint64_t length)
{
    to.socket().native_non_blocking(true);
    std::uint64_t copied = 0;
    while (copied < length) {
        const auto part = std::min<std::uint64_t>(length - copied, sendSize);
        const auto size = ::sendfile(to.socket().native_handle(), file, nullptr, part);
        if (size == 0)
            break;
        if (size > 0) {
            copied += static_cast<std::uint64_t>(size);
            co_await yield();
        } else if (errno == EAGAIN || errno == EINTR) {
            co_await untilReady(to, Socket::wait_write);
        } else {
            throwConnectionError(errno);
        }
    }
    co_return copied;
}

Awaitable<void> copySocketToFile(Stream &from, int file, std::uint64_t length)
{
    from.socket().native_non_blocking(true);
    const Pipe pipe;
    while (length > 0) {
        std::uint64_t waiting = co_await fill(pipe, from, length);
        length -= waiting;
        while (waiting > 0) {
            const auto size =
                ::splice(pipe.output(), nullptr, file, nullptr, waiting, SPLICE_F_MOVE);
            if (size > 0)
                waiting -= static_cast<std::uint64_t>(size);
            else if (errno != EINTR)
                throw std::system_error(errno, std::generic_category(), "write");
        }
        co_await yield();
    }
}

}  // namespace voidrun
