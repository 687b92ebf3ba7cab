// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "common/exchange.h"
#include "common/jsonbody.h"
#include "job.h"

namespace voidrun
{

// The sandbox's background commands, ended ones too, and the calls under /commands (api.md,
// section 3). Nobody's leaving ends one. Owned by main; main thread.
class Commands
{
public:
    explicit Commands(Guest &guest) : m_guest(guest) {}

    // `segments` is what follows /commands. Throws HttpError.
    Awaitable<void> handle(Exchange &exchange, std::span<const std::string> segments);

private:
    using JobPtr = std::shared_ptr<Job>;

    JobPtr find(const JsonBody &body) const;
    void makeRoom();

    Awaitable<void> run(Exchange &exchange);
    Awaitable<void> list(Exchange &exchange);
    Awaitable<void> attach(Exchange &exchange);
    Awaitable<void> wait(Exchange &exchange);
    Awaitable<void> kill(Exchange &exchange);

    Guest &m_guest;
    std::deque<JobPtr> m_jobs;  // the oldest first
};

}  // namespace voidrun
