// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace voidrun
{

// The system calls that programs in a sandbox may not make (threats.md), as the kernel's filter
// program. Everything that administers the kernel, enters namespaces or reaches devices and old
// corners of the kernel is refused; what ordinary programs use is not.
// Throws std::runtime_error when it cannot be built: then no sandbox may start.
std::string makeSeccompFilter();

}  // namespace voidrun
