// SPDX-License-Identifier: MIT
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/jsonbody.h"

namespace voidrun
{

// What is known about one sandbox: the contract's fields without the status. Kept in sandbox.json.
struct SandboxRecord {
    std::string id;
    std::string name;
    std::string image;
    std::int64_t cpu = 1;
    std::int64_t mem = 1024;  // MiB
    std::int64_t diskMB = 10240;
    std::string createdAt;
    std::string updatedAt;
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> labels;
    bool autoSleep = true;
    std::vector<std::int64_t> publishPorts;

    // From a create request; throws HttpError 400 naming what is wrong.
    static SandboxRecord fromRequest(const JsonBody &body);
    // From sandbox.json; throws when it is not one.
    static SandboxRecord fromFile(std::string_view text);

    boost::json::object toJson() const;
};

// publishPorts: [80], or ports: [{"protocol":"http","port":80}]; nothing when there is neither.
std::optional<std::vector<std::int64_t>> requestedPorts(const JsonBody &body);
// At most four, each once, 1 to 65535; throws HttpError 400.
void checkPorts(const std::vector<std::int64_t> &ports);

}  // namespace voidrun
