// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "common/filedescriptor.h"

namespace voidrun
{

// Another engine holds the lock.
class StateDirectoryInUse : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// The engine's folder on disk: made 0700, locked while this object lives, swept of leftovers.
// Owned by main; the paths may be used on any thread.
//   apiKey  apikeys.json  endpoint.json  lock  sandboxes/<id>/…  building/<id>/…  trash/<id>/…
class StateDirectory
{
public:
    explicit StateDirectory(std::filesystem::path path);

    const std::filesystem::path &path() const { return m_path; }
    std::filesystem::path sandboxes() const { return m_path / "sandboxes"; }
    std::filesystem::path building() const { return m_path / "building"; }
    std::filesystem::path usrFolders() const { return m_path / "usr-folders"; }
    std::filesystem::path apiKeyFile() const { return m_path / "apiKey"; }
    std::filesystem::path issuedKeysFile() const { return m_path / "apikeys.json"; }
    // Where the engine that holds the lock answers, for a second application on this folder.
    std::filesystem::path endpointFile() const { return m_path / "endpoint.json"; }

    // The key in apiKeyFile(), made when there is none.
    std::string apiKey() const;
    // Takes a folder out of sight at once; emptyTrash() removes it.
    void moveToTrash(const std::filesystem::path &folder) const;
    // Blocks while it removes; for a worker thread.
    void emptyTrash() const;

private:
    void discardBuilding() const;  // what an earlier engine left half made
    std::filesystem::path trash() const { return m_path / "trash"; }

    std::filesystem::path m_path;
    FileDescriptor m_lock;
};

// Writes a file so that after a crash the old or the new content is there, whole. Mode 0600.
void writeFileSafely(const std::filesystem::path &path, std::string_view content);

// A small file's content; throws std::system_error.
std::string readFile(const std::filesystem::path &path, std::size_t limit);

}  // namespace voidrun
