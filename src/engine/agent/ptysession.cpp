// SPDX-License-Identifier: MIT
#include "ptysession.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/spawn.h"
#include "common/times.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::size_t ringSize = 256 * 1024;
// While a client has this much waiting, the shell is not read.
constexpr std::size_t clientLimit = 64 * 1024;
constexpr std::size_t inputLimit = 256 * 1024;
// How long output may still come from a terminal whose shell has exited.
constexpr auto lastOutputTime = 500ms;
constexpr auto hangUpTime = 1s;
// Nobody is there to turn a pager's pages.
const std::map<std::string, std::string> plainEnvironment{{"PAGER", "cat"}};

FileDescriptor openMaster(std::string &slavePath)
{
    FileDescriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    std::array<char, 64> path{};
    if (!master.isOpen() || ::grantpt(master.value()) != 0 || ::unlockpt(master.value()) != 0 ||
        ::ptsname_r(master.value(), path.data(), path.size()) != 0)
        throw std::system_error(errno, std::generic_category(), "pty");
    slavePath = path.data();
    return master;
}

// Bytes go through as they are, but lines and ^C stay what they are for the programs inside.
void makePlain(int master)
{
    termios settings{};
    if (::tcgetattr(master, &settings) != 0)
        throw std::system_error(errno, std::generic_category(), "pty");
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    if (::tcsetattr(master, TCSANOW, &settings) != 0)
        throw std::system_error(errno, std::generic_category(), "pty");
}

void describeShell(const ShellProgram &program, const std::string &terminal, SpawnRequest &request)
{
    const std::string shell = program.path.empty() ? Guest::shell() : program.path;
    if (program.script < 0) {
        request.program = shell;
        request.arguments = {shell, "-l"};
        request.terminal = terminal;
        return;
    }
    // The script comes on descriptor 3; opening the terminal makes it the session's own.
    request.program = "/bin/sh";
    request.arguments = {"/bin/sh", "-c",
                         "exec 3<&0 && exec <>\"$0\" >&0 2>&0 && exec \"$1\" /dev/fd/3", terminal,
                         shell};
    request.input = program.script;
}

}  // namespace

PtySession::PtySession(Guest &guest, std::string id)
    : m_guest(guest),
      m_id(std::move(id)),
      m_createdAt(formatTime(std::chrono::system_clock::now())),
      m_master(guest.executor),
      m_roomMade(guest.executor),
      m_inputChanged(guest.executor),
      m_exited(guest.executor)
{
}

void PtySession::start(TerminalSize size, const ShellProgram &program)
{
    SpawnRequest request;
    std::string terminal;
    FileDescriptor master = openMaster(terminal);
    if (program.script >= 0)
        makePlain(master.value());
    m_master.assign(master.release());
    resize(size);
    describeShell(program, terminal, request);
    request.environment = m_guest.environment(
        program.script < 0 ? std::map<std::string, std::string>{} : plainEnvironment);
    request.workingDirectory = ::access(workingDirectory, X_OK) == 0 ? workingDirectory : "/";
    request.newSession = true;
    m_pid = spawnProcess(request);
    m_guest.children.follow(m_pid, [session = weak_from_this()](int status) {
        if (const auto self = session.lock())
            self->handleExit(status);
    });
    const auto self = shared_from_this();
    asio::co_spawn(m_guest.executor, [self] { return self->readOutput(); }, asio::detached);
    asio::co_spawn(m_guest.executor, [self] { return self->writeInput(); }, asio::detached);
}

std::string PtySession::replay() const
{
    return m_ring.size() > ringSize ? m_ring.substr(m_ring.size() - ringSize) : m_ring;
}

bool PtySession::isClientFull() const
{
    return std::ranges::any_of(
        m_clients, [](const ClientPtr &client) { return client->pending.size() >= clientLimit; });
}

Awaitable<void> PtySession::readOutput()
{
    const auto self = shared_from_this();
    std::array<char, 16384> piece;
    while (true) {
        while (isClientFull())
            co_await m_roomMade.wait();
        auto [error, size] = co_await m_master.async_read_some(asio::buffer(piece), asTuple);
        if (!error) {
            handleOutput({piece.data(), size});
            continue;
        }
        if (m_exitCode || !m_master.is_open())
            break;
        // Nobody has the terminal open just now, but the shell lives.
        co_await sleepFor(100ms);
    }
    while (!m_exitCode)
        co_await m_exited.wait();
    finish();
}

