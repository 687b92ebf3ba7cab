// SPDX-License-Identifier: MIT
#include "watchsessions.h"

#include <sys/stat.h>

#include <system_error>

#include "common/jsonbody.h"
#include "common/randomid.h"
#include "filecalls.h"
#include "filetools.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxSessions = 32;

WatchTree::Options parseOptions(const JsonBody &body)
{
    WatchTree::Options options;
    options.root = withoutTrailingSlashes(checkedPath(body.requiredString("path"), "path"));
    options.recursive = body.boolean("recursive").value_or(false);
    options.ignoreHidden = body.boolean("ignoreHidden").value_or(true);
    struct stat info{};
    if (::stat(options.root.c_str(), &info) != 0)
        throw fileError(options.root, errno);
    return options;
}

}  // namespace

Awaitable<void> WatchSessions::handle(Exchange &exchange, std::span<const std::string> segments)
{
    const http::verb method = exchange.request().method();
    if (segments.empty()) {
        if (method != http::verb::post)
            throw HttpError(405, "This address does not take that method.");
        co_return co_await create(exchange);
    }
    if (segments.size() != 2 || segments[1] != "stream")
        throw HttpError(404, "There is no such address.");
    if (method != http::verb::get)
        throw HttpError(405, "This address does not take that method.");
    const auto found = m_sessions.find(segments[0]);
    if (found == m_sessions.end())
        throw HttpError(404, "There is no such watch.", "a watch without a socket ends by itself");
    if (!exchange.isUpgrade())
        throw HttpError(400, "A watch needs a WebSocket.");
    const auto session = found->second;
    co_await session->serve(exchange);
}

// The one that has been without a socket longest gives way.
void WatchSessions::makeRoom()
{
    if (m_sessions.size() < maxSessions)
        return;
    auto unused = m_sessions.end();
    for (auto it = m_sessions.begin(); it != m_sessions.end(); ++it) {
        if (!it->second->hasSocket() && (unused == m_sessions.end() ||
                                         it->second->unusedSince() < unused->second->unusedSince()))
            unused = it;
    }
    if (unused == m_sessions.end())
        throw HttpError(429, "There are too many watches in this sandbox.", "at most 32");
    unused->second->end();
    m_sessions.erase(unused);
}

Awaitable<void> WatchSessions::create(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    WatchTree::Options options = parseOptions(body);
    makeRoom();
    const std::string id = randomUuid();
    std::shared_ptr<WatchSession> session;
    try {
        session = std::make_shared<WatchSession>(m_executor, std::move(options));
    } catch (const std::system_error &error) {
        throw HttpError(429, "The kernel allows no more watches to this account.", error.what());
    }
    m_sessions[id] = session;
    asio::co_spawn(m_executor, session->run(),
                   [this, id](const std::exception_ptr &) { m_sessions.erase(id); });
    co_await exchange.sendSuccess(json::object{{"sessionId", id}}, "Watch started");
}

}  // namespace voidrun
