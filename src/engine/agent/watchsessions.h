// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "common/exchange.h"
#include "watchsession.h"

namespace voidrun
{

// The sandbox's file watches and the calls under /files/watch (api.md, section 4). Owned by
// AgentServer; the watch thread.
class WatchSessions
{
public:
    explicit WatchSessions(asio::any_io_executor executor) : m_executor(std::move(executor)) {}

    // `segments` is what follows /files/watch. Throws HttpError.
    Awaitable<void> handle(Exchange &exchange, std::span<const std::string> segments);

private:
    void makeRoom();
    Awaitable<void> create(Exchange &exchange);

    asio::any_io_executor m_executor;
    std::map<std::string, std::shared_ptr<WatchSession>> m_sessions;
};

}  // namespace voidrun
