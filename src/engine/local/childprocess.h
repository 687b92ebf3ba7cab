// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>

#include "common/asiotypes.h"
#include "common/notifier.h"
#include "common/spawn.h"

namespace voidrun
{

// A program that we started, followed by its pidfd and reaped by nobody else. Kept alive by its
// own coroutine until it has ended; engine thread.
class ChildProcess : public std::enable_shared_from_this<ChildProcess>
{
public:
    // Throws system_error.
    static std::shared_ptr<ChildProcess> start(const asio::any_io_executor &executor,
                                               const SpawnRequest &request);

    pid_t pid() const { return m_pid; }
    bool hasEnded() const { return m_ended; }
    Awaitable<void> untilEnded();
    // SIGKILL; nothing happens when it has ended.
    void kill();

private:
    ChildProcess(const asio::any_io_executor &executor, pid_t pid);
    Awaitable<void> follow();

    pid_t m_pid;
    asio::posix::stream_descriptor m_pidfd;
    Notifier m_changed;
    bool m_ended = false;
};

}  // namespace voidrun
