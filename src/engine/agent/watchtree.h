// SPDX-License-Identifier: MIT
#pragma once

#include <sys/inotify.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "common/filedescriptor.h"
#include "fileevents.h"

namespace voidrun
{

// Follows a folder, or one file, with the kernel's inotify and makes events of what happens there.
// A root that goes away is waited for in the nearest folder above it that is there. Owned by
// WatchSession; its thread. Blocks for as long as new folders take to be gone through.
class WatchTree
{
public:
    struct Options {
        std::string root;
        bool recursive = true;
        bool ignoreHidden = true;
    };

    // Throws std::system_error when the kernel gives no more watches to this account.
    WatchTree(Options options, FileEventQueue &events);

    // Becomes readable when readEvents() has something to do.
    int descriptor() const { return m_inotify.value(); }
    void readEvents();
    // Renames are told in two halves. A half that was read and has found no other is told as what
    // it is: something that went away.
    bool hasHalves() const { return !m_movedFrom.empty(); }
    void giveUpHalves();

private:
    void start(bool announce);
    void watchAbove();
    void addFolder(const std::string &path, bool announce);
    bool addWatch(const std::string &path, std::uint32_t flags);
    void forgetAll();
    void forgetBelow(const std::string &path);
    void rename(const std::string &from, const std::string &to);
    void checkMoved(const std::string &path);

    void handle(const inotify_event &event, const char *name);
    void handleInside(const inotify_event &event, const std::string &path);
    void handleAbove(const inotify_event &event, const std::string &path);
    void handleMovedTo(const inotify_event &event, const std::string &path);
    void handleRootGone();
    bool isIgnored(const char *name) const;
    void handleLimit();

    Options m_options;
    FileEventQueue &m_events;
    FileDescriptor m_inotify;
    std::unordered_map<int, std::string> m_folders;    // by watch
    std::map<std::string, int> m_watches;              // the same by path
    std::map<std::uint32_t, std::string> m_movedFrom;  // by the kernel's cookie
    bool m_inside = false;  // the root is a folder and is watched; else what is above it
    bool m_limited = false;
};

}  // namespace voidrun
