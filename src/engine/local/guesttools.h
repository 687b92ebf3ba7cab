// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace voidrun
{

// Puts our own small programs into a sandbox's root file system, in /opt/voidrun: `tsx`, which runs
// TypeScript. They come last in the guest's PATH, so a person's own go first. Throws; blocks.
void placeGuestTools(const std::filesystem::path &root);

}  // namespace voidrun
