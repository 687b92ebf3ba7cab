// SPDX-License-Identifier: MIT
#pragma once

#include "common/exchange.h"
#include "common/jsonbody.h"
#include "guest.h"

namespace voidrun
{

// What POST /exec and its relatives are asked to run (api.md, section 3).
struct Command {
    std::string line;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::string directory;
    std::chrono::seconds timeout{30};

    // Throws HttpError 400.
    static Command parse(const JsonBody &body);
    std::vector<std::string> shellArguments() const;
};

// POST /exec: runs the command, answers with what it printed and its exit code.
Awaitable<void> handleExec(Guest &guest, Exchange &exchange);

}  // namespace voidrun
