// SPDX-License-Identifier: MIT
#include "guestprocesses.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <format>
#include <fstream>
#include <set>
#include <sstream>

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t maxProcesses = 5000;  // more than the limit on tasks lets there be
constexpr std::uint64_t maxEntries = 4'000'000;

std::string readText(const std::string &path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// The children that each of the process's threads has started.
void addChildren(pid_t pid, std::vector<pid_t> &result)
{
    std::error_code error;
    for (const auto &task : fs::directory_iterator(std::format("/proc/{}/task", pid), error)) {
        std::ifstream children(task.path() / "children");
        for (pid_t child = 0; children >> child && result.size() < maxProcesses;)
            result.push_back(child);
    }
}

// Whether the process is a bwrap, an agent or a pasta of this sandbox; their command lines end so.
bool isOf(pid_t pid, const std::string &id)
{
    return readText(std::format("/proc/{}/cmdline", pid)).ends_with('\0' + id + '\0');
}

// The number after "Name:" in bytes; such files count in kB.
std::uint64_t field(const std::string &text, const std::string &name)
{
    const auto at = text.find('\n' + name + ':');
    if (at == std::string::npos)
        return 0;
    const auto digits = text.find_first_of("0123456789", at);
    std::uint64_t value = 0;
    if (digits != std::string::npos)
        std::from_chars(text.data() + digits, text.data() + text.size(), value);
    return value * 1024;
}

}  // namespace

std::vector<pid_t> processesOf(pid_t first)
{
    std::vector<pid_t> result{first};
    for (std::size_t i = 0; i < result.size(); ++i)
        addChildren(result[i], result);
    return result;
}

std::uint64_t roughMemory(const std::vector<pid_t> &processes)
{
    static const auto pageSize = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::uint64_t pages = 0;
    for (const pid_t pid : processes) {
        std::ifstream statm(std::format("/proc/{}/statm", pid));
        std::uint64_t size = 0;
        std::uint64_t resident = 0;
        if (statm >> size >> resident)
            pages += resident;
    }
    return pages * pageSize;
}

std::vector<GuestProcess> exactMemory(const std::vector<pid_t> &processes)
{
    std::vector<GuestProcess> result;
    for (const pid_t pid : processes) {
        const std::string text = readText(std::format("/proc/{}/smaps_rollup", pid));
        result.push_back({pid, field(text, "Pss_Anon") + field(text, "Pss_Shmem")});
    }
    return result;
}

std::string nameOf(pid_t pid)
{
    std::string name = readText(std::format("/proc/{}/comm", pid));
    while (name.ends_with('\n'))
        name.pop_back();
    return name;
}

void endLeftovers(const std::vector<std::string> &ids)
{
    std::error_code error;
    for (const auto &entry : fs::directory_iterator("/proc", error)) {
        pid_t pid = 0;
        const std::string name = entry.path().filename();
        std::from_chars(name.data(), name.data() + name.size(), pid);
        if (pid > 0 && pid != ::getpid() &&
            std::ranges::any_of(ids, [&](const std::string &id) { return isOf(pid, id); }))
            ::kill(pid, SIGKILL);
    }
}

bool endInherited(const std::string &id)
{
    std::vector<pid_t> children;
    addChildren(::getpid(), children);
    bool gone = true;
    for (const pid_t pid : children) {
        const std::string name = nameOf(pid);
        // Whoever else waits for one of these learns of its end by its pidfd.
        const bool reaped =
            (name == "bwrap" || name == "agent") && ::waitpid(pid, nullptr, WNOHANG) == pid;
        if (!reaped && name != "pasta" && name != "pasta.avx2" && isOf(pid, id)) {
            ::kill(pid, SIGKILL);
            gone = false;
        }
    }
    return gone;
}

DiskUse diskUse(const std::vector<std::string> &folders)
{
    DiskUse use;
    std::set<ino_t> seen;
    constexpr auto options = fs::directory_options::skip_permission_denied;
    for (const std::string &folder : folders) {
        std::error_code error;
        for (auto it = fs::recursive_directory_iterator(folder, options, error);
             !error && it != fs::recursive_directory_iterator() && use.entries < maxEntries;
             it.increment(error)) {
            struct stat info{};
            if (::lstat(it->path().c_str(), &info) != 0)
                continue;
            ++use.entries;
            const bool linked = !S_ISDIR(info.st_mode) && info.st_nlink > 1;
            if (!linked || seen.insert(info.st_ino).second)
                use.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
        }
    }
    return use;
}

}  // namespace voidrun
