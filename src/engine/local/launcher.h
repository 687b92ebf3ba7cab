// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "guestaccount.h"

namespace voidrun
{

// A step between the engine and a program that it starts: this same program, called with a word
// that is not for people, sets up what the program needs and becomes it.

// Where the launcher shows a sandbox to the guest account, which cannot reach root's folders.
struct SandboxPaths {
    std::filesystem::path folder;
    std::filesystem::path usrFolders;  // empty when not needed
    std::filesystem::path image;       // empty when not needed
    std::filesystem::path agent;
};

// The same places as the guest account sees them.
SandboxPaths shownPaths(const SandboxPaths &paths);

// The command lines, with argv[0]: `program` with a sandbox's folders shown and root given up, …
std::vector<std::string> sandboxLaunch(const GuestAccount &account, const SandboxPaths &paths,
                                       const std::filesystem::path &program);
// … and pasta in the user namespace that owns the network of process `guest`.
std::vector<std::string> networkLaunch(const GuestAccount &account, pid_t guest,
                                       const std::filesystem::path &program);

// Whether the command line is one of these.
bool isLaunch(std::span<char *const> arguments);
// Does what it says. Returns only when it failed, having said why on standard error.
int launch(std::span<char *const> arguments);

}  // namespace voidrun
