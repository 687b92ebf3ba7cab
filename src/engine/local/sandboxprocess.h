// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

#include "bubblewrap.h"
#include "common/asiotypes.h"
#include "common/filedescriptor.h"
#include "common/notifier.h"

namespace voidrun
{

// One run of a sandbox: its bwrap process with the agent inside, and the way to talk to it. The
// sandbox ends with our end of the lifeline, whatever kills us. Owned by Sandbox and by coroutines
// that use it; engine thread.
class SandboxProcess : public std::enable_shared_from_this<SandboxProcess>
{
public:
    SandboxProcess(const asio::any_io_executor &executor, SandboxFolder folder);

    // Starts it. Throws system_error.
    void start(const Bubblewrap &bubblewrap, const SandboxRecord &record);
    // A new connection to the agent. It is served as soon as the agent is up.
    Awaitable<Stream> connect();
    // Waits until the agent answers, at most 10 s; throws HttpError 502.
    Awaitable<void> untilReady();
    // Waits for its end, however it comes.
    Awaitable<void> untilEnded();
    // Ends every process in the sandbox at once and waits until they are gone.
    Awaitable<void> kill();
    bool hasEnded() const { return m_ended; }

private:
    FileDescriptor makeListener();
    void sendConfiguration(const SandboxRecord &record);
    Awaitable<void> watch();
    Awaitable<void> askHealth();
    std::string lastLogLine() const;

    asio::any_io_executor m_executor;
    SandboxFolder m_folder;
    FileDescriptor m_directory;
    FileDescriptor m_lifeline;
    asio::posix::stream_descriptor m_pidfd;
    pid_t m_pid = -1;
    Notifier m_endedNotifier;
    bool m_ended = false;
};

}  // namespace voidrun
