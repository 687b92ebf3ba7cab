// SPDX-License-Identifier: MIT
#include "bubblewrap.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <csignal>

#include <cstdlib>
#include <sstream>
#include <system_error>

#include "common/log.h"
#include "common/randomid.h"
#include "guestpackages.h"
#include "seccompfilter.h"
#include "usrfolders.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr int probeTimeMs = 10'000;
constexpr const char *agentInside = "/run/voidrun/agent";
constexpr const char *filterDescriptor = "3";
constexpr const char *statusDescriptor = "4";
constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t runSize = 64 * mebibyte;

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

fs::path findBubblewrap()
{
    fs::path program = findInPath("bwrap");
    if (program.empty())
        throw SandboxesUnavailable(
            "Sandboxes cannot run on this computer: bubblewrap (the program 'bwrap') is not "
            "installed. Install the package 'bubblewrap' and start again.");
    return program;
}

std::string makeFilter()
{
    try {
        return makeSeccompFilter();
    } catch (const std::exception &error) {
        throw SandboxesUnavailable(std::string("Sandboxes cannot run on this computer: ") +
                                   error.what() + '.');
    }
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

// A folder for one attempt, gone with it.
class Scratch
{
public:
    explicit Scratch(const StateDirectory &directory)
        : m_directory(directory), m_path(directory.building() / ("probe-" + randomId()))
    {
    }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch()
    {
        std::error_code ignored;
        if (fs::exists(m_path, ignored))
            m_directory.moveToTrash(m_path);
    }
    const fs::path &path() const { return m_path; }

private:
    const StateDirectory &m_directory;
    fs::path m_path;
};

}  // namespace

fs::path findInPath(const char *name)
{
    const char *path = std::getenv("PATH");
    std::istringstream parts(path ? path : "/usr/local/bin:/usr/bin:/bin");
    for (std::string part; std::getline(parts, part, ':');) {
        const fs::path candidate = fs::path(part) / name;
        if (part.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0)
            return candidate;
    }
    return {};
}

Bubblewrap::Bubblewrap(fs::path stateDirectory, fs::path program, fs::path agent,
                       GuestAccount account)
    : m_stateDirectory(std::move(stateDirectory)),
      m_program(std::move(program)),
      m_agent(std::move(agent)),
      m_account(account),
      m_filter(makeFilter())
{
}

Bubblewrap Bubblewrap::probe(const StateDirectory &directory)
{
    Bubblewrap result(directory.path(), findBubblewrap(), findAgent(), GuestAccount::ours());
    if (::geteuid() == 0) {
        result.m_account = GuestAccount::unprivileged();
        const std::string failure = result.tryOnce(directory);
        if (failure.empty())
            return result;
        log("sandboxes run as root here, without limits on their processes: {}", failure);
        result.m_account = GuestAccount::ours();
    }
    const std::string withOverlay = result.tryOnce(directory);
    if (withOverlay.empty())
        return result;
    result.m_overlay = false;
    const std::string without = result.tryOnce(directory);
    if (!without.empty())
        throw SandboxesUnavailable(
            "Sandboxes cannot run on this computer: bubblewrap could not make one (" + without +
            "). User namespaces may be turned off for this account; an administrator can allow "
            "them (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, or the "
            "AppArmor setting for bwrap).");
    log("/usr is read-only in sandboxes here: {}", withOverlay);
    return result;
}

