// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "asiotypes.h"
#include "httperror.h"
#include "message.h"
#include "requesttarget.h"

namespace voidrun
{

using RequestParser = http::request_parser<http::buffer_body>;
using Request = http::request<http::buffer_body>;
using Response = http::response<http::buffer_body>;

inline constexpr std::size_t jsonLimit = 1024 * 1024;
// A body of this size is moved inside the kernel where that is possible.
inline constexpr std::uint64_t largeBody = 1024 * 1024;

// Whether a slow or silent peer is given up. An agent's only peer is the engine.
enum class TimeLimits { On, Off };

// One request and its answer on a connection: bounded header, body in pieces, JSON answers in the
// contract's envelopes. Lives in the connection's coroutine, on its strand.
class Exchange
{
public:
    Exchange(Stream &stream, beast::flat_buffer &buffer, TimeLimits limits = TimeLimits::On);

    // Returns false when the peer closed the connection between two requests. Throws HttpError for
    // what is not a request of ours to serve, system_error for a broken connection.
    Awaitable<bool> readHeader(std::chrono::seconds idleLimit);

    const Request &request() const { return m_parser.get(); }
    const RequestTarget &target() const { return m_target; }
    Stream &stream() { return m_stream; }
    beast::flat_buffer &buffer() { return m_buffer; }
    bool isUpgrade() const;

    // The next piece of the body; 0 at its end.
    Awaitable<std::size_t> readBody(std::span<char> piece);
    // The whole body; throws HttpError 413 beyond the limit.
    Awaitable<std::string> readWholeBody(std::size_t limit = jsonLimit);
    bool isBodyRead() const { return m_bodyMoved || m_parser.is_done(); }
    // Whether the body is worth moving inside the kernel: large, of known length and untouched.
    bool hasLargeBody() const;
    // As the request says; 0 when it does not.
    std::uint64_t bodyLength() const { return m_parser.content_length().value_or(0); }
    // Moves such a body. False when the other side takes no more of it.
    Awaitable<bool> moveBodyTo(Stream &other);
    Awaitable<void> moveBodyTo(int file);
    // Tells a client that waits for permission to send its body to go on.
    Awaitable<void> sendContinue();

    // {"status":"success","message":…,"data":…}
    Awaitable<void> sendSuccess(json::value data, std::string message = "ok", unsigned status = 200,
                                std::optional<json::value> meta = {});
    Awaitable<void> sendJson(unsigned status, json::value body);
    Awaitable<void> sendError(const HttpError &error);

    // A streamed answer: head, pieces, end. Without a length it is chunked.
    Awaitable<void> startResponse(unsigned status, std::string_view contentType,
                                  std::optional<std::uint64_t> length);
    Awaitable<void> startResponse(Response response);
    Awaitable<void> writeBody(std::string_view piece);
    Awaitable<void> finishResponse();
    // The whole body instead of writeBody() and finishResponse(), inside the kernel: from a file,
    // or from another connection, of which `readAhead` has been read already. Returns how much of
    // `length` there was.
    Awaitable<std::uint64_t> writeFile(int file, std::uint64_t length);
    Awaitable<std::uint64_t> writeFrom(Stream &other, beast::flat_buffer &readAhead,
                                       std::uint64_t length);

    // The answer to an upgrade; from then on the stream is the caller's.
    Awaitable<void> sendUpgrade(Response response);

    bool hasAnswered() const { return m_answered; }
    // After this exchange the connection closes.
    void closeAfter() { m_keepAlive = false; }
    bool keepsAlive() const { return m_keepAlive; }

private:
    void checkFraming() const;
    void expireAfter(std::chrono::seconds time);

    Stream &m_stream;
    beast::flat_buffer &m_buffer;
    TimeLimits m_limits;
    RequestParser m_parser;
    RequestTarget m_target;
    std::optional<MessageWriter<false>> m_writer;
    bool m_headerRead = false;
    bool m_answered = false;
    bool m_keepAlive = false;
    bool m_bodyMoved = false;
};

// Ends when the peer has closed its side; the socket must have no other reader meanwhile.
Awaitable<void> untilPeerCloses(Stream &stream);

// Sends our end, then reads until the peer's end for a bounded time, so that the last answer is
// not lost to a reset.
Awaitable<void> closeGently(Stream &stream);

}  // namespace voidrun
