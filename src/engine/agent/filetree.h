// SPDX-License-Identifier: MIT
#pragma once

#include <sys/stat.h>

#include <functional>
#include <string>

namespace voidrun
{

// What a walk has come upon.
struct TreeEntry {
    const std::string &path;
    const struct stat &info;
};

enum class Walk { Enter, Skip, Stop };

// Calls `visit` for everything below `folder`, each folder before what is in it, in the order of
// their names; its answer says whether to go into a folder. Never follows links and never enters
// the kernel's own file systems. What cannot be read goes to `fail` with an errno. Blocks; any
// thread.
void walkTree(const std::string &folder, const std::function<Walk(const TreeEntry &)> &visit,
              const std::function<void(const std::string &path, int error)> &fail);

}  // namespace voidrun
