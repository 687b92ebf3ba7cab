// SPDX-License-Identifier: MIT
#include "statedirectory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "common/log.h"
#include "common/randomid.h"
#include "common/removetree.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

[[noreturn]] void fail(int error, const fs::path &path)
{
    throw std::system_error(error, std::generic_category(), path.string());
}

void makePrivateFolder(const fs::path &path)
{
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        fail(errno, path);
}

void writeAll(int fd, std::string_view content, const fs::path &path)
{
    while (!content.empty()) {
        const auto size = ::write(fd, content.data(), content.size());
        if (size < 0 && errno != EINTR)
            fail(errno, path);
        content.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
}

bool isUsableKey(const std::string &key)
{
    return key.size() >= 32 && key.size() <= 512 &&
           std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

void removeChildren(const fs::path &folder)
{
    FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::vector<std::string> names;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(folder, error))
        names.push_back(entry.path().filename().string());
    for (const std::string &name : names) {
        const int code = removeTree(fd.value(), name);
        if (code != 0 && code != ENOENT)
            log("cannot remove {}: {}", (folder / name).string(),
                std::generic_category().message(code));
    }
}

}  // namespace

StateDirectory::StateDirectory(fs::path path) : m_path(std::move(path))
{
    fs::create_directories(m_path);
    m_path = fs::canonical(m_path);
    // It is made private and swept: never do that to somebody's other folder.
    if (!fs::is_empty(m_path) && !fs::exists(m_path / "lock"))
        throw std::runtime_error(m_path.string() +
                                 " is not empty and was not made by this engine. "
                                 "Choose another folder with --state-dir.");
    if (::chmod(m_path.c_str(), 0700) != 0)
        fail(errno, m_path);
    const fs::path lock = m_path / "lock";
    m_lock.reset(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!m_lock.isOpen())
        fail(errno, lock);
    if (::flock(m_lock.value(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            fail(errno, lock);
        throw StateDirectoryInUse("Another local engine is already using " + m_path.string() +
                                  ". Close it first, or choose another folder with --state-dir.");
    }
    std::error_code ignored;
    fs::remove(endpointFile(), ignored);  // of an engine that is gone
    for (const fs::path &file : {endpointFile(), apiKeyFile(), issuedKeysFile()})
        fs::remove(file.string() + ".new", ignored);
    makePrivateFolder(sandboxes());
    makePrivateFolder(building());
    makePrivateFolder(trash());
    discardBuilding();
}

std::string StateDirectory::apiKey() const
{
    std::error_code error;
    if (fs::exists(apiKeyFile(), error)) {
        std::string key = readFile(apiKeyFile(), 1024);
        while (!key.empty() && (key.back() == '\n' || key.back() == '\r'))
            key.pop_back();
        if (isUsableKey(key)) {
            ::chmod(apiKeyFile().c_str(), 0600);
            return key;
        }
        log("the key in {} is not usable; making a new one", apiKeyFile().string());
    }
    const std::string key = "vr_" + randomHex(24);
    writeFileSafely(apiKeyFile(), key + '\n');
    return key;
}

void StateDirectory::moveToTrash(const fs::path &folder) const
{
    fs::rename(folder, trash() / (folder.filename().string() + '-' + randomHex(4)));
}

void StateDirectory::emptyTrash() const
{
    removeChildren(trash());
}

void StateDirectory::discardBuilding() const
{
    for (const auto &entry : fs::directory_iterator(building()))
        moveToTrash(entry.path());
}

void writeFileSafely(const fs::path &path, std::string_view content)
{
    const fs::path temporary = path.string() + ".new";
    FileDescriptor fd(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.isOpen())
        fail(errno, temporary);
    try {
        writeAll(fd.value(), content, temporary);
        if (::fsync(fd.value()) != 0)
            fail(errno, temporary);
        fs::rename(temporary, path);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

std::string readFile(const fs::path &path, std::size_t limit)
{
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd.isOpen())
        fail(errno, path);
    std::string content(limit + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        const auto got = ::read(fd.value(), content.data() + size, content.size() - size);
        if (got < 0)
            fail(errno, path);
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size > limit)
        fail(EFBIG, path);
    content.resize(size);
    return content;
}

}  // namespace voidrun
