// SPDX-License-Identifier: MIT
#include "guestlimits.h"

#include <sched.h>
#include <sys/resource.h>

#include <cerrno>
#include <system_error>

#include "common/log.h"

namespace voidrun
{

namespace
{

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t maxTasks = 1024;
constexpr int niceness = 5;

// As many as the sandbox has, beginning at another one for each sandbox.
cpu_set_t chooseProcessors(const cpu_set_t &ours, std::int64_t count)
{
    static int next = 0;
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    while (CPU_COUNT(&chosen) < count) {
        if (CPU_ISSET(next, &ours))
            CPU_SET(next, &chosen);
        next = (next + 1) % CPU_SETSIZE;
    }
    return chosen;
}

}  // namespace

boost::json::object guestLimits(const SandboxRecord &record)
{
    return {{"tasks", maxTasks},
            {"data", record.mem * mebibyte},
            {"file", record.diskMB * mebibyte},
            {"locked", 64 * mebibyte}};
}

void placeGuest(pid_t first, const SandboxRecord &record)
{
    cpu_set_t ours;
    CPU_ZERO(&ours);
    if (::sched_getaffinity(0, sizeof ours, &ours) == 0 && CPU_COUNT(&ours) > record.cpu) {
        const cpu_set_t chosen = chooseProcessors(ours, record.cpu);
        if (::sched_setaffinity(first, sizeof chosen, &chosen) != 0)
            log("sandbox {} may use all processors: {}", record.id,
                std::generic_category().message(errno));
    }
    if (::setpriority(PRIO_PROCESS, static_cast<id_t>(first), niceness) != 0)
        log("sandbox {} runs with our priority: {}", record.id,
            std::generic_category().message(errno));
}

}  // namespace voidrun
