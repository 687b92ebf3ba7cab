// SPDX-License-Identifier: MIT
#pragma once

#include "common/jsonbody.h"

namespace voidrun
{

// Puts the limits that the engine asks for on this process, before it starts others: they are
// inherited and cannot be raised in here. `tasks`, and bytes as `data`, `file` and `locked`.
// Throws std::system_error.
void limitResources(const JsonBody &limits);

}  // namespace voidrun
