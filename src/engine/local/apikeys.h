// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "common/asiotypes.h"

namespace voidrun
{

// The API keys of this engine: its own, which the desktop reads from a file, and those that it
// issued, of which only hashes are kept. Owned by main; engine thread.
class ApiKeys
{
public:
    // `ownKey` is the engine's own. Reads `file` where it is there; throws when it is damaged.
    ApiKeys(const std::string &ownKey, std::filesystem::path file);

    // Whether the key opens the engine; notes that it was used.
    bool accepts(std::string_view key);

    // The contract's objects, oldest first; the engine's own comes first.
    json::array list() const;
    struct Issued {
        std::string plainKey;  // to be shown once
        json::object object;
    };
    // The rest throws HttpError: 400, 403 for the engine's own key, 404, 507, 500.
    Issued issue(const std::string &name);
    json::object setActive(const std::string &id, bool active);
    json::object touch(const std::string &id);
    void remove(const std::string &id);
    // Writes down when keys were last used.
    void save() const;

private:
    struct Key {
        std::string id;
        std::string name;
        std::string hash;
        std::string createdAt;
        std::string updatedAt;
        std::string lastUsedAt;
        bool active = true;
        json::object toJson() const;
    };

    Key &find(const std::string &id);
    // Makes the change on disk first; an exception leaves everything as it was.
    void change(std::map<std::string, Key> keys);
    void write(const std::map<std::string, Key> &keys) const;

    std::string m_ownHash;
    Key m_own;
    std::filesystem::path m_file;
    std::map<std::string, Key> m_keys;  // by id
};

}  // namespace voidrun
