// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/signal_set.hpp>
#include <map>
#include <string>
#include <vector>

#include "children.h"

namespace voidrun
{

// What every call in this sandbox shares. Owned by main, outlives all calls.
struct Guest {
    explicit Guest(const asio::any_io_executor &mainExecutor)
        : executor(mainExecutor), children(mainExecutor)
    {
    }

    // NAME=value for a process: ours, then the sandbox's, then the call's.
    std::vector<std::string> environment(const std::map<std::string, std::string> &more = {}) const;
    // /bin/bash, or /bin/sh where there is none.
    static std::string shell();

    asio::any_io_executor executor;  // the main thread
    Children children;
    std::string name;
    std::map<std::string, std::string> sandboxEnvironment;
};

inline constexpr const char *workingDirectory = "/app";

}  // namespace voidrun
