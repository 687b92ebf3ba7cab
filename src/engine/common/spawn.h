// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace voidrun
{

// What to start. The child gets exactly these descriptors and nothing else of ours: default signal
// handlers, empty signal mask, every other descriptor closed.
struct SpawnRequest {
    std::string program;
    std::vector<std::string> arguments;    // with argv[0]
    std::vector<std::string> environment;  // NAME=value
    std::string workingDirectory;          // empty: ours
    int input = -1;                        // -1: /dev/null
    int output = -1;
    int error = -1;
    std::vector<int> more;  // become 3, 4, …
    std::string terminal;   // path of a pty's slave: all three descriptors, controlling terminal
    bool newSession = false;
};

// Returns the child's pid; throws std::system_error. Any thread; a child that asks to die with its
// parent dies with the calling thread.
pid_t spawnProcess(const SpawnRequest &request);

}  // namespace voidrun
