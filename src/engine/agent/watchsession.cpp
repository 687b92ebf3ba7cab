// SPDX-License-Identifier: MIT
#include "watchsession.h"

#include <fcntl.h>

#include <utility>

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

// Events within this time are sent together; what repeats itself is left out.
constexpr auto gatherTime = 50ms;
// How long the second half of a rename may take.
constexpr auto halfTime = 20ms;
constexpr auto unusedTime = 60s;
constexpr std::size_t maxMessage = 64 * 1024;

}  // namespace

WatchSession::WatchSession(const asio::any_io_executor &executor, WatchTree::Options options)
    : m_executor(executor),
      m_events(options.root),
      m_tree(std::move(options), m_events),
      m_readable(executor, ::fcntl(m_tree.descriptor(), F_DUPFD_CLOEXEC, 0)),
      m_changed(executor),
      m_replaced(executor),
      m_useChanged(executor)
{
}

Awaitable<void> WatchSession::run()
{
    const auto self = shared_from_this();
    co_await race(follow(), untilUnused());
}

Awaitable<void> WatchSession::follow()
{
    while (true) {
        auto [error] =
            co_await m_readable.async_wait(asio::posix::stream_descriptor::wait_read, asTuple);
        if (error)
            co_return;
        m_tree.readEvents();
        if (m_tree.hasHalves()) {
            co_await sleepFor(halfTime);
            m_tree.readEvents();
            m_tree.giveUpHalves();
        }
        m_changed.notifyAll();
    }
}

Awaitable<void> WatchSession::untilUnused()
{
    while (!m_ended) {
        if (m_sockets > 0) {
            co_await m_useChanged.wait();
            continue;
        }
        const auto left = m_unusedSince + unusedTime - std::chrono::steady_clock::now();
        if (left <= 0s)
            co_return;
        co_await race(m_useChanged.wait(),
                      sleepFor(std::chrono::ceil<std::chrono::milliseconds>(left)));
    }
}

void WatchSession::end()
{
    m_ended = true;
    m_useChanged.notifyAll();
}

Awaitable<void> WatchSession::sendEvents(WatchSocket &socket)
{
    while (true) {
        while (m_events.isEmpty())
            co_await m_changed.wait();
        co_await sleepFor(gatherTime);
        m_isSending = true;
        for (const FileEvent &event : m_events.take())
            co_await socket.async_write(asio::buffer(event.toJson()), asio::use_awaitable);
        m_isSending = false;
    }
}

// Clients have nothing to say; reading notices their pings and their end.
Awaitable<void> WatchSession::untilOver(WatchSocket &socket)
{
    const auto read = [&]() -> Awaitable<void> {
        beast::flat_buffer buffer;
        while (true) {
            co_await socket.async_read(buffer, asio::use_awaitable);
            buffer.clear();
        }
    };
    co_await race(read(), m_replaced.wait());
}

Awaitable<void> WatchSession::serve(Exchange &exchange)
{
    const auto self = shared_from_this();
    exchange.closeAfter();
    WatchSocket socket(exchange.stream());
    socket.read_message_max(maxMessage);
    socket.text(true);
    ++m_sockets;
    m_replaced.notifyAll();
    m_useChanged.notifyAll();
    try {
        co_await socket.async_accept(exchange.request(), asio::use_awaitable);
        co_await race(sendEvents(socket), untilOver(socket));
    } catch (const std::exception &) {
        // The socket is gone.
    }
    // What was on its way when the socket went may not have arrived.
    if (std::exchange(m_isSending, false))
        m_events.addRescan();
    --m_sockets;
    m_unusedSince = std::chrono::steady_clock::now();
    m_useChanged.notifyAll();
}

}  // namespace voidrun
