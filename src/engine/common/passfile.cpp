// SPDX-License-Identifier: MIT
#include "passfile.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>

namespace voidrun
{

namespace
{

// A message of one byte that may carry one descriptor.
struct FileMessage {
    FileMessage()
    {
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = CMSG_LEN(sizeof(int));  // not one more
    }
    FileMessage(const FileMessage &) = delete;
    FileMessage &operator=(const FileMessage &) = delete;

    char byte = 0;
    iovec part{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
};

[[noreturn]] void fail(int error)
{
    throw boost::system::system_error(error, boost::system::system_category());
}

}  // namespace

Awaitable<void> passFile(Stream &to, int file)
{
    // A descriptor that arrives while the header is being read would be lost.
    char ready = 0;
    co_await asio::async_read(to, asio::buffer(&ready, 1), asio::use_awaitable);
    FileMessage data;
    cmsghdr *header = CMSG_FIRSTHDR(&data.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    std::memcpy(CMSG_DATA(header), &file, sizeof file);
    // One byte has room: nothing else is on its way.
    if (::sendmsg(to.socket().native_handle(), &data.message, MSG_NOSIGNAL) != 1)
        fail(errno);
}

Awaitable<FileDescriptor> receiveFile(Stream &from)
{
    const char ready = 1;
    co_await asio::async_write(from, asio::buffer(&ready, 1), asio::use_awaitable);
    co_await from.socket().async_wait(Socket::wait_read, asio::use_awaitable);
    FileMessage data;
    const auto size =
        ::recvmsg(from.socket().native_handle(), &data.message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (size < 0)
        fail(errno);
    const cmsghdr *header = CMSG_FIRSTHDR(&data.message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int)))
        fail(EPROTO);
    int file = -1;
    std::memcpy(&file, CMSG_DATA(header), sizeof file);
    FileDescriptor result(file);
    struct stat info{};
    if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode))
        fail(EPROTO);
    co_return result;
}

}  // namespace voidrun
