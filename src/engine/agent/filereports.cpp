// SPDX-License-Identifier: MIT
#include "filereports.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <format>
#include <set>
#include <system_error>
#include <vector>

#include "common/filedescriptor.h"
#include "filetree.h"

namespace voidrun
{

namespace
{

constexpr std::size_t blockSize = 64 * 1024;
constexpr std::size_t maxText = 8 * 1024 * 1024;
constexpr std::size_t maxFound = 100;
// Hard links are counted once for so many files.
constexpr std::size_t maxLinked = 100'000;

void addFailure(ToolResult &result, const std::string &path, int error)
{
    constexpr std::size_t maxErrors = 64 * 1024;
    if (result.errors.size() < maxErrors)
        result.errors += path + ": " + std::generic_category().message(error) + '\n';
}

std::size_t readAt(int file, std::span<char> block, off_t place)
{
    const auto size = ::pread(file, block.data(), block.size(), place);
    if (size < 0)
        throw std::system_error(errno, std::generic_category(), "read");
    return static_cast<std::size_t>(size);
}

std::string firstLines(int file, std::size_t lines)
{
    std::string text;
    std::vector<char> block(blockSize);
    while (lines > 0 && text.size() < maxText) {
        const std::size_t size = readAt(file, block, static_cast<off_t>(text.size()));
        if (size == 0)
            return text;
        std::size_t end = 0;
        while (end < size && lines > 0) {
            if (block[end++] == '\n')
                --lines;
        }
        text.append(block.data(), end);
    }
    if (lines > 0)
        text += "\n[output truncated: only the first 8 MiB are shown]\n";
    return text;
}

// The line end at the text's end ends the last line and begins none.
std::string_view lastOf(std::string_view text, std::size_t lines)
{
    for (std::size_t at = text.size(); at > 1; --at) {
        if (text[at - 2] == '\n' && --lines == 0)
            return text.substr(at - 1);
    }
    return text;
}

// A file that says that it is empty, as those of /proc, is read forwards.
std::string wholeText(int file)
{
    std::string text;
    std::vector<char> block(blockSize);
    while (const std::size_t size = readAt(file, block, static_cast<off_t>(text.size()))) {
        text.append(block.data(), size);
        if (text.size() > maxText)
            text.erase(0, blockSize);
    }
    return text;
}

std::string lastLines(int file, std::size_t lines, off_t fileSize)
{
    if (fileSize == 0)
        return std::string(lastOf(wholeText(file), lines));
    std::string text;
    std::vector<char> block(blockSize);
    std::size_t ends = 0;
    off_t place = fileSize;
    // One more line end than lines: the one before the first of them.
    while (place > 0 && ends <= lines && text.size() < maxText) {
        const auto part = std::min<off_t>(place, static_cast<off_t>(blockSize));
        const std::size_t size =
            readAt(file, std::span(block).first(static_cast<std::size_t>(part)), place - part);
        ends += static_cast<std::size_t>(std::count(block.data(), block.data() + size, '\n'));
        text.insert(0, block.data(), size);
        place -= part;
    }
    const bool truncated = place > 0 && ends <= lines;
    return (truncated ? "[output truncated: only the last 8 MiB are shown]\n" : "") +
           std::string(lastOf(text, lines));
}

}  // namespace

ToolResult headOrTail(const std::string &path, std::size_t lines, bool head)
{
    ToolResult result;
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat info{};
    if (!file.isOpen() || ::fstat(file.value(), &info) != 0) {
        addFailure(result, path, errno);
    } else if (!S_ISREG(info.st_mode)) {
        result.errors = path + ": This is not a file.\n";
    } else {
        try {
            result.output = head ? firstLines(file.value(), lines)
                                 : lastLines(file.value(), lines, info.st_size);
        } catch (const std::system_error &error) {
            addFailure(result, path, error.code().value());
        }
    }
    return result;
}

bool containsPattern(std::string_view text, std::string_view pattern)
{
    while (!pattern.empty()) {
        const std::size_t star = std::min(pattern.find('*'), pattern.size());
        const std::size_t found = text.find(pattern.substr(0, star));
        if (found == std::string_view::npos)
            return false;
        text.remove_prefix(found + star);
        pattern.remove_prefix(std::min(star + 1, pattern.size()));
    }
    return true;
}

ToolResult searchFiles(const std::string &folder, const std::string &pattern)
{
    ToolResult result;
    std::size_t count = 0;
    const auto visit = [&](const TreeEntry &entry) {
        const std::string_view name =
            std::string_view(entry.path).substr(entry.path.rfind('/') + 1);
        if (S_ISREG(entry.info.st_mode) && containsPattern(name, pattern)) {
            result.output += entry.path + '\n';
            ++count;
        }
        return count < maxFound ? Walk::Enter : Walk::Stop;
    };
    // Only the folder itself must be readable.
    walkTree(folder, visit, [&](const std::string &path, int error) {
        if (path == folder)
            addFailure(result, path, error);
    });
    return result;
}

std::string shortSize(std::uint64_t bytes)
{
    constexpr std::string_view units = "KMGTPE";
    if (bytes < 1024)
        return std::to_string(bytes);
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    // Rounded up, as a disk is filled.
    while (std::ceil(value) >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    const double tenths = std::ceil(value * 10) / 10;
    return tenths < 10 ? std::format("{:.1f}{}", tenths, units[unit])
                       : std::format("{:.0f}{}", std::ceil(value), units[unit]);
}

ToolResult diskUsage(const std::string &path)
{
    ToolResult result;
    struct stat top{};
    if (::lstat(path.c_str(), &top) != 0) {
        addFailure(result, path, errno);
        return result;
    }
    std::uint64_t blocks = static_cast<std::uint64_t>(top.st_blocks);
    std::set<std::pair<dev_t, ino_t>> linked;
    const auto visit = [&](const TreeEntry &entry) {
        const bool counted = entry.info.st_nlink > 1 && !S_ISDIR(entry.info.st_mode) &&
                             linked.size() < maxLinked &&
                             !linked.emplace(entry.info.st_dev, entry.info.st_ino).second;
        if (!counted)
            blocks += static_cast<std::uint64_t>(entry.info.st_blocks);
        return Walk::Enter;
    };
    if (S_ISDIR(top.st_mode))
        walkTree(path, visit,
                 [&](const std::string &where, int error) { addFailure(result, where, error); });
    result.output = shortSize(blocks * 512) + '\t' + path;
    return result;
}

}  // namespace voidrun
