// SPDX-License-Identifier: MIT
#pragma once

#include "common/exchange.h"
#include "guest.h"

namespace voidrun
{

// POST /exec: runs the command, answers with what it printed and its exit code. A caller that
// leaves ends the command.
Awaitable<void> handleExec(Guest &guest, Exchange &exchange);

// POST /exec-stream: the same with the output as server-sent events while it comes.
Awaitable<void> handleExecStream(Guest &guest, Exchange &exchange);

}  // namespace voidrun
