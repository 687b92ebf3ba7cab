// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <boost/json.hpp>

#include "sandboxrecord.h"

namespace voidrun
{

// The kernel's limits that the agent puts on itself before it starts anything: processes and
// threads of the sandbox, memory of one process, size of one file. The sum of all memory and the
// disk are watched from outside (guestwatch.h).
boost::json::object guestLimits(const SandboxRecord &record);

// Puts a sandbox's first process on `cpu` of our processors, behind the desktop and the engine in
// their queues. It cannot leave them: the filter refuses that.
void placeGuest(pid_t first, const SandboxRecord &record);

}  // namespace voidrun
