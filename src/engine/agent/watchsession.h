// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <string>

#include "common/exchange.h"
#include "common/notifier.h"
#include "watchtree.h"

namespace voidrun
{

using WatchSocket = beast::websocket::stream<Stream &>;

// One watch that a client asked for: collects events from the start and hands them to the socket
// that is attached, the latest one. Ends when it has had no socket for a minute. Owned by
// WatchSessions and its own coroutines; the watch thread.
class WatchSession : public std::enable_shared_from_this<WatchSession>
{
public:
    // Throws std::system_error.
    WatchSession(const asio::any_io_executor &executor, WatchTree::Options options);

    // Until nobody wants it any more.
    Awaitable<void> run();
    void end();
    bool hasSocket() const { return m_sockets > 0; }
    std::chrono::steady_clock::time_point unusedSince() const { return m_unusedSince; }
    // Sends events until the socket closes or a later one takes its place.
    Awaitable<void> serve(Exchange &exchange);

private:
    Awaitable<void> follow();
    Awaitable<void> sendEvents(WatchSocket &socket);
    Awaitable<void> untilOver(WatchSocket &socket);
    Awaitable<void> untilUnused();

    asio::any_io_executor m_executor;
    FileEventQueue m_events;
    WatchTree m_tree;
    asio::posix::stream_descriptor m_readable;
    Notifier m_changed;   // there are events
    Notifier m_replaced;  // there is a later socket
    Notifier m_useChanged;
    int m_sockets = 0;
    bool m_isSending = false;
    bool m_ended = false;
    std::chrono::steady_clock::time_point m_unusedSince = std::chrono::steady_clock::now();
};

}  // namespace voidrun
