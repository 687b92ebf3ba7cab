// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace voidrun
{

// A sandbox with this computer's programs also has its list of installed packages, with a layer of
// its own: so apt installs only what is missing.
inline constexpr const char *packageList = "var/lib/dpkg";

// Whether this computer's packages are dpkg's.
bool hostHasPackageList();

// Fills the new folder that becomes the layer over this computer's list. Throws; blocks.
void makePackageLayer(const std::filesystem::path &layer);

// Settings for a system whose only account is root and in which nothing is started by itself, in
// the sandbox's root and the layer over /usr. Throws; blocks.
void placePackageSettings(const std::filesystem::path &root, const std::filesystem::path &usrLayer);

}  // namespace voidrun
