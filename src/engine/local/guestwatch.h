// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "sandboxes.h"

namespace voidrun
{

// Holds sandboxes to their memory and their disk where the kernel does not do it for a plain
// user's programs. A sandbox over its memory loses its largest process; one over its disk loses
// all its processes but the agent, and may only delete until it is below again. Looks closely
// only when this computer's own memory or disk has shrunk. Owned by main; engine thread, measures
// in a thread of its own.
class GuestWatch
{
public:
    GuestWatch(const Sandboxes &sandboxes, const StateDirectory &directory)
        : m_sandboxes(sandboxes), m_directory(directory)
    {
    }

    Awaitable<void> run();

private:
    using Clock = std::chrono::steady_clock;
    struct Guest {
        std::shared_ptr<Sandbox> sandbox;
        std::string id;
        pid_t first;
        std::uint64_t memory;  // bytes that it may have
        std::uint64_t disk;
        std::vector<std::string> folders;
    };

    std::vector<Guest> guests() const;
    bool shouldLookAtMemory();
    bool shouldLookAtDisk();
    Awaitable<void> lookAtMemory(std::vector<Guest> guests);
    Awaitable<void> lookAtDisk(std::vector<Guest> guests);

    const Sandboxes &m_sandboxes;
    const StateDirectory &m_directory;
    std::uint64_t m_freeMemory = 0;  // at the last look
    std::uint64_t m_freeDisk = 0;
    std::uint64_t m_freeEntries = 0;
    Clock::time_point m_memoryLook;
    Clock::time_point m_diskLook;
    bool m_overMemory = false;
    bool m_overDisk = false;
    asio::thread_pool m_thread{1};
};

}  // namespace voidrun
