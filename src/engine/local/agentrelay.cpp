// SPDX-License-Identifier: MIT
#include "agentrelay.h"

#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <memory>

#include "common/passfile.h"

namespace voidrun
{

namespace
{

using ResponseParser = http::response_parser<http::buffer_body>;
using Piece = std::array<char, pieceSize>;

bool isBetweenUs(std::string_view name)
{
    return beast::iequals(name, passFileField) || beast::iequals(name, passedFileField);
}

bool isForUsOnly(const Request::const_iterator::value_type &field)
{
    if (isBetweenUs(field.name_string()))
        return true;
    switch (field.name()) {
        case http::field::connection:
        case http::field::keep_alive:
        case http::field::proxy_connection:
        case http::field::te:
        case http::field::trailer:
        case http::field::transfer_encoding:
        case http::field::content_length:
        case http::field::upgrade:
        case http::field::expect:
        case http::field::host:
        case http::field::cookie:
        case http::field::authorization:
            return true;
        default:
            return false;
    }
}

Request makeRequest(const Exchange &client, const std::string &target)
{
    const Request &original = client.request();
    Request request(original.method(), target, 11);
    for (const auto &field : original) {
        if (!isForUsOnly(field) && !beast::iequals(field.name_string(), "X-API-Key"))
            request.insert(field.name(), field.name_string(), field.value());
    }
    request.set(http::field::host, "agent");
    request.set(passFileField, "1");
    if (client.isUpgrade()) {
        request.set(http::field::connection, "Upgrade");
        request.set(http::field::upgrade, "websocket");
    } else if (original.chunked()) {
        request.chunked(true);
    } else if (original.has_content_length()) {
        request.set(http::field::content_length, original[http::field::content_length]);
    }
    return request;
}

Response makeResponse(const Response &original)
{
    Response response(original.result(), 11);
    for (const auto &field : original) {
        if (!isForUsOnly(field))
            response.insert(field.name(), field.name_string(), field.value());
    }
    if (original.has_content_length())
        response.set(http::field::content_length, original[http::field::content_length]);
    else
        response.chunked(true);
    return response;
}

// One call on its way: the two connections and what has been read ahead from the agent.
class Relay
{
public:
    Relay(Exchange &client, Stream agent) : m_client(client), m_agent(std::move(agent))
    {
        m_parser.header_limit(headerLimit);
        m_parser.body_limit(boost::none);
    }

    Awaitable<void> run(std::string target)
    {
        MessageWriter<true> writer(m_agent, makeRequest(m_client, target));
        co_await sendRequest(writer);
        if (m_client.isUpgrade())
            co_await answerUpgrade();
        else if (m_client.isBodyRead())
            co_await race(answer(), untilPeerCloses(m_client.stream()));
        else
            co_await answer();
    }

private:
    // An agent that has already answered stops reading; its answer is what counts then.
    Awaitable<void> sendRequest(MessageWriter<true> &writer)
    {
        bool agentListens = true;
        try {
            co_await writer.writeHeader();
        } catch (const boost::system::system_error &) {
            agentListens = false;
        }
        if (m_client.isUpgrade() || !agentListens)
            co_return;
        co_await m_client.sendContinue();
        if (m_client.hasLargeBody()) {
            co_await m_client.moveBodyTo(m_agent);
            co_return;
        }
        const auto piece = std::make_unique<Piece>();
        while (agentListens && !m_client.isBodyRead()) {
            const std::size_t size = co_await m_client.readBody(*piece);
            if (size == 0)
                break;
            try {
                co_await writer.write({piece->data(), size});
            } catch (const boost::system::system_error &) {
                agentListens = false;
            }
        }
        if (!agentListens)
            co_return;
        try {
            co_await writer.finish();
        } catch (const boost::system::system_error &) {
        }
    }

    Awaitable<void> readAnswerHeader()
    {
        auto [error, size] = co_await http::async_read_header(m_agent, m_buffer, m_parser, asTuple);
        if (error == asio::error::operation_aborted)
            throw boost::system::system_error(error);
        if (error)
            throw HttpError(502, "The sandbox ended before it answered.", error.message());
    }

    Awaitable<FileDescriptor> takeFile()
    {
        try {
            co_return co_await receiveFile(m_agent);
        } catch (const boost::system::system_error &error) {
            throw HttpError(502, "The sandbox did not hand over the file.", error.code().message());
        }
    }

    Awaitable<void> answer()
    {
        co_await readAnswerHeader();
        const std::uint64_t length = m_parser.content_length().value_or(0);
        FileDescriptor file;
        if (m_parser.get().count(passedFileField) > 0)
            file = co_await takeFile();
        co_await m_client.startResponse(makeResponse(m_parser.get()));
        if (file.isOpen() || length >= largeBody) {
            const std::uint64_t sent = file.isOpen()
                                           ? co_await m_client.writeFile(file.value(), length)
                                           : co_await m_client.writeFrom(m_agent, m_buffer, length);
            if (sent != length)
                throw boost::system::system_error(asio::error::connection_reset);
            co_return;
        }
        const auto piece = std::make_unique<Piece>();
        while (const std::size_t size = co_await readPiece(m_agent, m_buffer, m_parser, *piece))
            co_await m_client.writeBody({piece->data(), size});
        co_await m_client.finishResponse();
    }

    Awaitable<void> answerUpgrade()
    {
        co_await readAnswerHeader();
        if (m_parser.get().result() != http::status::switching_protocols) {
            m_client.closeAfter();
            co_return co_await answer();
        }
        m_client.closeAfter();
        Response response(http::status::switching_protocols, 11);
        for (const auto &field : m_parser.get())
            response.insert(field.name(), field.name_string(), field.value());
        co_await m_client.sendUpgrade(std::move(response));
        m_client.stream().expires_never();
        // The agent's end is the end: its last words have been passed on by then.
        co_await race(pump(m_buffer, m_agent, m_client.stream()),
                      pump(m_client.buffer(), m_client.stream(), m_agent));
    }

    static Awaitable<void> pump(beast::flat_buffer &readAhead, Stream &from, Stream &to)
    {
        if (readAhead.size() > 0) {
            co_await asio::async_write(to, readAhead.data(), asio::use_awaitable);
            readAhead.clear();
        }
        const auto piece = std::make_unique<Piece>();
        while (true) {
            auto [readError, size] = co_await from.async_read_some(asio::buffer(*piece), asTuple);
            if (readError)
                co_return;
            auto [writeError, written] =
                co_await asio::async_write(to, asio::buffer(*piece, size), asTuple);
            if (writeError)
                co_return;
        }
    }

    Exchange &m_client;
    Stream m_agent;
    beast::flat_buffer m_buffer;
    ResponseParser m_parser;
};

}  // namespace

Awaitable<void> relayToAgent(Exchange &client, Stream agent, std::string target)
{
    Relay relay(client, std::move(agent));
    co_await relay.run(std::move(target));
}

}  // namespace voidrun
