// SPDX-License-Identifier: MIT
#include "ptysessions.h"

#include <system_error>

#include "common/randomid.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::size_t maxSessions = 64;
// An ended session stays listed this long, so that its last output can be fetched.
constexpr auto endedTime = 60s;

// The buffer may start inside a character.
std::string withoutPartialStart(std::string text)
{
    std::size_t skip = 0;
    while (skip < 3 && skip < text.size() &&
           (static_cast<unsigned char>(text[skip]) & 0xc0) == 0x80)
        ++skip;
    return text.substr(skip);
}

}  // namespace

Awaitable<void> PtySessions::handle(Exchange &exchange, std::span<const std::string> segments)
{
    using http::verb;
    const verb method = exchange.request().method();
    const bool upgrade = exchange.isUpgrade();
    if (segments.empty()) {
        if (!upgrade)
            throw HttpError(400, "A terminal needs a WebSocket.");
        co_return co_await serveTemporary(exchange);
    }
    if (segments[0] != "sessions" || segments.size() > 3)
        throw HttpError(404, "There is no such address.");
    if (segments.size() == 1) {
        if (method == verb::post)
            co_return co_await create(exchange);
        if (method == verb::get)
            co_return co_await list(exchange);
        throw HttpError(405, "This address does not take that method.");
    }
    const std::string_view call = segments.size() == 3 ? std::string_view(segments[2]) : "";
    if (!call.empty() && call != "resize" && call != "execute" && call != "buffer")
        throw HttpError(404, "There is no such address.");
    const SessionPtr session = find(segments[1]);
    if (call.empty() && upgrade)
        co_return co_await attachSocket(exchange, session);
    if (call.empty() && method == verb::delete_)
        co_return co_await remove(exchange, session);
    if (call == "resize" && method == verb::post)
        co_return co_await resize(exchange, session);
    if (call == "execute" && method == verb::post)
        co_return co_await execute(exchange, session);
    if (call == "buffer" && method == verb::get)
        co_return co_await showBuffer(exchange, session);
    if (call.empty() && method == verb::get)
        throw HttpError(400, "A terminal needs a WebSocket.");
    throw HttpError(405, "This address does not take that method.");
}

PtySessions::SessionPtr PtySessions::start(TerminalSize size)
{
    if (m_sessions.size() + m_temporary >= maxSessions)
        throw HttpError(429, "There are too many terminals in this sandbox.", "at most 64");
    auto session = std::make_shared<PtySession>(m_guest, randomId());
    try {
        session->start(size);
    } catch (const std::system_error &error) {
        throw HttpError(500, "The terminal could not be started.", error.what());
    }
    return session;
}

PtySessions::SessionPtr PtySessions::find(const std::string &id) const
{
    const auto found = m_sessions.find(id);
    if (found == m_sessions.end())
        throw HttpError(404, "There is no such terminal session.");
    return found->second;
}

Awaitable<void> PtySessions::forgetLater(PtySessions *sessions, SessionPtr session)
{
    co_await session->untilEnded();
    co_await sleepFor(endedTime);
    sessions->m_sessions.erase(session->id());
}

Awaitable<void> PtySessions::create(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const TerminalSize size = TerminalSize::parse(body, TerminalSize{});
    const SessionPtr session = start(size);
    m_sessions[session->id()] = session;
    asio::co_spawn(m_guest.executor, forgetLater(this, session), asio::detached);
    co_await exchange.sendSuccess(
        json::object{{"sessionId", session->id()}, {"createdAt", session->createdAt()}},
        "Session created");
}

Awaitable<void> PtySessions::list(Exchange &exchange)
{
    json::array entries;
    for (const auto &[id, session] : m_sessions)
        entries.push_back(json::object{{"id", id},
                                       {"createdAt", session->createdAt()},
                                       {"clients", session->clientCount()},
                                       {"alive", session->isAlive()}});
    co_await exchange.sendSuccess(json::object{{"sessions", std::move(entries)}}, "Sessions");
}

Awaitable<void> PtySessions::remove(Exchange &exchange, SessionPtr session)
{
    session->hangUp();
    m_sessions.erase(session->id());
    co_await exchange.sendSuccess(nullptr, "Session deleted");
}

Awaitable<void> PtySessions::resize(Exchange &exchange, SessionPtr session)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const TerminalSize size = TerminalSize::parse(body);
    session->resize(size);
    co_await exchange.sendSuccess(json::object{{"cols", size.columns}, {"rows", size.rows}},
                                  "Session resized");
}

Awaitable<void> PtySessions::execute(Exchange &exchange, SessionPtr session)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const std::string command = body.requiredString("command");
    if (!session->isAlive())
        throw HttpError(400, "This terminal session has ended.");
    // What the Enter key sends.
    co_await session->write(command + '\r');
    co_await exchange.sendSuccess(nullptr, "Command sent");
}

Awaitable<void> PtySessions::showBuffer(Exchange &exchange, SessionPtr session)
{
    co_await exchange.sendSuccess(
        json::object{{"output", toValidUtf8(withoutPartialStart(session->replay()))}}, "Buffer");
}

Awaitable<void> PtySessions::serveTemporary(Exchange &exchange)
{
    const SessionPtr session = start({});
    ++m_temporary;
    std::exception_ptr failure;
    try {
        co_await attachSocket(exchange, session);
    } catch (...) {
        failure = std::current_exception();
    }
    --m_temporary;
    session->hangUp();
    if (failure)
        std::rethrow_exception(failure);
}

}  // namespace voidrun
