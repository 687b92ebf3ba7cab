// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace voidrun
{

// What a sandbox's processes look like from out here. All of these block a little and leave out
// what has ended meanwhile; any thread.

struct GuestProcess {
    pid_t pid = 0;
    std::uint64_t memory = 0;  // bytes
};

// All processes below a sandbox's first one, with it in front.
std::vector<pid_t> processesOf(pid_t first);
// Bytes that they hold in memory, files included, and pages that they share more than once.
std::uint64_t roughMemory(const std::vector<pid_t> &processes);
// Bytes that each holds, without files, shared pages divided among those who share. Slow.
std::vector<GuestProcess> exactMemory(const std::vector<pid_t> &processes);
// The program's name, for messages.
std::string nameOf(pid_t pid);

// Ends what an engine that was killed has left of the sandboxes with these ids.
void endLeftovers(const std::vector<std::string> &ids);
// The same for one sandbox whose bwrap has ended, among our own children: killed before it has set
// the sandbox up, bwrap leaves a child that waits for it for ever, and we inherit it. Reaps those
// that have ended; false while there are some that have not.
bool endInherited(const std::string &id);

// Bytes and entries below a sandbox's folders, a file with several names once.
struct DiskUse {
    std::uint64_t bytes = 0;
    std::uint64_t entries = 0;
};
DiskUse diskUse(const std::vector<std::string> &folders);

}  // namespace voidrun
