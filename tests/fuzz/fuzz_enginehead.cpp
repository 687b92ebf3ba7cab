// SPDX-License-Identifier: MIT
// Bytes from a stranger through the engine's own reading of a request: header, framing, address
// and JSON body. Whatever passes must be clean.
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "engine/common/exchange.h"
#include "engine/common/jsonbody.h"

using namespace voidrun;

namespace
{

void require(bool condition, int line = __builtin_LINE())
{
    if (condition)
        return;
    std::fprintf(stderr, "broken in line %d\n", line);
    std::abort();
}

void checkTarget(const RequestTarget &target)
{
    for (const std::string &segment : target.segments) {
        require(!segment.empty() && segment != "." && segment != "..");
        require(segment.find('/') == std::string::npos && segment.find('\0') == std::string::npos);
    }
    for (const RequestTarget::Parameter &parameter : target.parameters)
        require((parameter.name + parameter.value).find('\0') == std::string::npos);
    // What is passed on to an agent reads the same there, without the key.
    const std::string query = target.queryWithout("apiKey");
    const RequestTarget again =
        RequestTarget::parse(target.encodedPath + (query.empty() ? "" : '?' + query));
    require(again.segments == target.segments && !again.parameter("apiKey"));
}

Awaitable<void> serve(Stream &stream)
{
    beast::flat_buffer buffer;
    Exchange exchange(stream, buffer);
    if (!co_await exchange.readHeader(std::chrono::seconds(1)))
        co_return;
    const Request &request = exchange.request();
    require(request.count(http::field::content_length) +
                request.count(http::field::transfer_encoding) <=
            1);
    checkTarget(exchange.target());
    if (exchange.isUpgrade())
        co_return;
    const JsonBody body(co_await exchange.readWholeBody());
    (void)body.string("name");
    (void)body.integers("publishPorts");
    (void)body.stringMap("labels");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size > 60'000)  // what a socket takes at once
        return 0;
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    require(::send(ends[1], data, size, MSG_DONTWAIT) == static_cast<ssize_t>(size));
    ::shutdown(ends[1], SHUT_WR);
    asio::io_context context(1);
    Stream stream(Socket(context, asio::generic::stream_protocol(AF_UNIX, SOCK_STREAM), ends[0]));
    asio::co_spawn(context, serve(stream), [](const std::exception_ptr &error) {
        try {
            if (error)
                std::rethrow_exception(error);
        } catch (const HttpError &refused) {
            require(refused.status() >= 400 && refused.status() < 500);
        } catch (const boost::system::system_error &) {
            // cut short
        }
    });
    context.run();
    ::close(ends[1]);
    return 0;
}
