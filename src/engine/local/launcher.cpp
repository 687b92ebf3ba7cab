// SPDX-License-Identifier: MIT
#include "launcher.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/nsfs.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <system_error>

#include "common/filedescriptor.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view sandboxWord = "launch-sandbox";
constexpr std::string_view networkWord = "launch-network";
constexpr int maxLooks = 3000;  // one a millisecond
// Any folder that everybody can reach and that no program below needs.
const fs::path view = "/mnt";

void check(int result, const std::string &what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
}

FileDescriptor openPath(const fs::path &path)
{
    FileDescriptor fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
    check(fd.value(), path.string());
    return fd;
}

void bind(const FileDescriptor &source, const fs::path &target)
{
    const std::string path = "/proc/self/fd/" + std::to_string(source.value());
    check(::mount(path.c_str(), target.c_str(), nullptr, MS_BIND, nullptr), target.string());
}

// Our own mounts from here on, with an empty folder at `view`.
void makeView()
{
    check(::mount("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr), "private mounts");
    check(::mount("tmpfs", view.c_str(), "tmpfs", MS_NOSUID, "mode=755,size=64k"), view.string());
}

void bindFolder(const FileDescriptor &source, const fs::path &target)
{
    check(::mkdir(target.c_str(), 0755), target.string());
    bind(source, target);
}

void showSandbox(const SandboxPaths &paths)
{
    check(::unshare(CLONE_NEWNS), "mount namespace");
    const FileDescriptor folder = openPath(paths.folder);
    const FileDescriptor agent = openPath(paths.agent);
    const FileDescriptor usrFolders =
        paths.usrFolders.empty() ? FileDescriptor() : openPath(paths.usrFolders);
    const FileDescriptor image = paths.image.empty() ? FileDescriptor() : openPath(paths.image);
    const SandboxPaths shown = shownPaths(paths);
    makeView();
    bindFolder(folder, shown.folder);
    if (usrFolders.isOpen())
        bindFolder(usrFolders, shown.usrFolders);
    if (image.isOpen())
        bindFolder(image, shown.image);
    const FileDescriptor file(::open(shown.agent.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0755));
    check(file.value(), shown.agent.string());
    bind(agent, shown.agent);
}

// Where only root may make network interfaces, a device of the sandbox account's own.
void showTunnelDevice()
{
    if (::access("/dev/net/tun", F_OK) != 0)
        return;
    check(::unshare(CLONE_NEWNS), "mount namespace");
    makeView();
    const fs::path device = view / "tun";
    check(::mknod(device.c_str(), S_IFCHR, ::makedev(10, 200)), "tunnel device");
    check(::chmod(device.c_str(), 0666), "tunnel device");
    bind(openPath(device), "/dev/net/tun");
}

void become(uid_t id)
{
    if (id == ::geteuid())
        return;
    check(::setgroups(0, nullptr), "groups");
    check(::setresgid(id, id, id), "group");
    check(::setresuid(id, id, id), "account");
}

// The sandbox's root has no capabilities; it may listen on port 80 all the same. In a process of
// its own, because pasta stays in this computer's network.
void openLowPorts(const FileDescriptor &network)
{
    const pid_t child = ::fork();
    if (child == 0) {
        const bool inside = ::setns(network.value(), CLONE_NEWNET) == 0;
        const int file =
            inside ? ::open("/proc/sys/net/ipv4/ip_unprivileged_port_start", O_WRONLY) : -1;
        ::_exit(file >= 0 && ::write(file, "0", 1) == 1 ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) < 0 || status != 0)
        std::cerr << "voidrun-local: ports below 1024 cannot be used in the sandbox\n";
}

// bwrap names its sandbox's first process before the namespace has its account, and without one
// we would have no rights in it.
void waitForAccount(const std::string &guest)
{
    for (int look = 0; look < maxLooks; ++look) {
        std::string line;
        if (std::getline(std::ifstream("/proc/" + guest + "/uid_map"), line) && !line.empty())
            return;
        ::usleep(1000);
    }
    throw std::runtime_error("the sandbox was not set up in time");
}

void enterOwnerOfNetwork(const std::string &guest)
{
    waitForAccount(guest);
    const std::string path = "/proc/" + guest + "/ns/net";
    const FileDescriptor network(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    check(network.value(), path);
    const FileDescriptor owner(::ioctl(network.value(), NS_GET_USERNS));
    check(owner.value(), "owner of the network");
    check(::setns(owner.value(), CLONE_NEWUSER), "user namespace");
    openLowPorts(network);
}

uid_t accountFrom(const char *text)
{
    return static_cast<uid_t>(std::strtoul(text, nullptr, 10));
}

[[noreturn]] void become(const char *program, char *const *arguments)
{
    ::execv(program, arguments);
    throw std::system_error(errno, std::generic_category(), program);
}

// launch-sandbox ACCOUNT FOLDER USR-FOLDERS IMAGE AGENT PROGRAM ARGUMENTS…
[[noreturn]] void launchSandbox(std::span<char *const> arguments)
{
    showSandbox({arguments[3], arguments[4], arguments[5], arguments[6]});
    become(accountFrom(arguments[2]));
    check(::chdir("/"), "/");
    // The program's own arguments end with a null, as ours do.
    become(arguments[7], arguments.data() + 8);
}

// launch-network ACCOUNT PID PROGRAM ARGUMENTS…
[[noreturn]] void launchNetwork(std::span<char *const> arguments)
{
    const uid_t account = accountFrom(arguments[2]);
    if (account != ::geteuid()) {
        check(::fchown(STDOUT_FILENO, account, account), "output");
        showTunnelDevice();
    }
    become(account);
    enterOwnerOfNetwork(arguments[3]);
    // After the last change of rights, which would clear it.
    check(::prctl(PR_SET_PDEATHSIG, SIGKILL), "parent's end");
    // The engine may have ended before.
    pollfd output{STDOUT_FILENO, 0, 0};
    if (::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0)
        throw std::runtime_error("the engine has ended");
    become(arguments[4], arguments.data() + 4);
}

}  // namespace

SandboxPaths shownPaths(const SandboxPaths &paths)
{
    return {view / "sandbox", paths.usrFolders.empty() ? fs::path() : view / "usr-folders",
            paths.image.empty() ? fs::path() : view / "image", view / "agent"};
}

std::vector<std::string> sandboxLaunch(const GuestAccount &account, const SandboxPaths &paths,
                                       const fs::path &program)
{
    return {"voidrun-local",
            std::string(sandboxWord),
            std::to_string(account.id()),
            paths.folder,
            paths.usrFolders,
            paths.image,
            paths.agent,
            program};
}

std::vector<std::string> networkLaunch(const GuestAccount &account, pid_t guest,
                                       const fs::path &program)
{
    return {"voidrun-local", std::string(networkWord), std::to_string(account.id()),
            std::to_string(guest), program};
}

bool isLaunch(std::span<char *const> arguments)
{
    return (arguments.size() > 8 && arguments[1] == sandboxWord) ||
           (arguments.size() > 5 && arguments[1] == networkWord);
}

int launch(std::span<char *const> arguments)
{
    try {
        if (arguments[1] == sandboxWord)
            launchSandbox(arguments);
        launchNetwork(arguments);
    } catch (const std::exception &error) {
        std::cerr << "voidrun-local: " << error.what() << '\n';
        return 1;
    }
}

}  // namespace voidrun
