// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

namespace voidrun
{

// Writes a file of a sandbox that is being made, with the folders above it. Throws; blocks.
void placeFile(const std::filesystem::path &path, std::string_view content,
               std::filesystem::perms mode = std::filesystem::perms(0644));

// Puts our own small programs into a sandbox's root file system, in /opt/voidrun: `tsx`, which runs
// TypeScript. They come last in the guest's PATH, so a person's own go first. Throws; blocks.
void placeGuestTools(const std::filesystem::path &root);

}  // namespace voidrun
