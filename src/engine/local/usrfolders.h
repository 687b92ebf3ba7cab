// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "guestaccount.h"

namespace voidrun
{

// A layer between the host's /usr and a sandbox's own: the same folders, empty, owned by the guest
// account. A sandbox has no user who owns the host's folders; with this layer its root can make,
// replace and delete entries in them, in its own upper layer. Root needs no such layer.
// Makes it once and returns its path; empty for root. Blocks for the time of reading /usr's
// folders. Throws std::system_error.
std::filesystem::path makeUsrFolders(const std::filesystem::path &target,
                                     const GuestAccount &account);

}  // namespace voidrun
