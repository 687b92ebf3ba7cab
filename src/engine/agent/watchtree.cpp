// SPDX-License-Identifier: MIT
#include "watchtree.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>
#include <vector>

#include "common/log.h"
#include "filetree.h"
#include "temporaryfile.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxWatches = 32'768;
constexpr std::uint32_t insideFlags = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ATTRIB |
                                      IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
                                      IN_ONLYDIR | IN_EXCL_UNLINK;

bool exists(const std::string &path)
{
    struct stat info{};
    return ::lstat(path.c_str(), &info) == 0;
}

bool isFolder(const std::string &path)
{
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string parentOf(const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string joined(const std::string &folder, std::string_view name)
{
    return (folder == "/" ? "" : folder) + '/' + std::string(name);
}

bool isBelow(std::string_view path, std::string_view folder)
{
    return path.size() > folder.size() && path.starts_with(folder) &&
           (path[folder.size()] == '/' || folder == "/");
}

}  // namespace

WatchTree::WatchTree(Options options, FileEventQueue &events)
    : m_options(std::move(options)),
      m_events(events),
      m_inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    if (!m_inotify.isOpen())
        throw std::system_error(errno, std::generic_category(), "inotify");
    start(false);
}

// With `announce`, what is found is told as created.
void WatchTree::start(bool announce)
{
    forgetAll();
    m_limited = false;
    if (announce && exists(m_options.root))
        m_events.add(FileEvent::Type::Created, m_options.root);
    m_inside = isFolder(m_options.root);
    if (m_inside)
        addFolder(m_options.root, announce);
    // Gone between the look and the watch?
    m_inside = m_inside && (!m_folders.empty() || m_limited);
    if (!m_inside)
        watchAbove();
}

// The next folder of the way may appear while the watch is made, so look again afterwards.
void WatchTree::watchAbove()
{
    const std::string &root = m_options.root;
    for (int attempt = 0; attempt < PATH_MAX && !m_limited; ++attempt) {
        std::string above = parentOf(root);
        while (!isFolder(above))
            above = parentOf(above);
        forgetAll();
        if (!addWatch(above, insideFlags))
            continue;
        const std::size_t end = root.find('/', above == "/" ? 1 : above.size() + 1);
        if (end == std::string::npos || !isFolder(root.substr(0, end)))
            return;
    }
}

bool WatchTree::addWatch(const std::string &path, std::uint32_t flags)
{
    int watch = -1;
    if (m_folders.size() < maxWatches)
        watch = ::inotify_add_watch(m_inotify.value(), path.c_str(), flags);
    if (watch < 0) {
        if (m_folders.size() >= maxWatches || errno == ENOSPC || errno == ENOMEM)
            handleLimit();
        return false;
    }
    // A folder that was moved keeps the watch that it had.
    if (const auto known = m_folders.find(watch); known != m_folders.end())
        m_watches.erase(known->second);
    m_folders[watch] = path;
    m_watches[path] = watch;
    return true;
}

void WatchTree::addFolder(const std::string &path, bool announce)
{
    const bool isRoot = path == m_options.root;
    if (!addWatch(path, insideFlags | (isRoot ? 0U : IN_DONT_FOLLOW)))
        return;
    // What was there before the watch is found here; what comes later is told by the kernel.
    walkTree(
        path,
        [&](const TreeEntry &entry) {
            const char *name = entry.path.c_str() + entry.path.rfind('/') + 1;
            if (isIgnored(name))
                return Walk::Skip;
            if (announce)
                m_events.add(FileEvent::Type::Created, entry.path);
            if (!S_ISDIR(entry.info.st_mode) || !m_options.recursive)
                return Walk::Skip;
            if (addWatch(entry.path, insideFlags | IN_DONT_FOLLOW))
                return Walk::Enter;
            return m_limited ? Walk::Stop : Walk::Skip;
        },
        [](const std::string &, int) {});
}

void WatchTree::forgetAll()
{
    for (const auto &[watch, path] : m_folders)
        ::inotify_rm_watch(m_inotify.value(), watch);
    m_folders.clear();
    m_watches.clear();
    m_movedFrom.clear();
}

void WatchTree::forgetBelow(const std::string &path)
{
    for (auto it = m_watches.lower_bound(path);
         it != m_watches.end() && it->first.starts_with(path);) {
        if (it->first != path && !isBelow(it->first, path)) {
            ++it;
            continue;
        }
        ::inotify_rm_watch(m_inotify.value(), it->second);
        m_folders.erase(it->second);
        it = m_watches.erase(it);
    }
}

void WatchTree::rename(const std::string &from, const std::string &to)
{
    std::vector<std::pair<std::string, int>> moved;
    for (auto it = m_watches.lower_bound(from);
         it != m_watches.end() && it->first.starts_with(from);) {
        if (it->first != from && !isBelow(it->first, from)) {
            ++it;
            continue;
        }
        moved.emplace_back(to + it->first.substr(from.size()), it->second);
        it = m_watches.erase(it);
    }
    for (const auto &[path, watch] : moved) {
        m_watches[path] = watch;
        m_folders[watch] = path;
    }
}

