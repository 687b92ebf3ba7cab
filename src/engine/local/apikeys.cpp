// SPDX-License-Identifier: MIT
#include "apikeys.h"

#include <algorithm>

#include "common/jsonbody.h"
#include "common/randomid.h"
#include "common/times.h"
#include "diskerror.h"
#include "identity.h"
#include "statedirectory.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxKeys = 100;
constexpr std::size_t maxKeyName = 100;  // bytes
constexpr std::size_t maxKeyLength = 512;
constexpr std::size_t largestFile = 1024 * 1024;

std::string now()
{
    return formatTime(std::chrono::system_clock::now());
}

void checkKeyName(const std::string &name)
{
    if (name.size() > maxKeyName)
        throw HttpError(400, "The field 'keyName' is too long.", "at most 100 bytes");
    if (std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        throw HttpError(400, "The field 'keyName' contains a control character.");
}

}  // namespace

json::object ApiKeys::Key::toJson() const
{
    json::object object{{"id", id},
                        {"orgId", localOrganisation()},
                        {"name", name},
                        {"scopes", json::array{"*"}},
                        {"createdBy", localUser()},
                        {"createdAt", createdAt},
                        {"isActive", active},
                        {"updatedAt", updatedAt}};
    if (!lastUsedAt.empty())
        object["lastUsedAt"] = lastUsedAt;
    return object;
}

ApiKeys::ApiKeys(const std::string &ownKey, std::filesystem::path file)
    : m_ownHash(sha256(ownKey)), m_file(std::move(file))
{
    m_own.id = idOf("key", "own");
    m_own.name = "VoidRun Desktop on this computer";
    m_own.createdAt = m_own.updatedAt = now();
    if (!std::filesystem::exists(m_file))
        return;
    const json::value content = json::parse(readFile(m_file, largestFile));
    for (const json::value &entry : content.as_array()) {
        const JsonBody body(json::serialize(entry));
        Key key;
        key.id = body.requiredString("id");
        key.name = body.requiredString("name");
        key.hash = body.requiredString("hash");
        key.createdAt = body.requiredString("createdAt");
        key.updatedAt = body.string("updatedAt").value_or(key.createdAt);
        key.lastUsedAt = body.string("lastUsedAt").value_or("");
        key.active = body.boolean("isActive").value_or(true);
        m_keys[key.id] = std::move(key);
    }
}

// Hashes are compared, so that the time it takes tells nothing about a key.
bool ApiKeys::accepts(std::string_view key)
{
    if (key.empty() || key.size() > maxKeyLength)
        return false;
    const std::string hash = sha256(key);
    if (hash == m_ownHash) {
        m_own.lastUsedAt = now();
        return true;
    }
    for (auto &[id, known] : m_keys) {
        if (known.hash == hash && known.active) {
            known.lastUsedAt = now();
            return true;
        }
    }
    return false;
}

json::array ApiKeys::list() const
{
    std::vector<const Key *> keys;
    keys.reserve(m_keys.size());
    for (const auto &[id, key] : m_keys)
        keys.push_back(&key);
    std::ranges::stable_sort(keys, {}, &Key::createdAt);
    json::array result{m_own.toJson()};
    for (const Key *key : keys)
        result.push_back(key->toJson());
    return result;
}

ApiKeys::Issued ApiKeys::issue(const std::string &name)
{
    checkKeyName(name);
    if (m_keys.size() >= maxKeys)
        throw HttpError(400, "There are too many API keys.", "Delete one first; at most 100.");
    Issued issued;
    issued.plainKey = "vr_" + randomHex(24);
    Key key;
    key.id = randomId();
    key.name = name;
    key.hash = sha256(issued.plainKey);
    key.createdAt = key.updatedAt = now();
    issued.object = key.toJson();
    auto keys = m_keys;
    keys[key.id] = std::move(key);
    change(std::move(keys));
    return issued;
}

ApiKeys::Key &ApiKeys::find(const std::string &id)
{
    if (id == m_own.id)
        throw HttpError(403, "This is the engine's own key, which the desktop uses.",
                        "It cannot be changed here.");
    const auto found = m_keys.find(id);
    if (found == m_keys.end())
        throw HttpError(404, "There is no such API key.");
    return found->second;
}

json::object ApiKeys::setActive(const std::string &id, bool active)
{
    Key key = find(id);
    key.active = active;
    key.updatedAt = now();
    auto keys = m_keys;
    keys[id] = key;
    change(std::move(keys));
    return key.toJson();
}

json::object ApiKeys::touch(const std::string &id)
{
    Key &key = id == m_own.id ? m_own : find(id);
    key.lastUsedAt = now();
    save();
    return key.toJson();
}

void ApiKeys::remove(const std::string &id)
{
    find(id);
    auto keys = m_keys;
    keys.erase(id);
    change(std::move(keys));
}

void ApiKeys::change(std::map<std::string, Key> keys)
{
    write(keys);
    m_keys = std::move(keys);
}

void ApiKeys::save() const
{
    if (!m_keys.empty())
        write(m_keys);
}

void ApiKeys::write(const std::map<std::string, Key> &keys) const
{
    json::array content;
    for (const auto &[id, key] : keys) {
        json::object object = key.toJson();
        object["hash"] = key.hash;
        content.push_back(std::move(object));
    }
    try {
        writeFileSafely(m_file, json::serialize(content));
    } catch (const std::system_error &error) {
        throw diskError(error, "The API keys could not be saved.");
    }
}

}  // namespace voidrun
