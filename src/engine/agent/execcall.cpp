// SPDX-License-Identifier: MIT
#include "execcall.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <csignal>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/notifier.h"
#include "common/spawn.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::size_t maxCommand = 100'000;           // characters
constexpr std::size_t outputLimit = 8 * 1024 * 1024;  // bytes of each stream
constexpr std::int64_t maxTimeout = 300;              // seconds
constexpr int timedOutCode = 124;
constexpr auto termTime = 2s;
// A command that has ended may have left its pipes to a background process.
constexpr auto afterExitTime = 100ms;

std::string trimmed(std::string text)
{
    const char *space = " \t\r\n\v\f";
    text.erase(0, std::min(text.find_first_not_of(space), text.size()));
    text.erase(text.find_last_not_of(space) + 1);
    return text;
}

// One stream of a running command, collected up to the limit and drained for ever.
class Output : public std::enable_shared_from_this<Output>
{
public:
    Output(const asio::any_io_executor &executor, int readEnd)
        : m_descriptor(executor, readEnd), m_changed(executor)
    {
    }

    Awaitable<void> collect()
    {
        const auto self = shared_from_this();
        std::array<char, 16384> piece;
        while (true) {
            auto [error, size] =
                co_await m_descriptor.async_read_some(asio::buffer(piece), asTuple);
            if (error)
                break;
            ++m_reads;
            if (m_abandoned)
                continue;
            const std::size_t room = outputLimit - m_text.size();
            m_text.append(piece.data(), std::min(size, room));
            m_truncated = m_truncated || size > room;
        }
        m_ended = true;
        m_changed.notifyAll();
    }

    Awaitable<void> untilEnded()
    {
        while (!m_ended)
            co_await m_changed.wait();
    }

    // Whatever is printed from now on is read and dropped, so that nobody is stopped by it.
    std::string take()
    {
        m_abandoned = true;
        std::string text = toValidUtf8(m_text);
        m_text = {};
        if (m_truncated)
            text += "\n[output truncated: only the first 8 MiB are shown]\n";
        return text;
    }

    bool hasEnded() const { return m_ended; }
    std::size_t reads() const { return m_reads; }

private:
    asio::posix::stream_descriptor m_descriptor;
    Notifier m_changed;
    std::string m_text;
    std::size_t m_reads = 0;
    bool m_truncated = false;
    bool m_abandoned = false;
    bool m_ended = false;
};

// One command on its way.
class Execution
{
public:
    explicit Execution(Guest &guest) : m_guest(guest), m_ended(guest.executor) {}
    Execution(const Execution &) = delete;
    Execution &operator=(const Execution &) = delete;

    ~Execution()
    {
        // Only when the call was given up: nobody can receive the result.
        if (m_status && !*m_status)
            endGroup(m_guest, m_pid);
    }

    void start(const Command &command)
    {
        FileDescriptor outputEnd;
        FileDescriptor errorEnd;
        m_output = makeOutput(outputEnd);
        m_errors = makeOutput(errorEnd);
        SpawnRequest request;
        request.program = Guest::shell();
        request.arguments = command.shellArguments();
        request.environment = m_guest.environment(command.environment);
        request.workingDirectory = command.directory;
        request.output = outputEnd.value();
        request.error = errorEnd.value();
        request.newSession = true;
        m_pid = spawnProcess(request);
        m_status = std::make_shared<std::optional<int>>();
        m_guest.children.follow(m_pid, [this, status = std::weak_ptr(m_status)](int value) {
            if (const auto alive = status.lock()) {
                *alive = value;
                m_ended.notifyAll();
            }
        });
    }

    Awaitable<void> finish(std::chrono::seconds timeout)
    {
        if (co_await race(untilEnded(), sleepFor(timeout)) == 1 && !*m_status) {
            m_timedOut = true;
            endGroup(m_guest, m_pid);
            co_await untilEnded();
        }
        co_await untilQuiet();
    }

    json::object result() const
    {
        std::string errors = m_errors->take();
        if (m_timedOut)
            errors += "\n[the command was ended: it took too long]\n";
        return {{"stdout", m_output->take()},
                {"stderr", errors},
                {"exitCode", m_timedOut ? timedOutCode : exitCodeOf(**m_status)}};
    }