// While events wait to be read, a folder may be made, moved away and made again: then the second
// one was watched under the name of the first, which is called `path` now and not watched at all.
void WatchTree::checkMoved(const std::string &path)
{
    const int watch =
        ::inotify_add_watch(m_inotify.value(), path.c_str(), insideFlags | IN_DONT_FOLLOW);
    const auto known = m_watches.find(path);
    if (watch < 0 || (known != m_watches.end() && known->second == watch))
        return;
    forgetBelow(path);
    addFolder(path, true);
}

void WatchTree::readEvents()
{
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    while (true) {
        const auto size = ::read(m_inotify.value(), buffer.data(), buffer.size());
        if (size <= 0)
            return;
        for (const char *at = buffer.data(); at < buffer.data() + size;) {
            const auto *event = reinterpret_cast<const inotify_event *>(at);
            handle(*event, event->len > 0 ? event->name : "");
            at += sizeof(inotify_event) + event->len;
        }
    }
}

void WatchTree::handle(const inotify_event &event, const char *name)
{
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
        // Folders may have been missed as well.
        start(false);
        return m_events.addRescan();
    }
    const auto folder = m_folders.find(event.wd);
    if (folder == m_folders.end())
        return;
    const bool isSelf = (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0;
    if (isSelf && (!m_inside || folder->second == m_options.root))
        return handleRootGone();
    if ((event.mask & IN_IGNORED) != 0) {
        const auto watch = m_watches.find(folder->second);
        if (watch != m_watches.end() && watch->second == event.wd)
            m_watches.erase(watch);
        m_folders.erase(folder);
        return;
    }
    if (isSelf || *name == '\0')
        return;
    // The other half of a rename follows at once: this folder has been moved away.
    if (std::ranges::any_of(m_movedFrom, [&](const auto &half) {
            return folder->second == half.second || isBelow(folder->second, half.second);
        }))
        return giveUpHalves();
    const std::string path = joined(folder->second, name);
    if (!m_inside)
        handleAbove(event, path);
    else if (!isIgnored(name))
        handleInside(event, path);
}

void WatchTree::handleInside(const inotify_event &event, const std::string &path)
{
    using enum FileEvent::Type;
    const bool entersFolder = (event.mask & IN_ISDIR) != 0 && m_options.recursive;
    if ((event.mask & IN_CREATE) != 0) {
        m_events.add(Created, path);
        if (entersFolder)
            addFolder(path, true);
    } else if ((event.mask & IN_DELETE) != 0) {
        m_events.add(Deleted, path);
    } else if ((event.mask & IN_MOVED_FROM) != 0) {
        m_movedFrom[event.cookie] = path;
    } else if ((event.mask & IN_MOVED_TO) != 0) {
        handleMovedTo(event, path);
    } else if ((event.mask & IN_MODIFY) != 0) {
        m_events.add(Modified, path);
    } else if ((event.mask & IN_ATTRIB) != 0 && exists(path)) {
        // A file without a name, as an upload on its way is, has one only for the kernel.
        m_events.add(ModeChanged, path);
    }
}

void WatchTree::handleMovedTo(const inotify_event &event, const std::string &path)
{
    const auto from = m_movedFrom.find(event.cookie);
    forgetBelow(path);  // of an empty folder that was replaced
    if (from != m_movedFrom.end()) {
        m_events.add(FileEvent::Type::Renamed, path, from->second);
        rename(from->second, path);
        m_movedFrom.erase(from);
        if ((event.mask & IN_ISDIR) != 0 && m_options.recursive)
            checkMoved(path);
        return;
    }
    m_events.add(FileEvent::Type::Created, path);
    if ((event.mask & IN_ISDIR) != 0 && m_options.recursive)
        addFolder(path, true);
}

void WatchTree::giveUpHalves()
{
    for (const auto &[cookie, path] : std::exchange(m_movedFrom, {})) {
        m_events.add(FileEvent::Type::Deleted, path);
        forgetBelow(path);
    }
}

// The root is one file, or is not there.
void WatchTree::handleAbove(const inotify_event &event, const std::string &path)
{
    using enum FileEvent::Type;
    const bool appeared = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
    if (path != m_options.root) {
        if (appeared && isBelow(m_options.root, path))
            start(true);
    } else if (appeared && isFolder(path)) {
        start(true);
    } else if (appeared) {
        m_events.add(Created, path);
    } else if ((event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) {
        m_events.add(Deleted, path);
    } else {
        m_events.add((event.mask & IN_MODIFY) != 0 ? Modified : ModeChanged, path);
    }
}

void WatchTree::handleRootGone()
{
    if (m_inside)
        m_events.add(FileEvent::Type::Deleted, m_options.root);
    start(true);
}

// Hidden names when asked for, and always those of uploads on their way.
bool WatchTree::isIgnored(const char *name) const
{
    return (m_options.ignoreHidden && name[0] == '.') || TemporaryFile::isHiddenName(name);
}

void WatchTree::handleLimit()
{
    if (!m_limited)
        log("watching {}: the limit of watched folders is reached", m_options.root);
    m_limited = true;
    m_events.addRescan();
}

}  // namespace voidrun