std::string Bubblewrap::tryOnce(const StateDirectory &directory)
try {
    const Scratch scratch(directory);
    const SandboxFolder folder(scratch.path());
    SandboxRecord record;
    record.name = "probe";
    folder.make(record, {}, m_account);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    FileDescriptor output(ends[0]);
    FileDescriptor input(ends[1]);
    const FileDescriptor filter = filterFile();
    const FileDescriptor status(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    SpawnRequest request = this->request(folder, record, {});
    request.arguments.back() = "--check";
    request.error = input.value();
    request.more = {filter.value(), status.value()};
    const bool good = endsWell(spawnProcess(request));
    input.reset();
    if (good)
        return {};
    const std::string line = firstLine(output.value());
    return line.empty() ? "bwrap failed without a message" : line;
} catch (const std::system_error &error) {
    return error.what();
}

FileDescriptor Bubblewrap::filterFile() const
{
    FileDescriptor file(::memfd_create("filter", MFD_CLOEXEC));
    if (!file.isOpen() ||
        ::write(file.value(), m_filter.data(), m_filter.size()) != ssize_t(m_filter.size()) ||
        ::lseek(file.value(), 0, SEEK_SET) != 0)
        throw std::system_error(errno, std::generic_category(), "filter");
    return file;
}

SpawnRequest Bubblewrap::request(const SandboxFolder &folder, const SandboxRecord &record,
                                 const fs::path &image) const
{
    const fs::path usrFolders = makeUsrFolders(m_stateDirectory, m_account);
    const SandboxPaths paths{folder.path(), usrFolders, image, m_agent};
    SpawnRequest request;
    request.newSession = true;
    request.workingDirectory = "/";
    if (!m_account.needsLauncher()) {
        request.program = m_program;
        request.arguments = arguments(paths, folder, record);
        return request;
    }
    request.program = "/proc/self/exe";
    request.arguments = sandboxLaunch(m_account, paths, m_program);
    const auto rest = arguments(shownPaths(paths), folder, record);
    request.arguments.insert(request.arguments.end(), rest.begin(), rest.end());
    return request;
}

void Bubblewrap::addRoot(std::vector<std::string> &result, const SandboxPaths &paths,
                         const SandboxFolder &folder) const
{
    const auto add = [&](std::initializer_list<std::string> more) {
        result.insert(result.end(), more);
    };
    const SandboxFolder shown(paths.folder);
    if (folder.hasLayeredRoot())
        add({"--overlay-src", paths.image, "--overlay", shown.root(), shown.rootWork(), "/"});
    else
        add({"--bind", shown.root(), "/"});
    if (!folder.hasHostUsr())
        return;
    if (m_overlay) {
        add({"--overlay-src", "/usr"});
        if (!paths.usrFolders.empty())
            add({"--overlay-src", paths.usrFolders});
        add({"--overlay", shown.usrUpper(), shown.usrWork(), "/usr"});
        const std::string list = std::string("/") + packageList;
        if (folder.hasHostPackages())
            add({"--overlay-src", list, "--overlay", shown.packagesUpper(), shown.packagesWork(),
                 list});
    } else {
        add({"--ro-bind", "/usr", "/usr"});
    }
    // Where the host has no merged /usr, these are folders of its own.
    for (const char *name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
        const std::string path = std::string("/") + name;
        if (!fs::is_symlink(path) && fs::is_directory(path))
            add({"--ro-bind", path, path});
    }
}

// Without --die-with-parent: with it, a bwrap that dies early leaves a child that waits for it for
// ever (measured). The agent follows the lifeline instead.
std::vector<std::string> Bubblewrap::arguments(const SandboxPaths &paths,
                                               const SandboxFolder &folder,
                                               const SandboxRecord &record) const
{
    std::vector<std::string> result{"bwrap",
                                    "--unshare-user",
                                    "--unshare-all",
                                    "--uid",
                                    "0",
                                    "--gid",
                                    "0",
                                    "--hostname",
                                    hostName(record),
                                    "--cap-drop",
                                    "ALL",
                                    "--disable-userns",
                                    "--new-session",

                                    "--as-pid-1",
                                    "--clearenv",
                                    "--seccomp",
                                    filterDescriptor,
                                    "--json-status-fd",
                                    statusDescriptor};
    addRoot(result, paths, folder);
    const auto add = [&](std::initializer_list<std::string> more) {
        result.insert(result.end(), more);
    };
    // Where the guest account is root, the kernel lets the owner of a setting change it without
    // any capability, so the settings are shown read-only (measured: core_pattern was writable).
    add({"--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"});
    // Memory that belongs to no process: each of these is bounded.
    add({"--dev", "/dev", "--size", std::to_string(record.mem * mebibyte / 2), "--perms", "1777",
         "--tmpfs", "/dev/shm", "--remount-ro", "/dev", "--size", std::to_string(runSize),
         "--tmpfs", "/run", "--dir", "/run/lock"});
    add({"--ro-bind", paths.agent, agentInside, "--chdir", "/", "--",
         // The id is for people who look at the process list.
         agentInside, folder.path().filename()});
    return result;
}

}  // namespace voidrun