    // TERM, and KILL for what is left of the group a little later.
    static void endGroup(Guest &guest, pid_t group)
    {
        ::kill(-group, SIGTERM);
        asio::co_spawn(
            guest.executor,
            [](pid_t pid) -> Awaitable<void> {
                co_await sleepFor(termTime);
                ::kill(-pid, SIGKILL);
            }(group),
            asio::detached);
    }

private:
    std::shared_ptr<Output> makeOutput(FileDescriptor &writeEnd)
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        writeEnd.reset(ends[1]);
        auto output = std::make_shared<Output>(m_guest.executor, ends[0]);
        asio::co_spawn(m_guest.executor, [output] { return output->collect(); }, asio::detached);
        return output;
    }

    Awaitable<void> untilEnded()
    {
        while (!*m_status)
            co_await m_ended.wait();
    }

    Awaitable<void> untilBothEnded()
    {
        co_await m_output->untilEnded();
        co_await m_errors->untilEnded();
    }

    // The rest of the output; but a background process that keeps the pipes is not waited for.
    Awaitable<void> untilQuiet()
    {
        for (int round = 0; round < 10; ++round) {
            if (m_output->hasEnded() && m_errors->hasEnded())
                co_return;
            const std::size_t before = m_output->reads() + m_errors->reads();
            co_await race(untilBothEnded(), sleepFor(afterExitTime));
            if (m_output->reads() + m_errors->reads() == before)
                co_return;
        }
    }

    Guest &m_guest;
    Notifier m_ended;
    std::shared_ptr<Output> m_output;
    std::shared_ptr<Output> m_errors;
    std::shared_ptr<std::optional<int>> m_status;
    pid_t m_pid = -1;
    bool m_timedOut = false;
};

}  // namespace

Command Command::parse(const JsonBody &body)
{
    Command command;
    command.line = trimmed(body.requiredString("command"));
    if (command.line.empty())
        throw HttpError(400, "The field 'command' is empty.");
    if (command.line.size() > maxCommand)
        throw HttpError(400, "The field 'command' is too long.", "at most 100000 characters");
    command.arguments = body.strings("args").value_or(std::vector<std::string>{});
    command.environment = body.stringMap("env").value_or(std::map<std::string, std::string>{});
    command.directory = body.string("cwd").value_or("");
    const std::int64_t timeout = body.integer("timeout").value_or(30);
    if (timeout < 0)
        throw HttpError(400, "The field 'timeout' must not be negative.");
    command.timeout = std::chrono::seconds(timeout == 0 ? 30 : std::min(timeout, maxTimeout));
    if (command.line.find('\0') != std::string::npos)
        throw HttpError(400, "The field 'command' contains a NUL character.");

    struct stat info{};
    if (command.directory.empty())
        command.directory = ::stat(workingDirectory, &info) == 0 ? workingDirectory : "/";
    if (::stat(command.directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
        throw HttpError(400, "The working directory does not exist.", command.directory);
    return command;
}

std::vector<std::string> Command::shellArguments() const
{
    const std::string shell = Guest::shell();
    if (arguments.empty())
        return {shell, "-c", line};
    // The arguments follow the line, each as one word.
    std::vector<std::string> result{shell, "-c", line + " \"$@\"", shell};
    result.insert(result.end(), arguments.begin(), arguments.end());
    return result;
}

Awaitable<void> handleExec(Guest &guest, Exchange &exchange)
{
    const Command command = Command::parse(JsonBody(co_await exchange.readWholeBody()));
    Execution execution(guest);
    try {
        execution.start(command);
    } catch (const std::system_error &error) {
        throw HttpError(500, "The command could not be started.", error.what());
    }
    // A caller that leaves ends its command: the other branch wins and the execution goes away.
    if (co_await race(execution.finish(command.timeout), untilPeerCloses(exchange.stream())) == 1)
        throw boost::system::system_error(asio::error::connection_reset);
    co_await exchange.sendSuccess(execution.result(), "Command executed");
}

}  // namespace voidrun
