// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <string>

#include "api.h"

namespace voidrun
{

// Listens on loopback and serves connections: who may call (Host, Origin, key) is decided here,
// before anything else. Owned by main; engine thread.
class Server
{
public:
    // Listens at once; throws system_error.
    Server(asio::io_context &context, const asio::ip::tcp::endpoint &endpoint, ApiKeys &keys,
           Api &api);

    std::string url() const;
    Awaitable<void> run();
    void stop();

private:
    Awaitable<void> serve(Stream stream);
    Awaitable<bool> serveOne(Stream &stream, beast::flat_buffer &buffer);
    Awaitable<void> answer(Exchange &exchange);
    void checkCaller(Exchange &exchange) const;
    bool hasKey(const Exchange &exchange) const;
    void makeRoom();

    asio::io_context &m_context;
    asio::ip::tcp::acceptor m_acceptor;
    ApiKeys &m_keys;
    Api &m_api;
    std::size_t m_connections = 0;
    std::size_t m_maxConnections;
    // Connections between two requests, the longest waiting first.
    std::list<Stream *> m_waiting;
};

}  // namespace voidrun
