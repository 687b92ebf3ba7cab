// SPDX-License-Identifier: MIT
#pragma once

#include <QtTypes>

#include <chrono>

namespace voidrun
{

// Limits of the HTTP side. The defaults are the product's; tests shorten the times. Plain values,
// for any thread.
struct TransportOptions {
    std::chrono::milliseconds connectTimeout = std::chrono::seconds(10);
    // No byte in either direction while a body moves, or while a quick answer is awaited.
    std::chrono::milliseconds idleTimeout = std::chrono::seconds(30);
    // Whatever longer time a call allows the server to work before it answers.
    std::chrono::milliseconds maxAnswerTimeout = std::chrono::hours(24);
    // No event in a stream of output; a program may be silent for long.
    std::chrono::milliseconds streamIdleTimeout = std::chrono::hours(1);
    // After an exit status: what the server still sends is taken for as long as it keeps coming.
    std::chrono::milliseconds exitGrace = std::chrono::seconds(2);
    std::chrono::milliseconds retryMin{500};
    std::chrono::milliseconds retryMax = std::chrono::seconds(30);
    // A server that asks for a longer pause gets no repetition.
    std::chrono::milliseconds retryAfterMax = std::chrono::minutes(5);
    int maxRetries = 5;
    int maxUnreachableRetries = 2;  // refused or unresolved: said soon, since nothing is there
    qint64 maxJsonBytes = 64LL * 1024 * 1024;
    qint64 maxErrorBytes = 1024LL * 1024;
    qint64 maxHeaderBytes = 64LL * 1024;
    bool ownHttp = true;  // to this computer; false: everything goes through QNetworkAccessManager
    qint64 threadedDecodeBytes = 1024LL * 1024;  // larger answers are decoded in the thread pool
};

// Limits of a WebSocket stream (contract sections 4 and 5). Plain values, for any thread.
struct StreamOptions {
    std::chrono::milliseconds connectTimeout = std::chrono::seconds(10);
    // From the request to the opened stream, which may wake the sandbox.
    std::chrono::milliseconds openTimeout = std::chrono::seconds(30);
    std::chrono::milliseconds pingInterval = std::chrono::seconds(15);
    std::chrono::milliseconds deadAfter = std::chrono::seconds(45);  // nothing heard, no pong
    std::chrono::milliseconds retryMin{500};
    std::chrono::milliseconds retryMax = std::chrono::seconds(30);
    // After a connection that held for so long the pauses start from the least again.
    std::chrono::milliseconds stableAfter = std::chrono::seconds(5);
    std::chrono::milliseconds replayQuiet{200};  // a replay has ended when this long quiet
    // After a cut a terminal waits for TerminalStream::reconnect(): to attach again by itself would
    // wake a sandbox that fell asleep.
    bool ownerReconnects = false;
};

}  // namespace voidrun
