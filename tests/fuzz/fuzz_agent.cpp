// SPDX-License-Identifier: MIT
// What the agent takes apart: a request with its body, from a real socket; a command's output, cut
// anywhere, which must come out of its events as it went in, and with no event that is not ours.
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/eventlines.h"
#include "agent/filereports.h"
#include "agent/markerscanner.h"
#include "common/exchange.h"
#include "common/jsonbody.h"

using namespace voidrun;

namespace
{

void require(bool condition)
{
    if (!condition)
        std::abort();
}

Awaitable<void> answer(Stream stream)
{
    beast::flat_buffer buffer;
    Exchange exchange(stream, buffer, TimeLimits::Off);
    std::optional<HttpError> failure;
    try {
        if (co_await exchange.readHeader(std::chrono::seconds(1))) {
            const RequestTarget &target = exchange.target();
            require(
                RequestTarget::parse("/x?" + target.queryWithout("apiKey")).parameter("apiKey") ==
                std::nullopt);
            for (const std::string &segment : target.segments)
                require(!segment.empty() && segment.find('/') == std::string::npos);
            const JsonBody body(co_await exchange.readWholeBody(64 * 1024));
            body.string("command");
            body.stringMap("env");
            co_await exchange.sendSuccess(body.object());
        }
    } catch (const HttpError &error) {
        failure = error;
    } catch (const boost::system::system_error &) {
        co_return;  // the sender has gone in the middle
    }
    if (failure && !exchange.hasAnswered())
        co_await exchange.sendError(*failure);
}

void serve(std::string_view request)
{
    asio::io_context context;
    asio::local::stream_protocol::socket ours(context);
    asio::local::stream_protocol::socket theirs(context);
    asio::local::connect_pair(ours, theirs);
    asio::write(theirs, asio::buffer(request));
    theirs.shutdown(asio::socket_base::shutdown_send);
    asio::co_spawn(context, answer(Stream(Socket(std::move(ours)))),
                   [](const std::exception_ptr &) {});
    context.run();
}

// Reads events as a client does, every kind of line end counted.
std::string printed(std::string_view events)
{
    std::string text;
    std::string id;
    std::string data;
    while (!events.empty()) {
        const std::size_t end = events.find_first_of("\r\n");
        require(end != std::string_view::npos && events[end] == '\n');
        std::string_view line = events.substr(0, end);
        events.remove_prefix(end + 1);
        if (line.empty()) {
            text += data + (id == "partial" ? ""
                            : id == "cr"    ? "\r"
                            : id == "crlf"  ? "\r\n"
                                            : "\n");
            continue;
        }
        const std::size_t colon = line.find(':');
        require(colon != std::string_view::npos);
        const std::string_view field = line.substr(0, colon);
        line.remove_prefix(colon + 1);
        if (line.starts_with(' '))
            line.remove_prefix(1);
        if (field == "event")
            require(line == "stdout");
        else if (field == "id")
            id = line;
        else
            data = line;
    }
    return text;
}

void split(std::string_view output, std::size_t cut)
{
    EventLines lines("stdout");
    EventWriter events;
    lines.feed(output.substr(0, cut), events);
    if (cut % 2 == 0)
        lines.flush(events);
    lines.feed(output.substr(cut), events);
    lines.finish(events);
    require(printed(events.take()) == output);
}

void scan(std::string_view output, std::size_t cut)
{
    MarkerScanner whole("ab");
    std::string expected = whole.feed(output);
    expected += whole.exitCode() ? "" : whole.rest();
    MarkerScanner halves("ab");
    std::string actual = halves.feed(output.substr(0, cut));
    actual += halves.feed(output.substr(cut));
    actual += halves.exitCode() ? "" : halves.rest();
    require(actual == expected && halves.exitCode() == whole.exitCode());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view input(reinterpret_cast<const char *>(data) + 1, size - 1);
    const std::size_t cut = data[0] % (input.size() + 1);
    serve(input);
    split(input, cut);
    scan(input, cut);
    (void)containsPattern(input.substr(cut), input.substr(0, cut));
    (void)toValidUtf8(input);
    return 0;
}
