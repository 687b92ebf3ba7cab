// SPDX-License-Identifier: MIT
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <format>

#include "ptysessions.h"

namespace voidrun
{

using namespace std::chrono_literals;
namespace websocket = beast::websocket;

namespace
{

constexpr std::size_t maxMessage = 1024 * 1024;
constexpr std::size_t frameSize = 32 * 1024;
constexpr auto closeTime = 5s;

// One socket on one terminal.
class Attachment
{
public:
    Attachment(Exchange &exchange, std::shared_ptr<PtySession> session)
        : m_exchange(exchange), m_socket(exchange.stream()), m_session(std::move(session))
    {
    }
    Attachment(const Attachment &) = delete;
    Attachment &operator=(const Attachment &) = delete;
    ~Attachment()
    {
        if (m_client)
            m_session->detach(m_client);
    }

    Awaitable<void> run()
    {
        m_socket.read_message_max(maxMessage);
        m_socket.binary(true);
        m_exchange.closeAfter();
        co_await m_socket.async_accept(m_exchange.request(), asio::use_awaitable);
        m_client = m_session->attach();
        co_await race(sendOutput(), readInput());
    }

private:
    Awaitable<void> sendOutput()
    {
        while (true) {
            const std::string piece = co_await m_session->nextOutput(m_client, frameSize);
            if (piece.empty())
                break;
            auto [error, size] = co_await m_socket.async_write(asio::buffer(piece), asTuple);
            if (error)
                co_return;
        }
        // Ended: everything has been sent.
        co_await race(close(), sleepFor(closeTime));
    }

    Awaitable<void> close()
    {
        const websocket::close_reason reason(websocket::close_code::normal,
                                             std::format("exit {}", m_session->exitCode()));
        co_await m_socket.async_close(reason, asTuple);
    }

    Awaitable<void> readInput()
    {
        beast::flat_buffer buffer;
        while (true) {
            auto [error, size] = co_await m_socket.async_read(buffer, asTuple);
            if (error)
                co_return;
            co_await m_session->write(beast::buffers_to_string(buffer.data()));
            buffer.clear();
        }
    }

    Exchange &m_exchange;
    websocket::stream<Stream &> m_socket;
    std::shared_ptr<PtySession> m_session;
    PtySession::ClientPtr m_client;
};

}  // namespace

Awaitable<void> attachSocket(Exchange &exchange, std::shared_ptr<PtySession> session)
{
    Attachment attachment(exchange, std::move(session));
    co_await attachment.run();
}

}  // namespace voidrun
