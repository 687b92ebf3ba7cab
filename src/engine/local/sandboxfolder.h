// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "sandboxrecord.h"

namespace voidrun
{

// One sandbox's folder on disk. Nothing here runs while the sandbox's processes run, except save().
//   sandbox.json  log  agent.sock  rootfs/  usr-upper/  usr-work/
class SandboxFolder
{
public:
    explicit SandboxFolder(std::filesystem::path path) : m_path(std::move(path)) {}

    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path root() const { return m_path / "rootfs"; }
    std::filesystem::path usrUpper() const { return m_path / "usr-upper"; }
    std::filesystem::path usrWork() const { return m_path / "usr-work"; }
    std::filesystem::path log() const { return m_path / "log"; }

    // Makes all of it, with a small system of its own in /etc. Blocks.
    void make(const SandboxRecord &record) const;
    // Sees to it that what bwrap mounts on are real folders: a guest may have left a link there.
    void prepareMountPoints() const;
    void save(const SandboxRecord &record) const;

private:
    std::filesystem::path m_path;
};

// The name as a host name: the kernel allows 64 characters.
std::string hostName(const SandboxRecord &record);

}  // namespace voidrun
