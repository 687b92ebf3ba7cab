// SPDX-License-Identifier: MIT
#include "job.h"

#include <fcntl.h>
#include <csignal>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <format>
#include <system_error>

#include "common/httperror.h"
#include "common/spawn.h"
#include "common/times.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr int timedOutCode = 124;
constexpr auto termTime = 2s;
// A command that has ended may have left its pipes to a background process.
constexpr auto quietTime = 100ms;
constexpr int maxQuietRounds = 10;
constexpr std::uint64_t maxLateOutput = 256 * 1024;

}  // namespace

Job::Job(Guest &guest, Command command)
    : m_guest(guest),
      m_command(std::move(command)),
      m_startTime(formatTime(std::chrono::system_clock::now())),
      m_output(guest.executor),
      m_exited(guest.executor),
      m_pipesClosed(guest.executor)
{
}

void Job::start()
{
    try {
        const FileDescriptor output = openPipe(Channel::Output);
        const FileDescriptor errors = openPipe(Channel::Errors);
        SpawnRequest request;
        request.program = Guest::shell();
        request.arguments = m_command.shellArguments();
        request.environment = m_guest.environment(m_command.environment);
        request.workingDirectory = m_command.directory;
        request.output = output.value();
        request.error = errors.value();
        request.newSession = true;
        m_pid = spawnProcess(request);
    } catch (const std::system_error &error) {
        const bool tooLong = error.code() == std::errc::argument_list_too_long;
        throw HttpError(tooLong ? 400 : 500, "The command could not be started.", error.what());
    }
    const auto self = shared_from_this();
    m_guest.children.follow(m_pid, [self](int status) { self->handleExit(status); });
    asio::co_spawn(m_guest.executor, [self] { return self->finishOutput(); }, asio::detached);
    if (m_command.timeout > 0s)
        asio::co_spawn(m_guest.executor, [self] { return self->limitTime(); }, asio::detached);
}

FileDescriptor Job::openPipe(Channel channel)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    ++m_openPipes;
    asio::co_spawn(
        m_guest.executor,
        [self = shared_from_this(), channel, readEnd = FileDescriptor(ends[0])]() mutable {
            return self->readPipe(channel, std::move(readEnd));
        },
        asio::detached);
    return FileDescriptor(ends[1]);
}

// To the pipe's end, even when nobody wants the output any more: nobody is to be stopped by that.
Awaitable<void> Job::readPipe(Channel channel, FileDescriptor readEnd)
{
    const auto self = shared_from_this();
    asio::posix::stream_descriptor pipe(m_guest.executor, readEnd.release());
    std::array<char, 16384> piece;
    while (true) {
        co_await m_output.untilRoom();
        auto [error, size] = co_await pipe.async_read_some(asio::buffer(piece), asTuple);
        if (error)
            break;
        m_bytesRead += size;
        m_output.append(channel, {piece.data(), size});
    }
    --m_openPipes;
    m_pipesClosed.notifyAll();
}

Awaitable<void> Job::finishOutput()
{
    co_await untilExited();
    const std::uint64_t atExit = m_bytesRead;
    for (int round = 0; round < maxQuietRounds && m_openPipes > 0;) {
        co_await m_output.untilRoom();
        const std::uint64_t before = m_bytesRead;
        co_await race(m_pipesClosed.wait(), sleepFor(quietTime));
        if (m_output.isFull())
            continue;
        if (m_bytesRead == before || m_bytesRead - atExit > maxLateOutput)
            break;
        ++round;
    }
    m_output.finish();
}

Awaitable<void> Job::limitTime()
{
    if (co_await race(untilExited(), sleepFor(m_command.timeout)) == 0 || m_exitCode)
        co_return;
    m_timedOut = true;
    m_error = std::format("The command took too long and was ended after {} s.",
                          m_command.timeout.count());
    end();
}

void Job::handleExit(int status)
{
    m_exitCode = m_timedOut ? timedOutCode : exitCodeOf(status);
    m_exited.notifyAll();
}

void Job::end()
{
    ::kill(-m_pid, SIGTERM);
    asio::co_spawn(
        m_guest.executor,
        [](pid_t group) -> Awaitable<void> {
            co_await sleepFor(termTime);
            ::kill(-group, SIGKILL);
        }(m_pid),
        asio::detached);
}

Awaitable<void> Job::untilExited()
{
    const auto self = shared_from_this();
    while (!m_exitCode)
        co_await m_exited.wait();
}

}  // namespace voidrun
