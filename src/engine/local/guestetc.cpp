// SPDX-License-Identifier: MIT
#include "guestetc.h"

#include <format>
#include <string_view>
#include <system_error>

#include "guesttools.h"

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

// What maintainer scripts of packages give files to. Debian's own numbers; no _apt, which apt would
// want to become.
constexpr std::string_view passwd = R"(root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
)";

constexpr std::string_view group = R"(root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
mail:x:8:
man:x:12:
dialout:x:20:
cdrom:x:24:
sudo:x:27:
audio:x:29:
www-data:x:33:
shadow:x:42:
utmp:x:43:
video:x:44:
staff:x:50:
games:x:60:
users:x:100:
nogroup:x:65534:
)";

// apt's passwords for its sources.
constexpr std::string_view secret = "auth.conf";

// Copies without following links: a link is made again as it is. What not everybody may read is
// left out.
void copyTree(const fs::path &source, const fs::path &target)
{
    std::error_code error;
    const fs::file_status status = fs::symlink_status(source, error);
    if (source.filename().native().starts_with(secret))
        return;
    if (fs::is_symlink(status)) {
        fs::copy_symlink(source, target, error);
    } else if (fs::is_directory(status)) {
        fs::create_directories(target, error);
        for (const auto &entry : fs::directory_iterator(source, error))
            copyTree(entry.path(), target / entry.path().filename());
    } else if (fs::is_regular_file(status) && fs::file_size(source, error) <= largestCurated &&
               (status.permissions() & fs::perms::others_read) != fs::perms::none) {
        fs::create_directories(target.parent_path(), error);
        fs::copy_file(source, target, error);
        fs::permissions(target, fs::perms::owner_write, fs::perm_options::add, error);
    }
    if (error == std::errc::no_space_on_device)
        throw std::system_error(error, target.string());
}

}  // namespace

void makeGuestEtc(const fs::path &etc, const std::string &host)
{
    for (const char *name : curated)
        copyTree(fs::path("/etc") / name, etc / name);
    fs::create_directories(etc / "profile.d");
    placeFile(etc / "profile", profile);
    placeFile(etc / "bash.bashrc", bashrc);
    placeFile(etc / "hostname", host + '\n');
    placeFile(etc / "hosts", std::format("127.0.0.1\tlocalhost {0}\n::1\tlocalhost {0}\n", host));
    placeFile(etc / "passwd", passwd);
    placeFile(etc / "group", group);
    placeFile(etc / "nsswitch.conf",
              "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
              "services: files\nprotocols: files\n");
    placeFile(etc / "resolv.conf", resolver);
}

}  // namespace voidrun
