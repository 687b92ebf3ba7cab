// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/filedescriptor.h"
#include "common/spawn.h"
#include "launcher.h"
#include "sandboxfolder.h"
#include "statedirectory.h"

namespace voidrun
{

// This computer cannot run sandboxes; what() is the sentence for the person.
class SandboxesUnavailable : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// The program's path, or empty.
std::filesystem::path findInPath(const char *name);

// How a sandbox is made on this computer: which bwrap, which agent, which account, and how /usr is
// shown. Made once at start by probe(); afterwards read-only, any thread.
class Bubblewrap
{
public:
    // Finds the programs and runs one throw-away sandbox. Throws SandboxesUnavailable. Blocks for
    // some milliseconds, at most 10 s for each way that it tries.
    static Bubblewrap probe(const StateDirectory &directory);

    const GuestAccount &account() const { return m_account; }
    bool hasWritableUsr() const { return m_overlay; }

    // Ready to be started but for the three standard descriptors. It wants two more: filterFile()
    // and one that bwrap writes its status to.
    SpawnRequest request(const SandboxFolder &folder, const SandboxRecord &record,
                         const std::filesystem::path &image) const;
    // The system call filter in a file of its own.
    FileDescriptor filterFile() const;

private:
    Bubblewrap(std::filesystem::path stateDirectory, std::filesystem::path program,
               std::filesystem::path agent, GuestAccount account);
    // Empty when a sandbox could be made, else what went wrong.
    std::string tryOnce(const StateDirectory &directory);
    // The security boundary: everything that a sandbox gets is in these arguments (threats.md).
    // With argv[0]; ends with the agent's own command line.
    std::vector<std::string> arguments(const SandboxPaths &paths, const SandboxFolder &folder,
                                       const SandboxRecord &record) const;
    void addRoot(std::vector<std::string> &result, const SandboxPaths &paths,
                 const SandboxFolder &folder) const;

    std::filesystem::path m_stateDirectory;
    std::filesystem::path m_program;
    std::filesystem::path m_agent;
    GuestAccount m_account;
    std::string m_filter;
    bool m_overlay = true;
};

}  // namespace voidrun
