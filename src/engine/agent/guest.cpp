// SPDX-License-Identifier: MIT
#include "guest.h"

#include <unistd.h>

#include <format>

namespace voidrun
{

std::vector<std::string> Guest::environment(const std::map<std::string, std::string> &more) const
{
    std::map<std::string, std::string> all{
        {"HOME", "/root"},
        {"LANG", "C.UTF-8"},
        {"LOGNAME", "root"},
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/voidrun/bin"},
        {"SHELL", shell()},
        {"TERM", "xterm-256color"},
        {"USER", "root"},
    };
    for (const auto &[key, value] : sandboxEnvironment)
        all[key] = value;
    for (const auto &[key, value] : more)
        all[key] = value;
    std::vector<std::string> result;
    result.reserve(all.size());
    for (const auto &[key, value] : all)
        result.push_back(std::format("{}={}", key, value));
    return result;
}

std::string Guest::shell()
{
    return ::access("/bin/bash", X_OK) == 0 ? "/bin/bash" : "/bin/sh";
}

}  // namespace voidrun
