// SPDX-License-Identifier: MIT
#include "temporaryfile.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>

#include "common/randomid.h"

namespace voidrun
{

namespace fs = std::filesystem;

namespace
{

constexpr std::string_view prefix = ".voidrun-upload-";

[[noreturn]] void fail(const std::string &path)
{
    throw std::system_error(errno, std::generic_category(), path);
}

// Hidden names in use and folders already swept. Shared by the file threads.
class HiddenNames
{
public:
    std::string make(const std::string &folder)
    {
        const std::scoped_lock lock(m_mutex);
        sweep(folder);
        return *m_used.insert(folder + '/' + std::string(prefix) + randomHex(8)).first;
    }

    void release(const std::string &name)
    {
        const std::scoped_lock lock(m_mutex);
        m_used.erase(name);
    }

private:
    // Only an agent that was killed leaves such a file: once for each folder in this agent's life.
    void sweep(const std::string &folder)
    {
        if (m_swept.size() > 4096)
            m_swept.clear();
        if (!m_swept.insert(folder).second)
            return;
        std::error_code error;
        for (const auto &entry : fs::directory_iterator(folder, error)) {
            const std::string path = folder + '/' + entry.path().filename().string();
            if (entry.path().filename().string().starts_with(prefix) && !m_used.contains(path))
                ::unlink(path.c_str());
        }
    }

    std::mutex m_mutex;
    std::set<std::string> m_used;
    std::set<std::string> m_swept;
};

HiddenNames &hiddenNames()
{
    static HiddenNames names;
    return names;
}

}  // namespace

bool TemporaryFile::isHiddenName(std::string_view name)
{
    return name.starts_with(prefix);
}

TemporaryFile::TemporaryFile(const std::string &target)
    : m_folder(fs::path(target).parent_path()), m_target(target)
{
    m_file.reset(::open(m_folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    if (m_file.isOpen())
        return;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
        fail(m_folder);
    m_name = hiddenNames().make(m_folder);
    m_file.reset(
        ::open(m_name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!m_file.isOpen()) {
        const int error = errno;
        hiddenNames().release(m_name);
        throw std::system_error(error, std::generic_category(), m_folder);
    }
}

TemporaryFile::~TemporaryFile()
{
    if (m_name.empty())
        return;
    ::unlink(m_name.c_str());
    hiddenNames().release(m_name);
}

void TemporaryFile::giveName()
{
    const std::string link = "/proc/self/fd/" + std::to_string(m_file.value());
    // Straight to the target when nothing is there; else through a hidden name.
    if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, m_target.c_str(), AT_SYMLINK_FOLLOW) == 0)
        return;
    if (errno != EEXIST)
        fail(m_target);
    const std::string name = hiddenNames().make(m_folder);
    if (::linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
        const int error = errno;
        hiddenNames().release(name);
        throw std::system_error(error, std::generic_category(), m_target);
    }
    m_name = name;
}

void TemporaryFile::commit(mode_t mode)
{
    if (::fchmod(m_file.value(), mode) != 0)
        fail(m_target);
    if (m_name.empty())
        giveName();
    if (m_name.empty())
        return;
    if (::rename(m_name.c_str(), m_target.c_str()) != 0)
        fail(m_target);
    hiddenNames().release(m_name);
    m_name.clear();
}

}  // namespace voidrun
