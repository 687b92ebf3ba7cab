// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace voidrun
{

// Something that happened to a file or folder (api.md, section 4). A value.
struct FileEvent {
    enum class Type { Created, Modified, Deleted, Renamed, ModeChanged, Rescan };

    Type type;
    std::string path;
    std::string oldPath;  // of Renamed
    std::string time;

    // As the contract has it; asks the disk for the size.
    std::string toJson() const;
};

// Events that wait to be sent. What says nothing new is left out; when there are too many, one
// Rescan stands for all. A value; one thread.
class FileEventQueue
{
public:
    // `root` is what a Rescan names.
    explicit FileEventQueue(std::string root) : m_root(std::move(root)) {}

    void add(FileEvent::Type type, const std::string &path, const std::string &oldPath = {});
    // Something was missed: look at everything again.
    void addRescan();
    bool isEmpty() const { return m_events.empty(); }
    std::vector<FileEvent> take();

private:
    bool isKnown(FileEvent::Type type, const std::string &path) const;
    void forgetBelow(const std::string &path);

    std::string m_root;
    std::vector<FileEvent> m_events;
    std::map<std::string, FileEvent::Type> m_last;  // of each path
    bool m_overflowed = false;
};

}  // namespace voidrun
