// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "jsonbody.h"
#include "kernelcopy.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr auto headerTime = 30s;
constexpr auto bodyIdleTime = 300s;
constexpr auto lingerTime = 5s;

[[noreturn]] void throwReadError(ErrorCode error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        throw HttpError(431, "The request's header is too large.");
    if (error.category() == make_error_code(http::error::bad_method).category() &&
        error != http::error::partial_message)
        throw HttpError(400, "The request is not valid HTTP.", error.message());
    throw boost::system::system_error(error);
}

}  // namespace

Exchange::Exchange(Stream &stream, beast::flat_buffer &buffer, TimeLimits limits)
    : m_stream(stream), m_buffer(buffer), m_limits(limits)
{
    m_parser.header_limit(headerLimit);
    // Bodies are taken in pieces; whoever collects one bounds it (readWholeBody).
    m_parser.body_limit(boost::none);
}

Awaitable<bool> Exchange::readHeader(std::chrono::seconds idleLimit)
{
    if (m_buffer.size() == 0) {
        expireAfter(idleLimit);
        auto [error, size] = co_await m_stream.async_read_some(m_buffer.prepare(4096), asTuple);
        if (error == asio::error::eof || error == asio::error::connection_reset ||
            error == beast::error::timeout)
            co_return false;
        if (error)
            throw boost::system::system_error(error);
        m_buffer.commit(size);
    }
    expireAfter(headerTime);
    auto [error, size] = co_await http::async_read_header(m_stream, m_buffer, m_parser, asTuple);
    expireAfter(0s);
    if (error == http::error::end_of_stream || error == beast::error::timeout)
        co_return false;
    if (error)
        throwReadError(error);
    m_headerRead = true;
    m_keepAlive = request().keep_alive();
    checkFraming();
    m_target = RequestTarget::parse(request().target());
    co_return true;
}

// 0 stands for never. Without limits the stream's timers are never touched, so that the coroutine
// may run on another thread than the stream's.
void Exchange::expireAfter(std::chrono::seconds time)
{
    if (m_limits == TimeLimits::Off)
        return;
    if (time == 0s)
        m_stream.expires_never();
    else
        m_stream.expires_after(time);
}

void Exchange::checkFraming() const
{
    const auto lengths = request().count(http::field::content_length);
    const auto codings = request().count(http::field::transfer_encoding);
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
        throw HttpError(400, "The request gives its length twice.");
    if (codings > 0 && !m_parser.chunked())
        throw HttpError(400, "The request's transfer encoding is not supported.");
}

bool Exchange::isUpgrade() const
{
    return beast::websocket::is_upgrade(request());
}

Awaitable<std::size_t> Exchange::readBody(std::span<char> piece)
{
    expireAfter(bodyIdleTime);
    try {
        const std::size_t size = co_await readPiece(m_stream, m_buffer, m_parser, piece);
        expireAfter(0s);
        co_return size;
    } catch (const boost::system::system_error &error) {
        m_keepAlive = false;
        throwReadError(error.code());
    }
}

Awaitable<std::string> Exchange::readWholeBody(std::size_t limit)
{
    const auto tooLarge = [&] {
        m_keepAlive = false;
        return HttpError(413, "The request body is too large.",
                         "at most " + std::to_string(limit) + " bytes");
    };
    if (m_parser.content_length().value_or(0) > limit)
        throw tooLarge();
    co_await sendContinue();
    std::string text;
    std::array<char, 8192> piece;
    while (const std::size_t size = co_await readBody(piece)) {
        if (text.size() + size > limit)
            throw tooLarge();
        text.append(piece.data(), size);
    }
    co_return text;
}

bool Exchange::hasLargeBody() const
{
    return !m_parser.is_done() && m_parser.content_length().value_or(0) >= largeBody &&
           m_parser.content_length_remaining() == m_parser.content_length();
}

Awaitable<bool> Exchange::moveBodyTo(Stream &other)
{
    const std::uint64_t length = *m_parser.content_length();
    const auto ready = std::min<std::uint64_t>(length, m_buffer.size());
    auto [error, size] = co_await asio::async_write(
        other, asio::buffer(m_buffer.data(), static_cast<std::size_t>(ready)), asTuple);
    if (error)
        co_return false;
    m_buffer.consume(size);
    m_bodyMoved = co_await copySocketToSocket(m_stream, other, length - size) == length - size;
    co_return m_bodyMoved;
}

