// SPDX-License-Identifier: MIT
#include "sandboxfolder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <format>
#include <fstream>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/randomid.h"
#include "common/spawn.h"
#include "guesttools.h"
#include "statedirectory.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

// What programs need from the host's /etc. Nothing that names the host, its users or its secrets.
constexpr const char *curated[] = {
    "adduser.conf",
    "alternatives",
    "apt",
    "ca-certificates.conf",
    "debconf.conf",
    "debian_version",
    "deluser.conf",
    "dpkg",
    "gai.conf",
    "host.conf",
    "inputrc",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "login.defs",
    "magic",
    "mime.types",
    "networks",
    "os-release",
    "perl",
    "protocols",
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "rpc",
    "services",
    "shells",
    "skel",
    "ssl/certs/ca-certificates.crt",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
};

constexpr std::uintmax_t largestCurated = 4 * 1024 * 1024;
// Less than this left after a copy that failed: the disk was full.
constexpr std::uintmax_t smallestSpace = 1024 * 1024;

// bwrap mounts on these; they must be real folders.
constexpr const char *mountPoints[] = {"usr", "proc", "dev", "run"};

constexpr const char *folders[] = {"app",     "boot",    "etc",       "home",   "media", "mnt",
                                   "opt",     "root",    "srv",       "sys",    "tmp",   "var",
                                   "var/lib", "var/log", "var/cache", "var/tmp"};

constexpr std::string_view profile = R"(# Read by login shells.
PATH=${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}
export PATH
[ -z "$BASH" ] || [ ! -r /etc/bash.bashrc ] || . /etc/bash.bashrc
for part in /etc/profile.d/*.sh; do
  [ ! -r "$part" ] || . "$part"
done
unset part
)";

constexpr std::string_view bashrc = R"(# Read by interactive shells.
case $- in *i*) ;; *) return ;; esac
PS1='\h:\w$ '
shopt -s checkwinsize
HISTCONTROL=ignoredups
alias ls='ls --color=auto'
alias ll='ls -l'
)";

// The network forwards what is asked there to this computer's own name server (network.cpp).
constexpr std::string_view resolver = "nameserver 169.254.1.1\n";

// Copies without following links: a link is made again as it is. What cannot be read is left out.
void copyTree(const fs::path &source, const fs::path &target)
{
    std::error_code error;
    const fs::file_status status = fs::symlink_status(source, error);
    if (fs::is_symlink(status)) {
        fs::copy_symlink(source, target, error);
    } else if (fs::is_directory(status)) {
        fs::create_directories(target, error);
        for (const auto &entry : fs::directory_iterator(source, error))
            copyTree(entry.path(), target / entry.path().filename());
    } else if (fs::is_regular_file(status) && fs::file_size(source, error) <= largestCurated &&
               ::access(source.c_str(), R_OK) == 0) {
        fs::create_directories(target.parent_path(), error);
        fs::copy_file(source, target, error);
        fs::permissions(target, fs::perms::owner_write, fs::perm_options::add, error);
    }
    if (error == std::errc::no_space_on_device)
        throw std::system_error(error, target.string());
}

void write(const fs::path &path, std::string_view content)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content;
    if (!file.flush())
        throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), path.string());
}

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

void makeEtc(const fs::path &etc, const std::string &host)
{
    for (const char *name : curated)
        copyTree(fs::path("/etc") / name, etc / name);
    fs::create_directories(etc / "profile.d");
    write(etc / "profile", profile);
    write(etc / "bash.bashrc", bashrc);
    write(etc / "hostname", host + '\n');
    write(etc / "hosts", std::format("127.0.0.1\tlocalhost {0}\n::1\tlocalhost {0}\n", host));
    write(etc / "passwd",
          "root:x:0:0:root:/root:/bin/bash\n"
          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n");
    write(etc / "group", "root:x:0:\ntty:x:5:\nstaff:x:50:\nnogroup:x:65534:\n");
    write(etc / "nsswitch.conf",
          "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
          "services: files\nprotocols: files\n");
    write(etc / "resolv.conf", resolver);
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
    makeEtc(root() / "etc", hostName(record));
    placeGuestTools(root());
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
    write(root() / "etc/resolv.conf", resolver);
}

void SandboxFolder::prepare(const GuestAccount &account) const
{
    for (const fs::path &tree : {root(), rootWork(), usrUpper(), usrWork()}) {
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
