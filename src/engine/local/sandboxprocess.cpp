// SPDX-License-Identifier: MIT
#include "sandboxprocess.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <csignal>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cstring>
#include <system_error>

#include "common/httperror.h"
#include "common/log.h"
#include "common/spawn.h"
#include "statedirectory.h"

namespace voidrun
{

using namespace std::chrono_literals;
namespace http = beast::http;

namespace
{

constexpr auto startTime = 10s;
constexpr auto politeKillTime = 2s;
constexpr std::uintmax_t largestLog = 1024 * 1024;
constexpr const char *socketName = "agent.sock";

FileDescriptor checked(int fd, const char *what)
{
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return FileDescriptor(fd);
}

// Through the folder's descriptor, because a socket's path may have 107 bytes only.
std::string socketPath(const FileDescriptor &directory)
{
    return "/proc/self/fd/" + std::to_string(directory.value()) + '/' + socketName;
}

FileDescriptor openLog(const std::filesystem::path &path)
{
    std::error_code ignored;
    const bool large = std::filesystem::file_size(path, ignored) > largestLog && !ignored;
    return checked(
        ::open(path.c_str(),
               O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (large ? O_TRUNC : 0),
               0600),
        "log");
}

}  // namespace

SandboxProcess::SandboxProcess(const asio::any_io_executor &executor, SandboxFolder folder)
    : m_executor(executor),
      m_folder(std::move(folder)),
      m_pidfd(executor),
      m_endedNotifier(executor)
{
}

void SandboxProcess::start(const Bubblewrap &bubblewrap, const SandboxRecord &record)
{
    m_folder.prepareMountPoints();
    m_directory = checked(
        ::open(m_folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), "folder");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    m_lifeline.reset(ends[0]);
    const FileDescriptor agentEnd(ends[1]);
    const FileDescriptor listener = makeListener();
    const FileDescriptor log = openLog(m_folder.log());
    sendConfiguration(record);

    SpawnRequest request;
    request.program = bubblewrap.program();
    request.arguments = bubblewrap.arguments(m_folder, hostName(record));
    request.input = listener.value();
    request.output = agentEnd.value();
    request.error = log.value();
    request.newSession = true;
    m_pid = spawnProcess(request);
    const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, m_pid, 0));
    if (pidfd < 0) {
        const int error = errno;
        m_lifeline.reset();
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
        throw std::system_error(error, std::generic_category(), "pidfd_open");
    }
    m_pidfd.assign(pidfd);
    asio::co_spawn(
        m_executor, [self = shared_from_this()] { return self->watch(); }, asio::detached);
}

FileDescriptor SandboxProcess::makeListener()
{
    FileDescriptor listener =
        checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "agent socket");
    const std::string path = socketPath(m_directory);
    ::unlinkat(m_directory.value(), socketName, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(listener.value(), reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
        ::listen(listener.value(), 1024) != 0)
        throw std::system_error(errno, std::generic_category(), "agent socket");
    return listener;
}

// Length and JSON over the lifeline: not on the command line, where every user could read it.
void SandboxProcess::sendConfiguration(const SandboxRecord &record)
{
    json::object environment;
    for (const auto &[name, value] : record.environment)
        environment[name] = value;
    const std::string text =
        json::serialize(json::object{{"name", record.name}, {"environment", environment}});
    const auto length = static_cast<std::uint32_t>(text.size());
    std::string packet(sizeof length, '\0');
    std::memcpy(packet.data(), &length, sizeof length);
    packet += text;
    // The record's limits keep this far below a socket's buffer, so that it cannot block.
    const auto sent =
        ::send(m_lifeline.value(), packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent != static_cast<ssize_t>(packet.size()))
        throw std::system_error(ENOBUFS, std::generic_category(), "configuration");
}

Awaitable<void> SandboxProcess::watch()
{
    co_await m_pidfd.async_wait(asio::posix::stream_descriptor::wait_read, asTuple);
    // Cancelled at the engine's end, too: the child is reaped only if it has ended.
    ::waitpid(m_pid, nullptr, WNOHANG);
    m_lifeline.reset();
    m_ended = true;
    m_endedNotifier.notifyAll();
}

Awaitable<Stream> SandboxProcess::connect()
{
    const asio::local::stream_protocol::endpoint endpoint(socketPath(m_directory));
    for (int attempt = 0;; ++attempt) {
        Stream stream(m_executor);
        auto [error] = co_await stream.socket().async_connect(
            asio::generic::stream_protocol::endpoint(endpoint), asTuple);
        if (!error)
            co_return stream;
        // A full queue of connections; the agent is busy accepting.
        if (error != asio::error::try_again || attempt >= 100)
            throw HttpError(502, "The sandbox does not answer.", error.message());
        co_await sleepFor(20ms);
    }
}

Awaitable<void> SandboxProcess::askHealth()
{
    try {
        Stream stream = co_await connect();
        http::request<http::empty_body> request(http::verb::get, "/health", 11);
        request.set(http::field::host, "agent");
        co_await http::async_write(stream, request, asio::use_awaitable);
        beast::flat_buffer buffer;
        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        co_return;
    } catch (const std::exception &) {
        // It has not come up; untilReady() finds out why.
    }
    co_await untilEnded();
}

Awaitable<void> SandboxProcess::untilReady()
{
    const auto self = shared_from_this();
    const int first = co_await race(askHealth(), sleepFor(startTime));
    if (first == 0 && !m_ended)
        co_return;
    const bool timedOut = !m_ended;
    co_await kill();
    throw HttpError(502, "The sandbox could not be started.",
                    timedOut ? "it did not answer in time" : lastLogLine());
}

Awaitable<void> SandboxProcess::untilEnded()
{
    const auto self = shared_from_this();
    while (!m_ended)
        co_await m_endedNotifier.wait();
}

Awaitable<void> SandboxProcess::kill()
{
    const auto self = shared_from_this();
    // The agent is the first process of the namespace: when it ends the kernel kills all others,
    // and bwrap ends only after them.
    if (m_lifeline.isOpen())
        ::shutdown(m_lifeline.value(), SHUT_RDWR);
    if (m_ended)
        co_return;
    const int first = co_await race(untilEnded(), sleepFor(politeKillTime));
    if (first == 0 || m_ended)
        co_return;
    log("sandbox process {} did not end by itself", m_pid);
    ::syscall(SYS_pidfd_send_signal, m_pidfd.native_handle(), SIGKILL, nullptr, 0);
    co_await untilEnded();
}

std::string SandboxProcess::lastLogLine() const
{
    try {
        std::string text = readFile(m_folder.log(), 2 * largestLog);
        while (text.ends_with('\n'))
            text.pop_back();
        return toValidUtf8(text.substr(text.rfind('\n') + 1).substr(0, 500));
    } catch (const std::exception &error) {
        return error.what();
    }
}

}  // namespace voidrun
