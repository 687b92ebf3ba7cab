// SPDX-License-Identifier: MIT
#pragma once

#include "common/exchange.h"
#include "job.h"

namespace voidrun
{

// Answers with the job's output as server-sent events, what is kept of it first, and its exit as
// the last (api.md, section 3). A reader that stops reading stops the job; how the reader leaves is
// for the caller to notice. Main thread.
Awaitable<void> sendEvents(Exchange &exchange, std::shared_ptr<Job> job);

}  // namespace voidrun
