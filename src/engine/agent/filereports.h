// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "filetools.h"

namespace voidrun
{

// The file calls that look and change nothing. They block; any thread. Paths are absolute.

// The first or last lines of a file.
ToolResult headOrTail(const std::string &path, std::size_t lines, bool head);
// Files below `folder` whose name contains `pattern`, in which '*' stands for anything; one path a
// line, the first 100. Links are not followed.
ToolResult searchFiles(const std::string &folder, const std::string &pattern);
// What it takes on disk, with everything in it: "4.0K\t/path".
ToolResult diskUsage(const std::string &path);

// Whether `text` contains `pattern`.
bool containsPattern(std::string_view text, std::string_view pattern);
// 1024-based, as people know it from du: 0, 512, 4.0K, 1.5M, 12G.
std::string shortSize(std::uint64_t bytes);

}  // namespace voidrun
