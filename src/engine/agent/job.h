// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "command.h"
#include "common/filedescriptor.h"
#include "guest.h"
#include "outputlog.h"

namespace voidrun
{

// One command that was started: its process group, its output and its end. Owned by those who wait
// for it and by its own coroutines; main thread.
class Job : public std::enable_shared_from_this<Job>
{
public:
    Job(Guest &guest, Command command);

    // Throws HttpError when the command cannot be started.
    void start();
    // TERM for the whole group, and KILL for what is left of it two seconds later.
    void end();

    pid_t pid() const { return m_pid; }
    const std::string &line() const { return m_command.line; }
    const std::string &startTime() const { return m_startTime; }
    bool isRunning() const { return !m_exitCode; }
    // 128 + the signal when a signal ended it, 124 when its time was up.
    int exitCode() const { return m_exitCode.value_or(-1); }
    // Why it was ended, if it was; a sentence.
    const std::string &error() const { return m_error; }
    Awaitable<void> untilExited();

    // Finished when the command has ended and its output is complete. A process that it left in the
    // background is not waited for, and what that prints later is dropped.
    OutputLog &output() { return m_output; }

private:
    FileDescriptor openPipe(Channel channel);
    Awaitable<void> readPipe(Channel channel, FileDescriptor readEnd);
    Awaitable<void> finishOutput();
    Awaitable<void> limitTime();
    void handleExit(int status);

    Guest &m_guest;
    Command m_command;
    std::string m_startTime;
    pid_t m_pid = -1;
    OutputLog m_output;
    int m_openPipes = 0;
    std::uint64_t m_bytesRead = 0;
    std::optional<int> m_exitCode;
    std::string m_error;
    bool m_timedOut = false;
    Notifier m_exited;
    Notifier m_pipesClosed;
};

}  // namespace voidrun
