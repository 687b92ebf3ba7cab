// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/exchange.h"
#include "common/jsonbody.h"
#include "shellsession.h"

namespace voidrun
{

// The sandbox's shell sessions and the calls /session-exec and /session-exec-stream (api.md,
// section 3). Owned by main; main thread.
class ShellSessions
{
public:
    explicit ShellSessions(Guest &guest) : m_guest(guest) {}

    // Both throw HttpError.
    Awaitable<void> handle(Exchange &exchange);
    Awaitable<void> handleStream(Exchange &exchange);

private:
    using SessionPtr = std::shared_ptr<ShellSession>;
    using Action = Awaitable<void> (ShellSessions::*)(Exchange &exchange, const JsonBody &body);

    SessionPtr find(const JsonBody &body) const;
    SessionPtr startCommand(const JsonBody &body) const;
    void forgetIfEnded(const SessionPtr &session);

    Awaitable<void> create(Exchange &exchange, const JsonBody &body);
    Awaitable<void> execute(Exchange &exchange, const JsonBody &body);
    Awaitable<void> input(Exchange &exchange, const JsonBody &body);
    Awaitable<void> resize(Exchange &exchange, const JsonBody &body);
    Awaitable<void> close(Exchange &exchange, const JsonBody &body);
    Awaitable<void> sendAnswer(Exchange &exchange, SessionPtr session, std::string output);
    Awaitable<void> streamOutput(Exchange &exchange, SessionPtr session);

    Guest &m_guest;
    std::map<std::string, SessionPtr> m_sessions;
};

}  // namespace voidrun
