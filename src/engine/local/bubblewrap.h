// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "sandboxfolder.h"

namespace voidrun
{

// This computer cannot run sandboxes; what() is the sentence for the person.
class SandboxesUnavailable : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// How a sandbox is made on this computer: which bwrap, which agent, and how /usr is shown.
// Made once at start by probe(); afterwards read-only, any thread.
class Bubblewrap
{
public:
    // Finds the programs and runs one throw-away sandbox in `scratch`; `usrFolders` is where
    // makeUsrFolders() keeps its layer. Throws SandboxesUnavailable. Blocks for some milliseconds,
    // at most 10 s.
    static Bubblewrap probe(const std::filesystem::path &scratch,
                            const std::filesystem::path &usrFolders);

    const std::filesystem::path &program() const { return m_program; }
    bool hasWritableUsr() const { return m_overlay; }

    // The security boundary: everything that a sandbox gets is in these arguments (threats.md).
    // With argv[0]; ends with the agent's own command line.
    std::vector<std::string> arguments(const SandboxFolder &folder, const std::string &host) const;

private:
    Bubblewrap(std::filesystem::path program, std::filesystem::path agent)
        : m_program(std::move(program)), m_agent(std::move(agent))
    {
    }
    // Empty when a sandbox could be made, else what bwrap said.
    std::string tryOnce(const SandboxFolder &folder) const;

    std::filesystem::path m_program;
    std::filesystem::path m_agent;
    std::filesystem::path m_usrFolders;  // empty when not needed
    bool m_overlay = true;
};

}  // namespace voidrun
