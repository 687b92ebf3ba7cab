// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "guestaccount.h"
#include "sandboxrecord.h"

namespace voidrun
{

// One sandbox's folder on disk. Nothing here runs while the sandbox's processes run, except save().
//   sandbox.json  log  agent.sock  rootfs/  and, with the host's programs, usr-upper/ usr-work/
//   packages-upper/ packages-work/, or, over an image, root-work/
class SandboxFolder
{
public:
    explicit SandboxFolder(std::filesystem::path path) : m_path(std::move(path)) {}

    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path root() const { return m_path / "rootfs"; }
    std::filesystem::path usrUpper() const { return m_path / "usr-upper"; }
    std::filesystem::path usrWork() const { return m_path / "usr-work"; }
    std::filesystem::path packagesUpper() const { return m_path / "packages-upper"; }
    std::filesystem::path packagesWork() const { return m_path / "packages-work"; }
    std::filesystem::path rootWork() const { return m_path / "root-work"; }
    std::filesystem::path log() const { return m_path / "log"; }
    std::filesystem::path agentSocket() const { return m_path / "agent.sock"; }

    // Whether /usr is the host's, with a layer of the sandbox's own.
    bool hasHostUsr() const { return std::filesystem::exists(usrUpper()); }
    // Whether the list of installed packages is the host's, with a layer of the sandbox's own. Not
    // while a guest has put links in the way to it.
    bool hasHostPackages() const;
    // Whether the root is a layer over the image; else it is whole.
    bool hasLayeredRoot() const { return std::filesystem::exists(rootWork()); }

    // Makes all of it: over the image, or, without one, with a small system of its own in /etc.
    // Blocks; throws std::system_error.
    void make(const SandboxRecord &record, const std::filesystem::path &image,
              const GuestAccount &account) const;
    // Sees to it that what bwrap mounts on are real folders: a guest may have left a link there.
    // And that all of it is the account's: the engine may have been another's before.
    void prepare(const GuestAccount &account) const;
    void save(const SandboxRecord &record) const;
    // Removes what an engine that was killed has left.
    void sweep() const;

private:
    void makeOwnSystem(const SandboxRecord &record) const;
    void makeFromImage(const std::filesystem::path &image, const GuestAccount &account) const;

    std::filesystem::path m_path;
};

// The name as a host name: the kernel allows 64 characters.
std::string hostName(const SandboxRecord &record);

}  // namespace voidrun