Awaitable<void> Exchange::moveBodyTo(int file)
{
    std::uint64_t left = *m_parser.content_length();
    while (left > 0 && m_buffer.size() > 0) {
        const auto ready = std::min<std::uint64_t>(left, m_buffer.size());
        const auto size = ::write(file, m_buffer.data().data(), static_cast<std::size_t>(ready));
        if (size < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "write");
        m_buffer.consume(size > 0 ? static_cast<std::size_t>(size) : 0);
        left -= size > 0 ? static_cast<std::uint64_t>(size) : 0;
    }
    co_await copySocketToFile(m_stream, file, left);
    m_bodyMoved = true;
}

Awaitable<void> Exchange::sendContinue()
{
    if (!beast::iequals(request()[http::field::expect], "100-continue"))
        co_return;
    http::response<http::empty_body> permission(http::status::continue_, 11);
    co_await http::async_write(m_stream, permission, asio::use_awaitable);
}

Awaitable<void> Exchange::sendSuccess(json::value data, std::string message, unsigned status,
                                      std::optional<json::value> meta)
{
    json::object body{{"status", "success"}, {"message", message}, {"data", std::move(data)}};
    if (meta)
        body["meta"] = *std::move(meta);
    co_await sendJson(status, std::move(body));
}

Awaitable<void> Exchange::sendError(const HttpError &error)
{
    json::object body{{"error", toValidUtf8(error.what())}};
    if (!error.details().empty())
        body["details"] = toValidUtf8(error.details());
    co_await sendJson(error.status(), std::move(body));
}

Awaitable<void> Exchange::sendJson(unsigned status, json::value body)
{
    const std::string text = json::serialize(body);
    body = nullptr;
    co_await startResponse(status, "application/json", text.size());
    if (!text.empty())
        co_await writeBody(text);
    co_await finishResponse();
}

Awaitable<void> Exchange::startResponse(unsigned status, std::string_view contentType,
                                        std::optional<std::uint64_t> length)
{
    Response response(http::int_to_status(status), 11);
    response.set(http::field::content_type, contentType);
    if (length)
        response.content_length(*length);
    else
        response.chunked(true);
    co_await startResponse(std::move(response));
}

Awaitable<void> Exchange::startResponse(Response response)
{
    // What is left of the body would be taken for the next request.
    if (!m_headerRead || !isBodyRead())
        m_keepAlive = false;
    if (m_headerRead && request().version() < 11 && response.chunked()) {
        response.chunked(false);
        m_keepAlive = false;
    }
    response.version(m_headerRead ? request().version() : 11);
    response.keep_alive(m_keepAlive);
    response.set(http::field::cache_control, "no-store");
    m_writer.emplace(m_stream, std::move(response));
    m_answered = true;
    co_await m_writer->writeHeader();
}

Awaitable<void> Exchange::writeBody(std::string_view piece)
{
    co_await m_writer->write(piece);
}

Awaitable<void> Exchange::finishResponse()
{
    co_await m_writer->finish();
}

Awaitable<std::uint64_t> Exchange::writeFile(int file, std::uint64_t length)
{
    co_return co_await copyFileToSocket(file, m_stream, length);
}

Awaitable<std::uint64_t> Exchange::writeFrom(Stream &other, beast::flat_buffer &readAhead,
                                             std::uint64_t length)
{
    const auto ready = std::min<std::uint64_t>(length, readAhead.size());
    const std::size_t size = co_await asio::async_write(
        m_stream, asio::buffer(readAhead.data(), static_cast<std::size_t>(ready)),
        asio::use_awaitable);
    readAhead.consume(size);
    co_return size + co_await copySocketToSocket(other, m_stream, length - size);
}

Awaitable<void> Exchange::sendUpgrade(Response response)
{
    m_keepAlive = false;
    m_answered = true;
    http::response<http::empty_body> head(response.result(), 11);
    for (const auto &field : response)
        head.insert(field.name(), field.name_string(), field.value());
    co_await http::async_write(m_stream, head, asio::use_awaitable);
}

Awaitable<void> untilPeerCloses(Stream &stream)
{
    while (true) {
        auto [error] = co_await stream.socket().async_wait(Socket::wait_read, asTuple);
        if (error)
            co_return;
        char byte = 0;
        const auto size =
            ::recv(stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
            co_return;
        if (size > 0) {
            // The next request is waiting already; its end cannot be seen from here.
            asio::steady_timer forever(co_await asio::this_coro::executor,
                                       asio::steady_timer::time_point::max());
            co_await forever.async_wait(asTuple);
            co_return;
        }
    }
}

Awaitable<void> closeGently(Stream &stream)
{
    ErrorCode ignored;
    stream.socket().shutdown(Socket::shutdown_send, ignored);
    stream.expires_after(lingerTime);
    std::array<char, 16384> piece;
    while (true) {
        auto [error, size] = co_await stream.async_read_some(asio::buffer(piece), asTuple);
        if (error)
            break;
    }
    stream.close();
}

}  // namespace voidrun