void PtySession::handleOutput(std::string_view bytes)
{
    m_ring += bytes;
    if (m_ring.size() > 2 * ringSize)
        m_ring.erase(0, m_ring.size() - ringSize);
    for (const ClientPtr &client : m_clients) {
        client->pending += bytes;
        client->changed.notifyAll();
    }
}

// The shell is gone; its last output is read until the terminal is found closed, or for a short
// time when a process in the background keeps it open.
void PtySession::handleExit(int status)
{
    m_exitCode = exitCodeOf(status);
    m_exited.notifyAll();
    asio::co_spawn(
        m_guest.executor,
        [self = shared_from_this()]() -> Awaitable<void> {
            co_await sleepFor(lastOutputTime);
            ErrorCode ignored;
            self->m_master.cancel(ignored);
        },
        asio::detached);
}

void PtySession::finish()
{
    m_ended = true;
    ErrorCode ignored;
    m_master.close(ignored);
    m_input.clear();
    m_inputChanged.notifyAll();
    m_exited.notifyAll();
    for (const ClientPtr &client : m_clients)
        client->changed.notifyAll();
}

PtySession::ClientPtr PtySession::attach()
{
    const auto client = std::make_shared<Client>(m_guest.executor);
    client->pending = replay();
    m_clients.push_back(client);
    return client;
}

void PtySession::detach(const ClientPtr &client)
{
    m_clients.remove(client);
    m_roomMade.notifyAll();
}

Awaitable<std::string> PtySession::nextOutput(ClientPtr client, std::size_t limit)
{
    const auto self = shared_from_this();
    while (client->pending.empty() && !m_ended)
        co_await client->changed.wait();
    std::string piece = client->pending.substr(0, limit);
    client->pending.erase(0, piece.size());
    m_roomMade.notifyAll();
    co_return piece;
}

Awaitable<void> PtySession::write(std::string bytes)
{
    const auto self = shared_from_this();
    if (m_ended)
        co_return;
    m_input += bytes;
    m_inputChanged.notifyAll();
    while (m_input.size() > inputLimit && !m_ended)
        co_await m_inputChanged.wait();
}

Awaitable<void> PtySession::writeInput()
{
    const auto self = shared_from_this();
    while (!m_ended) {
        if (m_input.empty()) {
            co_await m_inputChanged.wait();
            continue;
        }
        const std::string piece = m_input.substr(0, 4096);
        m_input.erase(0, piece.size());
        m_inputChanged.notifyAll();
        auto [error, size] = co_await asio::async_write(m_master, asio::buffer(piece), asTuple);
        if (error)
            co_return;
    }
}

void PtySession::resize(TerminalSize size)
{
    winsize value{};
    value.ws_col = static_cast<unsigned short>(size.columns);
    value.ws_row = static_cast<unsigned short>(size.rows);
    if (m_master.is_open())
        ::ioctl(m_master.native_handle(), TIOCSWINSZ, &value);
}

void PtySession::hangUp()
{
    if (m_exitCode || !m_master.is_open())
        return;
    pid_t foreground = 0;
    ::ioctl(m_master.native_handle(), TIOCGPGRP, &foreground);
    ::kill(-m_pid, SIGHUP);
    ErrorCode ignored;
    // The kernel hangs up on whatever uses the terminal.
    m_master.close(ignored);
    asio::co_spawn(
        m_guest.executor,
        [](std::shared_ptr<PtySession> self, pid_t group) -> Awaitable<void> {
            co_await sleepFor(hangUpTime);
            if (group > 1 && group != self->m_pid)
                ::kill(-group, SIGKILL);
            if (!self->m_exitCode)
                ::kill(-self->m_pid, SIGKILL);
        }(shared_from_this(), foreground),
        asio::detached);
}

Awaitable<void> PtySession::untilEnded()
{
    const auto self = shared_from_this();
    while (!m_ended)
        co_await m_exited.wait();
}

}  // namespace voidrun
