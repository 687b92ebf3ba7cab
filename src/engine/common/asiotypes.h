// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>

namespace voidrun
{

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

template<typename T>
using Awaitable = asio::awaitable<T>;
using Socket = asio::generic::stream_protocol::socket;
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using ErrorCode = boost::system::error_code;

// For `auto [error, n] = co_await operation(…, asTuple);`: an error is a value, not an exception.
inline constexpr auto asTuple = asio::as_tuple(asio::use_awaitable);

// Runs both and returns when the first is done (0 or 1) and the other has been cancelled and has
// ended. An exception of the first one to finish is passed on; the other's is dropped.
inline Awaitable<int> race(Awaitable<void> first, Awaitable<void> second)
{
    auto executor = co_await asio::this_coro::executor;
    auto [order, firstError, secondError] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, std::move(first), asio::deferred),
            asio::co_spawn(executor, std::move(second), asio::deferred))
            .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const int winner = static_cast<int>(order[0]);
    const std::exception_ptr error = winner == 0 ? firstError : secondError;
    if (error)
        std::rethrow_exception(error);
    co_return winner;
}

// Runs both to their ends. The first's exception is passed on, else the second's.
inline Awaitable<void> together(Awaitable<void> first, Awaitable<void> second)
{
    auto executor = co_await asio::this_coro::executor;
    auto [order, firstError, secondError] =
        co_await asio::experimental::make_parallel_group(
            asio::co_spawn(executor, std::move(first), asio::deferred),
            asio::co_spawn(executor, std::move(second), asio::deferred))
            .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    if (firstError || secondError)
        std::rethrow_exception(firstError ? firstError : secondError);
}

inline Awaitable<void> sleepFor(std::chrono::milliseconds duration)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    co_await timer.async_wait(asTuple);
}

// Runs a blocking function on `pool` and continues where the caller was.
template<typename Function>
Awaitable<std::invoke_result_t<Function>> runOn(asio::thread_pool &pool, Function function)
{
    co_return co_await asio::co_spawn(
        pool,
        [](Function work) -> Awaitable<std::invoke_result_t<Function>> {
            co_return work();
        }(std::move(function)),
        asio::use_awaitable);
}

}  // namespace voidrun
