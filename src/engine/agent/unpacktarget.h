// SPDX-License-Identifier: MIT
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "common/filedescriptor.h"

namespace voidrun
{

// A folder that an archive is written into. Paths are relative and clean; no link is followed on
// the way, whoever makes one meanwhile, so nothing outside the folder is touched. Errors are
// system_error. Blocks; one thread.
class UnpackTarget
{
public:
    explicit UnpackTarget(const std::string &folder);

    void makeFolder(const std::filesystem::path &path, mode_t mode, timespec time);
    // In the place of what is there, but not of a folder.
    FileDescriptor createFile(const std::filesystem::path &path);
    void makeLink(const std::filesystem::path &path, const std::string &target);
    void makeHardLink(const std::filesystem::path &path, const std::filesystem::path &existing);
    // Gives the folders their modes and times; after everything else.
    void finish();

private:
    struct Folder {
        std::filesystem::path path;
        mode_t mode;
        timespec time;
    };

    // The open folder that the entry belongs in, made where it is missing.
    int parentOf(const std::filesystem::path &path);
    FileDescriptor enter(int folder, const std::filesystem::path &name) const;
    void makeRoom(int parent, const std::filesystem::path &path) const;

    FileDescriptor m_top;
    std::filesystem::path m_parentPath;
    FileDescriptor m_parent;
    std::vector<Folder> m_folders;
};

}  // namespace voidrun
