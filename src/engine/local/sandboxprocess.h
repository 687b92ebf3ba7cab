// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

#include "bubblewrap.h"
#include "childprocess.h"

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
    void start(const Bubblewrap &bubblewrap, const SandboxRecord &record,
               const std::filesystem::path &image);
    // Waits until the first process inside is there, limits it and tells it what it needs to
    // know; at most 10 s. Throws HttpError 502, system_error.
    Awaitable<void> setUp(const SandboxRecord &record);
    // Waits until the agent answers, at most 10 s; throws HttpError 502.
    Awaitable<void> untilReady();
    // A new connection to the agent. It is served as soon as the agent is up.
    Awaitable<Stream> connect();
    // Waits for its end, however it comes.
    Awaitable<void> untilEnded();
    // Ends every process in the sandbox at once and waits until they are gone.
    Awaitable<void> kill();
    // The first process inside, by its number out here; 0 before setUp().
    pid_t guest() const { return m_guest; }

private:
    FileDescriptor makeListener();
    void sendConfiguration(const SandboxRecord &record);
    Awaitable<void> follow();
    Awaitable<void> readGuest();
    Awaitable<void> askHealth();
    [[noreturn]] void failToStart() const;
    std::string lastLogLine() const;

    asio::any_io_executor m_executor;
    SandboxFolder m_folder;
    FileDescriptor m_directory;
    FileDescriptor m_lifeline;
    asio::posix::stream_descriptor m_status;
    std::shared_ptr<ChildProcess> m_bubblewrap;
    Notifier m_endedNotifier;
    bool m_ended = false;
    pid_t m_guest = 0;
    FileDescriptor m_guestPidfd;
};

// Opens a sandbox's log to append; begins anew when it has grown large. Throws system_error.
FileDescriptor openLog(const std::filesystem::path &path);

}  // namespace voidrun
