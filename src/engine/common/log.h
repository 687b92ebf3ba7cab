// SPDX-License-Identifier: MIT
#pragma once

#include <format>
#include <string_view>

namespace voidrun
{

// One line to standard error, with the time. Control characters are replaced. Any thread.
void writeLog(std::string_view text);

template<typename... Args>
void log(std::format_string<Args...> format, Args &&...args)
{
    writeLog(std::format(format, std::forward<Args>(args)...));
}

}  // namespace voidrun
