// SPDX-License-Identifier: MIT
#include "server.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>

#include "common/log.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr auto idleTime = 120s;
// Descriptors kept for sandboxes, their agents' connections and files.
constexpr std::size_t reservedDescriptors = 256;

bool isLoopbackHost(std::string_view host)
{
    std::string_view port;
    const auto bracket = host.rfind(']');
    const auto colon = host.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        port = host.substr(colon + 1);
        host = host.substr(0, colon);
        if (port.empty())
            return false;
    }
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    return digits && (host == "127.0.0.1" || host == "[::1]" || beast::iequals(host, "localhost"));
}

// As many connections as this process may have descriptors: a call into a sandbox needs two.
std::size_t connectionLimit()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 65536);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return std::max<std::size_t>(limit.rlim_cur, 2 * reservedDescriptors) / 2 -
           reservedDescriptors / 2;
}

// A connection's place among those that wait for a request.
class WaitingPlace
{
public:
    WaitingPlace(std::list<Stream *> &waiting, Stream &stream)
        : m_waiting(waiting), m_place(waiting.insert(waiting.end(), &stream))
    {
    }
    WaitingPlace(const WaitingPlace &) = delete;
    WaitingPlace &operator=(const WaitingPlace &) = delete;
    ~WaitingPlace() { m_waiting.erase(m_place); }

private:
    std::list<Stream *> &m_waiting;
    std::list<Stream *>::iterator m_place;
};

}  // namespace

Server::Server(asio::io_context &context, const asio::ip::tcp::endpoint &endpoint, ApiKeys &keys,
               Api &api)
    : m_context(context),
      m_acceptor(context),
      m_keys(keys),
      m_api(api),
      m_maxConnections(connectionLimit())
{
    m_acceptor.open(endpoint.protocol());
    m_acceptor.set_option(asio::socket_base::reuse_address(true));
    m_acceptor.bind(endpoint);
    m_acceptor.listen(4096);
}

std::string Server::url() const
{
    const auto endpoint = m_acceptor.local_endpoint();
    const std::string host = endpoint.address().is_v6() ? '[' + endpoint.address().to_string() + ']'
                                                        : endpoint.address().to_string();
    return "http://" + host + ':' + std::to_string(endpoint.port()) + "/api";
}

Awaitable<void> Server::run()
{
    while (m_acceptor.is_open()) {
        asio::ip::tcp::socket socket(m_context);
        auto [error] = co_await m_acceptor.async_accept(socket, asTuple);
        if (error == asio::error::operation_aborted)
            co_return;
        makeRoom();
        if (error) {
            log("cannot accept a connection: {}", error.message());
            co_await sleepFor(20ms);
            continue;
        }
        ErrorCode ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        asio::co_spawn(m_context, serve(Stream(Socket(std::move(socket)))), asio::detached);
    }
}

void Server::stop()
{
    ErrorCode ignored;
    m_acceptor.close(ignored);
}

// At the limit the connection that has been silent longest gives way to the new one.
void Server::makeRoom()
{
    if (m_connections < m_maxConnections || m_waiting.empty())
        return;
    // Its coroutine takes it out of the list; until then it is the last to be asked again.
    m_waiting.front()->cancel();
    m_waiting.splice(m_waiting.end(), m_waiting, m_waiting.begin());
}

Awaitable<void> Server::serve(Stream stream)
{
    ++m_connections;
    try {
        beast::flat_buffer buffer;
        bool goOn = true;
        while (goOn) {
            goOn = co_await serveOne(stream, buffer);
            buffer.shrink_to_fit();
        }
        co_await closeGently(stream);
    } catch (const std::exception &) {
        // The connection broke: there is nobody left to tell.
    }
    --m_connections;
}

Awaitable<bool> Server::serveOne(Stream &stream, beast::flat_buffer &buffer)
{
    Exchange exchange(stream, buffer);
    std::optional<HttpError> failure;
    try {
        const WaitingPlace place(m_waiting, stream);
        if (!co_await exchange.readHeader(idleTime))
            co_return false;
    } catch (const HttpError &error) {
        failure = error;
    }
    if (!failure) {
        try {
            co_await answer(exchange);
        } catch (const HttpError &error) {
            failure = error;
        }
    } else {
        exchange.closeAfter();
    }
    if (failure && !exchange.hasAnswered())
        co_await exchange.sendError(*failure);
    co_return exchange.keepsAlive() && (!failure || exchange.hasAnswered());
}

Awaitable<void> Server::answer(Exchange &exchange)
{
    checkCaller(exchange);
    co_await m_api.handle(exchange);
}

void Server::checkCaller(Exchange &exchange) const
{
    const Request &request = exchange.request();
    const auto refuse = [&](unsigned status, const char *error, const char *details) {
        exchange.closeAfter();
        return HttpError(status, error, details);
    };
    if (request.count(http::field::host) != 1 || !isLoopbackHost(request[http::field::host]))
        throw refuse(403, "This engine is for this computer only.", "Host is not loopback");
    if (request.count(http::field::origin) > 0)
        throw refuse(403, "Web pages may not use this engine.", "Origin is not allowed");
    if (!Api::isOpen(exchange) && !hasKey(exchange))
        throw refuse(401, "The API key is missing or wrong.", "");
}

bool Server::hasKey(const Exchange &exchange) const
{
    const Request &request = exchange.request();
    if (request.count("X-API-Key") > 1)
        return false;
    if (m_keys.accepts(request["X-API-Key"]))
        return true;
    return exchange.isUpgrade() &&
           m_keys.accepts(exchange.target().parameter("apiKey").value_or(""));
}

}  // namespace voidrun
