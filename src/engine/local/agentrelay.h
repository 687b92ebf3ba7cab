// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "common/exchange.h"

namespace voidrun
{

// Passes one call on to a sandbox's agent and its answer back: bodies in small pieces as they
// arrive, sockets as a tunnel. `target` is the agent's address for the call. Throws HttpError 502
// when the agent is gone before it has answered.
Awaitable<void> relayToAgent(Exchange &client, Stream agent, std::string target);

}  // namespace voidrun
