// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "guestaccount.h"

namespace voidrun
{

// A layer between the host's /usr and a sandbox's own: the same folders, empty, owned by the guest
// account. A sandbox has no user who owns the host's folders; with this layer its root can make,
// replace and delete entries in them, in its own upper layer. Root needs no such layer.
// One for all engines of an account, in its cache ($XDG_CACHE_HOME/voidrun), or in the state
// directory where there is no such place; made by the first, completed when packages were installed
// on the host. Returns its path; empty for root. Blocks only when there is something to make: while
// /usr's folders are read, or another engine does that, at most 20 s. Throws std::system_error.
std::filesystem::path makeUsrFolders(const std::filesystem::path &stateDirectory,
                                     const GuestAccount &account);

}  // namespace voidrun
