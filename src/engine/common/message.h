// SPDX-License-Identifier: MIT
#pragma once

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "asiotypes.h"

namespace voidrun
{

namespace http = beast::http;

inline constexpr std::size_t headerLimit = 64 * 1024;
// What one step of a relayed body holds in memory.
inline constexpr std::size_t pieceSize = 64 * 1024;

// Writes one message piece by piece. Lives in the connection's coroutine. Errors are exceptions.
template<bool isRequest>
class MessageWriter
{
public:
    using Message = http::message<isRequest, http::buffer_body>;

    MessageWriter(Stream &stream, Message message)
        : m_stream(stream), m_message(std::move(message)), m_serializer(m_message)
    {
        m_message.body().data = nullptr;
        m_message.body().more = true;
    }
    MessageWriter(const MessageWriter &) = delete;
    MessageWriter &operator=(const MessageWriter &) = delete;

    Awaitable<void> writeHeader()
    {
        auto [error, size] = co_await http::async_write_header(m_stream, m_serializer, asTuple);
        check(error);
    }

    Awaitable<void> write(std::string_view piece)
    {
        m_message.body().data = const_cast<char *>(piece.data());
        m_message.body().size = piece.size();
        m_message.body().more = true;
        auto [error, size] = co_await http::async_write(m_stream, m_serializer, asTuple);
        check(error);
    }

    Awaitable<void> finish()
    {
        if (m_serializer.is_done())
            co_return;
        m_message.body() = {nullptr, 0, false};
        auto [error, size] = co_await http::async_write(m_stream, m_serializer, asTuple);
        check(error);
    }

private:
    static void check(ErrorCode error)
    {
        if (error && error != http::error::need_buffer)
            throw boost::system::system_error(error);
    }

    Stream &m_stream;
    Message m_message;
    http::serializer<isRequest, http::buffer_body> m_serializer;
};

// The next piece of a body as it arrives; 0 at its end. Errors are exceptions.
template<typename Parser>
Awaitable<std::size_t> readPiece(Stream &stream, beast::flat_buffer &buffer, Parser &parser,
                                 std::span<char> piece)
{
    auto &body = parser.get().body();
    // Beast reads as much at once as the buffer has room for.
    buffer.reserve(piece.size());
    std::size_t got = 0;
    while (got == 0 && !parser.is_done()) {
        body.data = piece.data();
        body.size = piece.size();
        auto [error, size] = co_await http::async_read_some(stream, buffer, parser, asTuple);
        got = piece.size() - body.size;
        if (error && error != http::error::need_buffer)
            throw boost::system::system_error(error);
    }
    co_return got;
}

}  // namespace voidrun
