// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voidrun
{

// What a file tool printed. Failed when `errors` is not empty.
struct ToolResult {
    std::string output;
    std::string errors;
};

// The tools behind the file calls. They block; any thread. Paths are absolute.
ToolResult statEntry(const std::string &path);
ToolResult makeFolder(const std::string &path);
ToolResult createFile(const std::string &path);
ToolResult removeEntry(const std::string &path);
ToolResult changeMode(const std::string &path, unsigned mode);
// `to` is the entry's new path, never a folder to put it into. A folder is not overwritten.
ToolResult moveEntry(const std::string &from, const std::string &to);
// Links are copied as links; a folder is merged into an existing folder.
ToolResult copyEntry(const std::string &from, const std::string &to);

std::string withoutTrailingSlashes(std::string path);
// Makes the folders above `path`; returns 0 or an errno.
int makeParents(const std::string &path);

}  // namespace voidrun
