// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>

#include "common/exchange.h"
#include "common/jsonbody.h"
#include "ptysession.h"

namespace voidrun
{

// The sandbox's terminals and the calls under /pty (api.md, section 5). Owned by main; main thread.
class PtySessions
{
public:
    explicit PtySessions(Guest &guest) : m_guest(guest) {}

    // `segments` is what follows /pty. Throws HttpError.
    Awaitable<void> handle(Exchange &exchange, std::span<const std::string> segments);

private:
    using SessionPtr = std::shared_ptr<PtySession>;

    SessionPtr start(TerminalSize size);
    SessionPtr find(const std::string &id) const;
    static Awaitable<void> forgetLater(PtySessions *sessions, SessionPtr session);

    Awaitable<void> create(Exchange &exchange);
    Awaitable<void> list(Exchange &exchange);
    Awaitable<void> remove(Exchange &exchange, SessionPtr session);
    Awaitable<void> resize(Exchange &exchange, SessionPtr session);
    Awaitable<void> execute(Exchange &exchange, SessionPtr session);
    Awaitable<void> showBuffer(Exchange &exchange, SessionPtr session);
    Awaitable<void> serveTemporary(Exchange &exchange);

    Guest &m_guest;
    std::map<std::string, SessionPtr> m_sessions;
    std::size_t m_temporary = 0;
};

// Joins a socket and a terminal until either ends.
Awaitable<void> attachSocket(Exchange &exchange, std::shared_ptr<PtySession> session);

}  // namespace voidrun
