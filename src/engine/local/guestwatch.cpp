// SPDX-License-Identifier: MIT
#include "guestwatch.h"

#include <sys/statvfs.h>
#include <csignal>

#include <algorithm>
#include <fstream>

#include "common/log.h"
#include "guestprocesses.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr auto tick = 100ms;
constexpr auto restTick = 1s;  // while nothing runs
// What may be gone before a closer look, and how long until one comes anyway.
constexpr std::uint64_t memoryStep = 64 * mebibyte;
constexpr std::uint64_t diskStep = 64 * mebibyte;
constexpr std::uint64_t entryStep = 20'000;
constexpr auto memoryRound = 10s;
constexpr auto diskRound = 300s;
constexpr auto diskPause = 1s;
constexpr std::uint64_t maxEntries = 1'000'000;  // files and folders in a sandbox

std::uint64_t availableMemory()
{
    std::ifstream file("/proc/meminfo");
    std::string name;
    std::uint64_t kilobytes = 0;
    std::string unit;
    while (file >> name >> kilobytes >> unit) {
        if (name == "MemAvailable:")
            return kilobytes * 1024;
    }
    return 0;
}

void endProcess(pid_t pid)
{
    ::kill(pid, SIGKILL);
}

// The largest process of a sandbox that is over its memory is ended; says whether it was.
bool holdToMemory(const std::string &id, pid_t first, std::uint64_t limit)
{
    const auto processes = processesOf(first);
    if (roughMemory(processes) <= limit)
        return false;
    const auto exact = exactMemory(processes);
    std::uint64_t sum = 0;
    for (const GuestProcess &process : exact)
        sum += process.memory;
    if (sum <= limit)
        return false;
    const auto largest = std::ranges::max_element(exact, {}, &GuestProcess::memory);
    log("sandbox {} uses {} MiB of memory, more than its {}: ended its largest process, {} ({} "
        "MiB)",
        id, sum / mebibyte, limit / mebibyte, nameOf(largest->pid), largest->memory / mebibyte);
    endProcess(largest->pid);
    return true;
}

bool holdToDisk(const std::string &id, pid_t first, std::uint64_t limit,
                const std::vector<std::string> &folders)
{
    const DiskUse use = diskUse(folders);
    if (use.bytes <= limit && use.entries <= maxEntries)
        return false;
    log("sandbox {} uses {} MiB of disk in {} entries, more than its {} MiB or {} entries: ended "
        "its processes",
        id, use.bytes / mebibyte, use.entries, limit / mebibyte, maxEntries);
    for (const pid_t pid : processesOf(first)) {
        if (pid != first)
            endProcess(pid);
    }
    return true;
}

}  // namespace

std::vector<GuestWatch::Guest> GuestWatch::guests() const
{
    std::vector<Guest> result;
    for (const auto &sandbox : m_sandboxes.list()) {
        const SandboxRecord &record = sandbox->record();
        const SandboxFolder &folder = sandbox->folder();
        if (sandbox->guest() > 0)
            result.push_back({sandbox,
                              record.id,
                              sandbox->guest(),
                              static_cast<std::uint64_t>(record.mem) * mebibyte,
                              static_cast<std::uint64_t>(record.diskMB) * mebibyte,
                              {folder.root(), folder.usrUpper(), folder.packagesUpper()}});
    }
    return result;
}

bool GuestWatch::shouldLookAtMemory()
{
    const std::uint64_t available = availableMemory();
    if (!m_overMemory && available + memoryStep > m_freeMemory &&
        Clock::now() - m_memoryLook < memoryRound) {
        m_freeMemory = std::max(m_freeMemory, available);
        return false;
    }
    m_freeMemory = available;
    m_memoryLook = Clock::now();
    return true;
}

bool GuestWatch::shouldLookAtDisk()
{
    const auto since = Clock::now() - m_diskLook;
    struct statvfs info{};
    if (since < diskPause || ::statvfs(m_directory.path().c_str(), &info) != 0)
        return false;
    const std::uint64_t free = std::uint64_t(info.f_bavail) * info.f_frsize;
    if (!m_overDisk && free + diskStep > m_freeDisk && info.f_ffree + entryStep > m_freeEntries &&
        since < diskRound) {
        m_freeDisk = std::max(m_freeDisk, free);
        m_freeEntries = std::max<std::uint64_t>(m_freeEntries, info.f_ffree);
        return false;
    }
    m_freeDisk = free;
    m_freeEntries = info.f_ffree;
    m_diskLook = Clock::now();
    return true;
}

Awaitable<void> GuestWatch::run()
{
    while (true) {
        const bool active = m_sandboxes.anyRuns();
        if (active && shouldLookAtMemory())
            co_await lookAtMemory(guests());
        if (active && shouldLookAtDisk())
            co_await lookAtDisk(guests());
        co_await sleepFor(active ? tick : restTick);
    }
}

Awaitable<void> GuestWatch::lookAtMemory(std::vector<Guest> guests)
{
    m_overMemory = co_await runOn(m_thread, [guests = std::move(guests)] {
        bool over = false;
        for (const Guest &guest : guests)
            over = holdToMemory(guest.id, guest.first, guest.memory) || over;
        return over;
    });
}

Awaitable<void> GuestWatch::lookAtDisk(std::vector<Guest> guests)
{
    m_overDisk = false;
    for (const Guest &guest : guests) {
        const bool over = co_await runOn(m_thread, [guest] {
            return holdToDisk(guest.id, guest.first, guest.disk, guest.folders);
        });
        guest.sandbox->setDiskFull(over);
        m_overDisk = m_overDisk || over;
    }
}

}  // namespace voidrun
