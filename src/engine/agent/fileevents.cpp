// SPDX-License-Identifier: MIT
#include "fileevents.h"

#include <sys/stat.h>

#include <boost/json.hpp>
#include <chrono>
#include <utility>

#include "common/jsonbody.h"
#include "common/times.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxEvents = 4096;

const char *typeName(FileEvent::Type type)
{
    switch (type) {
        case FileEvent::Type::Created:
            return "created";
        case FileEvent::Type::Modified:
            return "modified";
        case FileEvent::Type::Deleted:
            return "deleted";
        case FileEvent::Type::Renamed:
            return "renamed";
        case FileEvent::Type::ModeChanged:
            return "chmod";
        case FileEvent::Type::Rescan:
            break;
    }
    return "rescan";
}

}  // namespace

std::string FileEvent::toJson() const
{
    boost::json::object object{{"type", typeName(type)}, {"path", toValidUtf8(path)}};
    if (!oldPath.empty())
        object["oldPath"] = toValidUtf8(oldPath);
    struct stat info{};
    if (type != Type::Deleted && type != Type::Rescan && ::lstat(path.c_str(), &info) == 0 &&
        S_ISREG(info.st_mode))
        object["size"] = info.st_size;
    object["timestamp"] = time;
    return boost::json::serialize(object);
}

// A file that is new is being written, too; one that was written need not be told twice.
bool FileEventQueue::isKnown(FileEvent::Type type, const std::string &path) const
{
    using enum FileEvent::Type;
    const auto last = m_last.find(path);
    if (last == m_last.end())
        return false;
    switch (type) {
        case Created:
            return last->second == Created;
        case Modified:
            return last->second == Created || last->second == Modified;
        case ModeChanged:
            return last->second == Created || last->second == ModeChanged;
        default:
            return false;
    }
}

// What comes to be in a folder of that name is another file than the one that went with it.
void FileEventQueue::forgetBelow(const std::string &path)
{
    const std::string prefix = path + '/';
    for (auto it = m_last.lower_bound(prefix); it != m_last.end() && it->first.starts_with(prefix);)
        it = m_last.erase(it);
}

void FileEventQueue::add(FileEvent::Type type, const std::string &path, const std::string &oldPath)
{
    if (m_overflowed || isKnown(type, path))
        return;
    if (m_events.size() >= maxEvents)
        return addRescan();
    m_events.push_back({type, path, oldPath, formatTime(std::chrono::system_clock::now())});
    m_last[path] = type;
    if (type == FileEvent::Type::Deleted || type == FileEvent::Type::Renamed)
        forgetBelow(path);
    if (!oldPath.empty()) {
        m_last.erase(oldPath);
        forgetBelow(oldPath);
    }
}

void FileEventQueue::addRescan()
{
    m_events.assign(
        1, {FileEvent::Type::Rescan, m_root, {}, formatTime(std::chrono::system_clock::now())});
    m_last.clear();
    m_overflowed = true;
}

std::vector<FileEvent> FileEventQueue::take()
{
    m_last.clear();
    m_overflowed = false;
    return std::exchange(m_events, {});
}

}  // namespace voidrun
