// SPDX-License-Identifier: MIT
#include "log.h"

#include <unistd.h>

#include <chrono>
#include <string>

#include "times.h"

namespace voidrun
{

void writeLog(std::string_view text)
{
    std::string line = formatTime(std::chrono::system_clock::now()) + ' ';
    for (const char c : text)
        line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    line += '\n';
    // A log that cannot be written is not worth an error.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace voidrun
