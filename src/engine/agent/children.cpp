// SPDX-License-Identifier: MIT
#include "children.h"

#include <sys/wait.h>
#include <csignal>

namespace voidrun
{

Children::Children(const asio::any_io_executor &executor) : m_signals(executor, SIGCHLD) {}

Awaitable<void> Children::run()
{
    while (true) {
        auto [error, number] = co_await m_signals.async_wait(asTuple);
        if (error)
            co_return;
        reap();
    }
}

void Children::reap()
{
    int status = 0;
    while (true) {
        const pid_t pid = ::waitpid(-1, &status, WNOHANG);
        if (pid <= 0)
            return;
        // A child may ask to be traced by its parent, us; then it only stops.
        if (WIFSTOPPED(status)) {
            ::kill(pid, SIGKILL);
            continue;
        }
        const auto found = m_followed.find(pid);
        if (found == m_followed.end())
            continue;
        const Ended ended = std::move(found->second);
        m_followed.erase(found);
        ended(status);
    }
}

int exitCodeOf(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace voidrun
