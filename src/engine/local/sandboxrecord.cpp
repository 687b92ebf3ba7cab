// SPDX-License-Identifier: MIT
#include "sandboxrecord.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>

#include "common/httperror.h"
#include "common/randomid.h"
#include "common/times.h"
#include "identity.h"

namespace voidrun
{

namespace json = boost::json;

namespace
{

constexpr std::size_t maxName = 253;
constexpr std::size_t maxMapBytes = 64 * 1024;  // environment or labels

bool isLabelCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

// One part between dots of a DNS-1123 subdomain.
bool isNamePart(std::string_view part)
{
    return !part.empty() && part.size() <= 63 && std::ranges::all_of(part, isLabelCharacter) &&
           part.front() != '-' && part.back() != '-';
}

void checkName(std::string_view name)
{
    bool valid = name.size() <= maxName;
    for (std::string_view rest = name; valid;) {
        const auto dot = rest.find('.');
        valid = isNamePart(rest.substr(0, dot));
        if (dot == std::string_view::npos)
            break;
        rest.remove_prefix(dot + 1);
    }
    if (!valid)
        throw HttpError(400, "The name is not allowed.",
                        "Use lower-case letters, digits, '-' and '.', starting and ending with a "
                        "letter or digit; at most 63 characters between dots and 253 in all.");
}

std::int64_t inRange(const JsonBody &body, std::string_view name, std::int64_t fallback,
                     std::int64_t low, std::int64_t high)
{
    const std::int64_t value = body.integer(name).value_or(fallback);
    if (value < low || value > high)
        throw HttpError(400, "The field '" + std::string(name) + "' must be between " +
                                 std::to_string(low) + " and " + std::to_string(high) + '.');
    return value;
}

bool isVariableName(std::string_view name)
{
    return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
           std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_';
           });
}

void checkMap(const std::map<std::string, std::string> &map, std::string_view field)
{
    std::size_t size = 0;
    for (const auto &[key, value] : map) {
        size += key.size() + value.size();
        if (value.find('\0') != std::string::npos || key.find('\0') != std::string::npos)
            throw HttpError(400, "The field '" + std::string(field) + "' contains a NUL.");
    }
    if (size > maxMapBytes)
        throw HttpError(400, "The field '" + std::string(field) + "' is too large.");
}

json::object toObject(const std::map<std::string, std::string> &map)
{
    json::object object;
    for (const auto &[key, value] : map)
        object[key] = value;
    return object;
}

}  // namespace

void checkPorts(const std::vector<std::int64_t> &ports)
{
    const std::set<std::int64_t> unique(ports.begin(), ports.end());
    const bool inRange =
        std::ranges::all_of(ports, [](std::int64_t port) { return port >= 1 && port <= 65535; });
    if (ports.size() > 4 || unique.size() != ports.size() || !inRange)
        throw HttpError(400,
                        "Published ports must be at most four different numbers from 1 to "
                        "65535.");
}

std::optional<std::vector<std::int64_t>> requestedPorts(const JsonBody &body)
{
    if (auto ports = body.integers("publishPorts"))
        return ports;
    const json::value *ports = body.object().if_contains("ports");
    if (!ports || ports->is_null())
        return std::nullopt;
    if (!ports->is_array())
        throw HttpError(400, "The field 'ports' must be a list.");
    std::vector<std::int64_t> result;
    for (const json::value &entry : ports->get_array()) {
        const json::object *object = entry.if_object();
        const json::value *port = object ? object->if_contains("port") : nullptr;
        if (!port || !port->is_int64())
            throw HttpError(400, "Each of 'ports' needs a whole number 'port'.");
        result.push_back(port->get_int64());
    }
    return result;
}

SandboxRecord SandboxRecord::fromRequest(const JsonBody &body)
{
    SandboxRecord record;
    record.name = body.requiredString("name");
    checkName(record.name);
    record.image = body.string("image").value_or("code");
    record.cpu = inRange(body, "cpu", 1, 1, 8);
    record.mem = inRange(body, "mem", 1024, 1024, 16384);
    record.environment = body.stringMap("envVars").value_or(std::map<std::string, std::string>{});
    for (const auto &[name, value] : record.environment) {
        if (!isVariableName(name))
            throw HttpError(400, "'" + name + "' is not a name for an environment variable.");
    }
    checkMap(record.environment, "envVars");
    record.labels = body.stringMap("labels").value_or(std::map<std::string, std::string>{});
    checkMap(record.labels, "labels");
    record.autoSleep = body.boolean("autoSleep").value_or(true);
    record.publishPorts = requestedPorts(body).value_or(std::vector<std::int64_t>{});
    checkPorts(record.publishPorts);
    // Accepted and without a meaning here; only their types are checked.
    for (const char *name : {"orgId", "userId", "region"})
        body.string(name);
    body.boolean("sync");
    record.id = randomId();
    record.createdAt = formatTime(std::chrono::system_clock::now());
    record.updatedAt = record.createdAt;
    return record;
}

SandboxRecord SandboxRecord::fromFile(std::string_view text)
{
    const JsonBody body(text);
    SandboxRecord record;
    record.id = body.requiredString("id");
    record.name = body.requiredString("name");
    record.image = body.requiredString("image");
    record.cpu = body.integer("cpu").value_or(record.cpu);
    record.mem = body.integer("mem").value_or(record.mem);
    record.diskMB = body.integer("diskMB").value_or(record.diskMB);
    record.createdAt = body.requiredString("createdAt");
    record.updatedAt = body.string("updatedAt").value_or(record.createdAt);
    record.environment = body.stringMap("envVars").value_or(std::map<std::string, std::string>{});
    record.labels = body.stringMap("labels").value_or(std::map<std::string, std::string>{});
    record.autoSleep = body.boolean("autoSleep").value_or(true);
    record.publishPorts = body.integers("publishPorts").value_or(std::vector<std::int64_t>{});
    if (!isId(record.id))
        throw std::runtime_error("the id is not one of ours");
    return record;
}

json::object SandboxRecord::toJson() const
{
    return {{"id", id},
            {"name", name},
            {"image", image},
            {"cpu", cpu},
            {"mem", mem},
            {"diskMB", diskMB},
            {"createdAt", createdAt},
            {"updatedAt", updatedAt},
            {"createdBy", localUser()},
            {"orgId", localOrganisation()},
            {"envVars", toObject(environment)},
            {"autoSleep", autoSleep},
            {"region", "local"},
            {"labels", toObject(labels)},
            {"publishPorts", json::value_from(publishPorts)}};
}

}  // namespace voidrun
