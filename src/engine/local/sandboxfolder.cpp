// SPDX-License-Identifier: MIT
#include "sandboxfolder.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "common/filedescriptor.h"
#include "common/randomid.h"
#include "common/spawn.h"
#include "guestetc.h"
#include "guestpackages.h"
#include "guesttools.h"
#include "statedirectory.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

// Less than this left after a copy that failed: the disk was full.
constexpr std::uintmax_t smallestSpace = 1024 * 1024;

// bwrap mounts on these; they must be real folders.
constexpr const char *mountPoints[] = {"usr", "proc", "dev", "run"};

constexpr const char *folders[] = {"app",     "boot",    "etc",       "home",   "media", "mnt",
                                   "opt",     "root",    "srv",       "sys",    "tmp",   "var",
                                   "var/lib", "var/log", "var/cache", "var/tmp"};

// Shares blocks with the image where the file system can.
void copyImage(const fs::path &image, const fs::path &target)
{
    SpawnRequest request;
    request.program = "/bin/cp";
    request.arguments = {"cp",        "-a",  "--reflink=auto", "--no-preserve=ownership", "--",
                         image / ".", target};
    int status = 0;
    const pid_t pid = spawnProcess(request);
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (status != 0)
        throw std::system_error(fs::space(target).available < smallestSpace ? ENOSPC : EIO,
                                std::generic_category(), "copying " + image.string());
}

// /bin, /lib and so on as links, as the host has them; real folders are bound by bwrap instead.
void makeTopLinks(const fs::path &root)
{
    for (const char *name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
        const fs::path source = fs::path("/") / name;
        std::error_code error;
        if (fs::is_symlink(source, error))
            fs::copy_symlink(source, root / name);
        else if (fs::is_directory(source, error))
            fs::create_directory(root / name);
    }
}

}  // namespace

std::string hostName(const SandboxRecord &record)
{
    std::string name = record.name.substr(0, 63);
    while (name.ends_with('.') || name.ends_with('-'))
        name.pop_back();
    return name;
}

void SandboxFolder::make(const SandboxRecord &record, const fs::path &image,
                         const GuestAccount &account) const
{
    fs::create_directory(m_path);
    fs::create_directory(root());
    if (image.empty())
        makeOwnSystem(record);
    else
        makeFromImage(image, account);
    save(record);
    prepare(account);
}

void SandboxFolder::makeOwnSystem(const SandboxRecord &record) const
{
    fs::create_directory(usrUpper());
    fs::create_directory(usrWork());
    for (const char *name : mountPoints)
        fs::create_directory(root() / name);
    for (const char *name : folders)
        fs::create_directory(root() / name);
    fs::permissions(root() / "tmp", fs::perms::all | fs::perms::sticky_bit);
    fs::permissions(root() / "var/tmp", fs::perms::all | fs::perms::sticky_bit);
    fs::permissions(root() / "root", fs::perms::owner_all);
    fs::create_symlink("/run", root() / "var/run");
    fs::create_symlink("/run/lock", root() / "var/lock");
    makeTopLinks(root());
    makeGuestEtc(root() / "etc", hostName(record));
    placeGuestTools(root());
    if (!hostHasPackageList())
        return;
    fs::create_directories(root() / packageList);
    fs::create_directory(packagesUpper());
    fs::create_directory(packagesWork());
    makePackageLayer(packagesUpper());
    placePackageSettings(root(), usrUpper());
}

// A layer where the image is the guest account's, so that its root may change every file; a copy
// where it is not.
void SandboxFolder::makeFromImage(const fs::path &image, const GuestAccount &account) const
{
    struct stat info{};
    if (::stat(image.c_str(), &info) != 0)
        throw std::system_error(errno, std::generic_category(), image.string());
    if (info.st_uid == account.id())
        fs::create_directory(rootWork());
    else
        copyImage(image, root());
    for (const char *name : {"etc", "app"})
        fs::create_directories(root() / name);
    placeFile(root() / "etc/resolv.conf", resolver);
}

void SandboxFolder::prepare(const GuestAccount &account) const
{
    for (const fs::path &tree :
         {root(), rootWork(), usrUpper(), usrWork(), packagesUpper(), packagesWork()}) {
        if (fs::exists(tree))
            account.adopt(tree);
    }
    FileDescriptor fd(::open(root().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.isOpen())
        throw std::system_error(errno, std::generic_category(), root().string());
    for (const char *name : mountPoints) {
        struct stat info{};
        if (::fstatat(fd.value(), name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
            if (S_ISDIR(info.st_mode))
                continue;
            const std::string aside = std::string(name) + ".replaced-" + randomHex(4);
            ::renameat(fd.value(), name, fd.value(), aside.c_str());
        }
        if (::mkdirat(fd.value(), name, 0755) != 0 ||
            ::fchownat(fd.value(), name, account.id(), account.id(), AT_SYMLINK_NOFOLLOW) != 0)
            throw std::system_error(errno, std::generic_category(), (root() / name).string());
    }
}

bool SandboxFolder::hasHostPackages() const
{
    const FileDescriptor top(::open(root().c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    const FileDescriptor target(
        static_cast<int>(::syscall(SYS_openat2, top.value(), packageList, &how, sizeof how)));
    return target.isOpen() && fs::exists(packagesUpper());
}

void SandboxFolder::sweep() const
{
    std::error_code ignored;
    fs::remove(agentSocket(), ignored);
    fs::remove(m_path / "sandbox.json.new", ignored);
}

void SandboxFolder::save(const SandboxRecord &record) const
{
    writeFileSafely(m_path / "sandbox.json", boost::json::serialize(record.toJson()));
}

}  // namespace voidrun
