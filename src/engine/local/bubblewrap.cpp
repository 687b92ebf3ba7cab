// SPDX-License-Identifier: MIT
#include "bubblewrap.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <csignal>

#include <cstdlib>
#include <sstream>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/log.h"
#include "common/spawn.h"
#include "usrfolders.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr int probeTimeMs = 10'000;
constexpr const char *agentInside = "/run/voidrun/agent";

fs::path findInPath(const char *name)
{
    const char *path = std::getenv("PATH");
    std::istringstream parts(path ? path : "/usr/local/bin:/usr/bin:/bin");
    for (std::string part; std::getline(parts, part, ':');) {
        const fs::path candidate = fs::path(part) / name;
        if (part.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    throw SandboxesUnavailable(
        "Sandboxes cannot run on this computer: bubblewrap (the program 'bwrap') is not installed. "
        "Install the package 'bubblewrap' and start again.");
}

fs::path findAgent()
{
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    for (const char *place : {".", "../lib/voidrun", "../libexec/voidrun"}) {
        const fs::path candidate = (here / place / "voidrun-agent").lexically_normal();
        if (::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    throw SandboxesUnavailable(
        "Sandboxes cannot run: the program 'voidrun-agent' is missing beside "
        "'voidrun-local'. Install VoidRun Desktop again.");
}

// Waits for the child, at most probeTimeMs; true when it ended with 0.
bool endsWell(pid_t pid)
{
    FileDescriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    pollfd entry{pidfd.value(), POLLIN, 0};
    if (!pidfd.isOpen() || ::poll(&entry, 1, probeTimeMs) <= 0)
        ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string firstLine(int fd)
{
    std::string text(1000, '\0');
    const auto size = ::read(fd, text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text.substr(0, text.find('\n'));
}

}  // namespace

Bubblewrap Bubblewrap::probe(const fs::path &scratch, const fs::path &usrFolders)
{
    Bubblewrap result(findInPath("bwrap"), findAgent());
    const SandboxFolder folder(scratch);
    SandboxRecord record;
    record.name = "probe";
    folder.make(record);
    result.m_usrFolders = makeUsrFolders(usrFolders);
    const std::string withOverlay = result.tryOnce(folder);
    if (withOverlay.empty())
        return result;
    result.m_overlay = false;
    const std::string without = result.tryOnce(folder);
    if (!without.empty())
        throw SandboxesUnavailable(
            "Sandboxes cannot run on this computer: bubblewrap could not make one (" + without +
            "). User namespaces may be turned off for this account; an administrator can allow "
            "them (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, or the "
            "AppArmor setting for bwrap).");
    log("/usr is read-only in sandboxes here: {}", withOverlay);
    return result;
}

std::string Bubblewrap::tryOnce(const SandboxFolder &folder) const
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    FileDescriptor output(ends[0]);
    FileDescriptor input(ends[1]);
    SpawnRequest request;
    request.program = m_program;
    request.arguments = arguments(folder, "probe");
    request.arguments.back() = "--check";
    request.error = input.value();
    request.newSession = true;
    const bool good = endsWell(spawnProcess(request));
    input.reset();
    if (good)
        return {};
    const std::string line = firstLine(output.value());
    return line.empty() ? "bwrap failed without a message" : line;
}

std::vector<std::string> Bubblewrap::arguments(const SandboxFolder &folder,
                                               const std::string &host) const
{
    std::vector<std::string> result{"bwrap",
                                    "--unshare-user",
                                    "--unshare-all",
                                    "--uid",
                                    "0",
                                    "--gid",
                                    "0",
                                    "--hostname",
                                    host,
                                    "--cap-drop",
                                    "ALL",
                                    "--disable-userns",
                                    "--new-session",
                                    "--die-with-parent",
                                    "--as-pid-1",
                                    "--clearenv",
                                    "--bind",
                                    folder.root(),
                                    "/"};
    const auto add = [&](std::initializer_list<std::string> more) {
        result.insert(result.end(), more);
    };
    if (m_overlay) {
        add({"--overlay-src", "/usr"});
        if (!m_usrFolders.empty())
            add({"--overlay-src", m_usrFolders});
        add({"--overlay", folder.usrUpper(), folder.usrWork(), "/usr"});
    } else {
        add({"--ro-bind", "/usr", "/usr"});
    }
    // Where the host has no merged /usr, these are folders of its own.
    for (const char *name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
        const std::string path = std::string("/") + name;
        if (!fs::is_symlink(path) && fs::is_directory(path))
            add({"--ro-bind", path, path});
    }
    // When the engine is run by root, the kernel lets the owner of a setting change it without any
    // capability, so the settings are shown read-only (measured: core_pattern was writable).
    add({"--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev", "--perms",
         "1777", "--tmpfs", "/dev/shm", "--tmpfs", "/run", "--dir", "/run/lock", "--ro-bind",
         m_agent, agentInside, "--chdir", "/", "--",
         // The id is for people who look at the process list.
         agentInside, folder.path().filename()});
    return result;
}

}  // namespace voidrun
