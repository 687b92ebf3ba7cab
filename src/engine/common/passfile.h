// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "asiotypes.h"
#include "filedescriptor.h"

namespace voidrun
{

// How the engine gets a large download: the agent opens the file, inside the sandbox, and hands it
// over; the engine sends it from there. The engine asks with the one field, the agent agrees with
// the other; neither ever comes from or goes to a client.
inline constexpr std::string_view passFileField = "X-Pass-File";
inline constexpr std::string_view passedFileField = "X-Passed-File";

// The agent's side: hands `file` over when the other end is ready for it.
Awaitable<void> passFile(Stream &to, int file);
// The engine's side. Throws system_error when what comes is not one regular file.
Awaitable<FileDescriptor> receiveFile(Stream &from);

}  // namespace voidrun
