// SPDX-License-Identifier: MIT
#include "childprocess.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <system_error>

namespace voidrun
{

ChildProcess::ChildProcess(const asio::any_io_executor &executor, pid_t pid)
    : m_pid(pid), m_pidfd(executor), m_changed(executor)
{
}

std::shared_ptr<ChildProcess> ChildProcess::start(const asio::any_io_executor &executor,
                                                  const SpawnRequest &request)
{
    const std::shared_ptr<ChildProcess> child(new ChildProcess(executor, spawnProcess(request)));
    const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child->m_pid, 0));
    if (pidfd < 0) {
        const int error = errno;
        ::kill(child->m_pid, SIGKILL);
        ::waitpid(child->m_pid, nullptr, 0);
        throw std::system_error(error, std::generic_category(), "pidfd_open");
    }
    child->m_pidfd.assign(pidfd);
    asio::co_spawn(executor, [child] { return child->follow(); }, asio::detached);
    return child;
}

Awaitable<void> ChildProcess::follow()
{
    co_await m_pidfd.async_wait(asio::posix::stream_descriptor::wait_read, asTuple);
    // Cancelled at the engine's end, too: the child is reaped only if it has ended.
    ::waitpid(m_pid, nullptr, WNOHANG);
    m_ended = true;
    m_changed.notifyAll();
}

Awaitable<void> ChildProcess::untilEnded()
{
    const auto self = shared_from_this();
    while (!m_ended)
        co_await m_changed.wait();
}

void ChildProcess::kill()
{
    if (!m_ended)
        ::syscall(SYS_pidfd_send_signal, m_pidfd.native_handle(), SIGKILL, nullptr, 0);
}

}  // namespace voidrun
