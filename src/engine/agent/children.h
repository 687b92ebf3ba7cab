// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <boost/asio/signal_set.hpp>
#include <functional>
#include <map>

#include "common/asiotypes.h"

namespace voidrun
{

// The agent is the sandbox's first process: it reaps every process that ends, its own children and
// orphans alike, and tells those who asked. Owned by main; main thread.
class Children
{
public:
    // Given the status of waitpid().
    using Ended = std::function<void(int status)>;

    explicit Children(const asio::any_io_executor &executor);

    Awaitable<void> run();
    // Call right after starting `pid`, before returning to the event loop.
    void follow(pid_t pid, Ended ended) { m_followed[pid] = std::move(ended); }

private:
    void reap();

    asio::signal_set m_signals;
    std::map<pid_t, Ended> m_followed;
};

// As a shell reports it: the exit code, or 128 + the signal.
int exitCodeOf(int status);

}  // namespace voidrun
