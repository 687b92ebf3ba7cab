// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "filetools.h"

namespace voidrun
{

// The file calls that pack and unpack. They block; any thread. Paths are absolute.

bool isArchiveFormat(std::string_view format);

// Writes `path` with everything in it to `<path>.<format>`, whole or not at all.
ToolResult packFiles(const std::string &path, const std::string &format);

// Unpacks by the archive's ending into `folder`, which is made. An archive that is broken, leads
// out of the folder or is beyond the bounds is refused before anything is written. Links that lead
// out, and what is neither file, folder nor link, are left out and named.
ToolResult unpackFiles(const std::string &archive, const std::string &folder);

}  // namespace voidrun
