// SPDX-License-Identifier: MIT
#include "sandboxprocess.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
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
#include "guestlimits.h"
#include "guestprocesses.h"
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
constexpr std::size_t largestStatus = 4096;
constexpr int maxLooks = 100;  // for what a killed bwrap leaves

FileDescriptor checked(int fd, const char *what)
{
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return FileDescriptor(fd);
}

// A pipe's end that never breaks: a bwrap that cannot write its status because we were killed would
// die and leave a child that waits for it for ever (measured).
FileDescriptor readableToo(const FileDescriptor &writeEnd)
{
    const std::string path = "/proc/self/fd/" + std::to_string(writeEnd.value());
    return checked(::open(path.c_str(), O_RDWR | O_CLOEXEC), "pipe");
}

// Through the folder's descriptor, because a socket's path may have 107 bytes only.
std::string socketPath(const FileDescriptor &directory)
{
    return "/proc/self/fd/" + std::to_string(directory.value()) + "/agent.sock";
}

}  // namespace

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

SandboxProcess::SandboxProcess(const asio::any_io_executor &executor, SandboxFolder folder)
    : m_executor(executor),
      m_folder(std::move(folder)),
      m_status(executor),
      m_endedNotifier(executor)
{
}

void SandboxProcess::start(const Bubblewrap &bubblewrap, const SandboxRecord &record,
                           const std::filesystem::path &image)
{
    m_folder.prepare(bubblewrap.account());
    m_directory = checked(
        ::open(m_folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), "folder");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    m_lifeline.reset(ends[0]);
    const FileDescriptor agentEnd(ends[1]);
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    m_status.assign(ends[0]);
    const FileDescriptor statusEnd = readableToo(FileDescriptor(ends[1]));
    const FileDescriptor filter = bubblewrap.filterFile();
    const FileDescriptor listener = makeListener();
    const FileDescriptor log = openLog(m_folder.log());

    SpawnRequest request = bubblewrap.request(m_folder, record, image);
    request.input = listener.value();
    request.output = agentEnd.value();
    request.error = log.value();
    request.more = {filter.value(), statusEnd.value()};
    m_bubblewrap = ChildProcess::start(m_executor, request);
    asio::co_spawn(
        m_executor, [self = shared_from_this()] { return self->follow(); }, asio::detached);
}

// However bwrap ends, the agent learns it, and nothing that it leaves stays.
Awaitable<void> SandboxProcess::follow()
{
    co_await m_bubblewrap->untilEnded();
    m_lifeline.reset();
    const std::string id = m_folder.path().filename();
    for (int look = 0; look < maxLooks && !endInherited(id); ++look)
        co_await sleepFor(20ms);
    m_ended = true;
    m_endedNotifier.notifyAll();
}

FileDescriptor SandboxProcess::makeListener()
{
    FileDescriptor listener =
        checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "agent socket");
    const std::string path = socketPath(m_directory);
    ::unlink(m_folder.agentSocket().c_str());
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
    const std::string text = json::serialize(json::object{
        {"name", record.name}, {"environment", environment}, {"limits", guestLimits(record)}});
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

// bwrap's first line of status: {"child-pid": 123, …}.
Awaitable<void> SandboxProcess::readGuest()
{
    std::string line;
    while (!line.contains('\n') && line.size() < largestStatus) {
        char piece[512];
        auto [error, size] = co_await m_status.async_read_some(asio::buffer(piece), asTuple);
        if (error)
            co_return;
        line.append(piece, size);
    }
    ErrorCode error;
    const json::value status = json::parse(line.substr(0, line.find('\n')), error);
    const json::object *object = status.if_object();
    const json::value *pid = object ? object->if_contains("child-pid") : nullptr;
    if (error || !pid || !pid->is_int64())
        co_return;
    m_guest = static_cast<pid_t>(pid->get_int64());
}

Awaitable<void> SandboxProcess::setUp(const SandboxRecord &record)
{
    const auto self = shared_from_this();
    co_await race(readGuest(), sleepFor(startTime));
    if (m_guest > 0)
        m_guestPidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, m_guest, 0)));
    if (!m_guestPidfd.isOpen()) {
        co_await kill();
        failToStart();
    }
    placeGuest(m_guest, record);
    sendConfiguration(record);
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
    if (!m_ended)
        log("sandbox process {} did not answer in time", m_bubblewrap->pid());
    co_await kill();
    failToStart();
}

void SandboxProcess::failToStart() const
{
    throw HttpError(502, "The sandbox could not be started.", lastLogLine());
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
    if (!m_bubblewrap)
        co_return;
    if (m_guestPidfd.isOpen() && !m_ended)
        ::syscall(SYS_pidfd_send_signal, m_guestPidfd.value(), SIGKILL, nullptr, 0);
    if (!m_ended && co_await race(untilEnded(), sleepFor(politeKillTime)) == 1 && !m_ended) {
        log("sandbox process {} did not end by itself", m_bubblewrap->pid());
        m_bubblewrap->kill();
        co_await untilEnded();
    }
    ::unlink(m_folder.agentSocket().c_str());
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
