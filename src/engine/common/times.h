// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace voidrun
{

// RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z.
std::string formatTime(std::chrono::system_clock::time_point time);
// The same with nanoseconds, for file times.
std::string formatTime(const timespec &time);

}  // namespace voidrun
