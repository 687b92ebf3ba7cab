// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voidrun
{

// Removes `name` below the open directory, with everything in it. Never follows a symbolic link,
// opens directories that deny it (overlay work directories have mode 000), and uses bounded stack
// and descriptors however deep the tree is. Returns 0 or the errno of the first failure; a missing
// entry is ENOENT. Blocks: run it on a worker thread.
int removeTree(int directory, const std::string &name);

}  // namespace voidrun
