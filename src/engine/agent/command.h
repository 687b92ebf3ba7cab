// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "common/jsonbody.h"

namespace voidrun
{

// What POST /exec and its relatives are asked to run (api.md, section 3). A value.
struct Command {
    std::string line;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::string directory;
    std::chrono::seconds timeout{0};  // 0: none

    // For exec and exec-stream: 30 s unless told, never more than 300 s. Throws HttpError 400.
    static Command parseForeground(const JsonBody &body);
    // For commands/run: no limit unless told, at most 900 s. Throws HttpError 400.
    static Command parseBackground(const JsonBody &body);

    std::vector<std::string> shellArguments() const;

private:
    static Command parse(const JsonBody &body);
};

// The field 'command', trimmed; throws HttpError 400 when it is empty or too long.
std::string commandLine(const JsonBody &body);

}  // namespace voidrun
