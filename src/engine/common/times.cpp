// SPDX-License-Identifier: MIT
#include "times.h"

#include <cstdio>

namespace voidrun
{

namespace
{

std::string format(std::time_t seconds, long fraction, int digits)
{
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%0*ldZ", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                  digits, fraction);
    return text;
}

}  // namespace

std::string formatTime(std::chrono::system_clock::time_point time)
{
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return format(static_cast<std::time_t>(ms / 1000), static_cast<long>(ms % 1000), 3);
}

std::string formatTime(const timespec &time)
{
    return format(time.tv_sec, time.tv_nsec, 9);
}

}  // namespace voidrun
