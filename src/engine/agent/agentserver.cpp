// SPDX-License-Identifier: MIT
#include "agentserver.h"

#include <boost/asio/strand.hpp>

#include "common/log.h"
#include "execcall.h"
#include "filecalls.h"

namespace voidrun
{

using namespace std::chrono_literals;

AgentServer::AgentServer(asio::io_context &context, int listener, Guest &guest)
    : m_context(context),
      m_acceptor(context, asio::local::stream_protocol(), listener),
      m_guest(guest),
      m_ptySessions(guest),
      m_commands(guest),
      m_shellSessions(guest),
      m_watches(m_watchThread.get_executor())
{
}

Awaitable<void> AgentServer::run()
{
    while (true) {
        asio::local::stream_protocol::socket socket(m_context);
        auto [error] = co_await m_acceptor.async_accept(socket, asTuple);
        if (error) {
            log("cannot accept: {}", error.message());
            co_await sleepFor(50ms);
            continue;
        }
        asio::co_spawn(m_context, serve(Stream(Socket(std::move(socket)))), asio::detached);
    }
}

Awaitable<void> AgentServer::serve(Stream stream)
{
    try {
        beast::flat_buffer buffer;
        Exchange exchange(stream, buffer, TimeLimits::Off);
        std::optional<HttpError> failure;
        try {
            if (co_await exchange.readHeader(30s)) {
                // One call a connection; the engine keeps its own callers' connections.
                exchange.closeAfter();
                co_await handle(exchange);
            }
        } catch (const HttpError &error) {
            failure = error;
        }
        if (failure && !exchange.hasAnswered())
            co_await exchange.sendError(*failure);
    } catch (const std::exception &) {
        // The engine or its caller has gone.
    }
}

Awaitable<void> AgentServer::handle(Exchange &exchange)
{
    const std::span<const std::string> segments = exchange.target().segments;
    const std::string_view name = segments.empty() ? std::string_view() : segments[0];
    if (name == "files" && segments.size() > 1 && segments[1] == "watch")
        co_return co_await asio::co_spawn(
            m_watchThread, m_watches.handle(exchange, segments.subspan(2)), asio::use_awaitable);
    if (name == "files")
        co_return co_await asio::co_spawn(asio::make_strand(m_fileThreads),
                                          handleFiles(exchange, segments.subspan(1)),
                                          asio::use_awaitable);
    if (name == "pty")
        co_return co_await m_ptySessions.handle(exchange, segments.subspan(1));
    if (name == "commands")
        co_return co_await m_commands.handle(exchange, segments.subspan(1));
    if (segments.size() != 1)
        throw HttpError(404, "There is no such address.");
    if (name == "health")
        co_return co_await exchange.sendJson(200, json::object{{"status", "ok"}});
    co_await handleExecution(exchange, name);
}

Awaitable<void> AgentServer::handleExecution(Exchange &exchange, std::string_view name)
{
    const bool known = name == "exec" || name == "exec-stream" || name == "session-exec" ||
                       name == "session-exec-stream";
    if (!known)
        throw HttpError(404, "There is no such address.");
    if (exchange.request().method() != http::verb::post)
        throw HttpError(405, "This address does not take that method.");
    if (name == "exec")
        co_await handleExec(m_guest, exchange);
    else if (name == "exec-stream")
        co_await handleExecStream(m_guest, exchange);
    else if (name == "session-exec")
        co_await m_shellSessions.handle(exchange);
    else
        co_await m_shellSessions.handleStream(exchange);
}

}  // namespace voidrun
