// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <chrono>
#include <optional>

#include "error.h"
#include "options.h"

namespace voidrun
{

// Retry-After as seconds or an HTTP date; 0 where it is absent or makes no sense.
std::chrono::milliseconds parseRetryAfter(const QByteArray &header);

// How long to wait before call number `repeats` + 2 of a repeatable call, or nothing when `error`
// is not one that passes, the repetitions are used up, or the server asks for too long a pause.
// Jittered: 0.5 s up to a limit that doubles, at most 30 s.
std::optional<std::chrono::milliseconds> retryPause(const Error &error, int repeats,
                                                    std::chrono::milliseconds retryAfter,
                                                    const TransportOptions &options);

// A random pause before try number `tries` + 1, for reconnecting.
std::chrono::milliseconds jitteredPause(int tries, std::chrono::milliseconds minimum,
                                        std::chrono::milliseconds maximum);

// True where connecting a stream anew may help.
bool isPassing(const Error &error);

// The pauses between the tries of a stream that reconnects. A connection that held for five seconds
// starts them anew.
class ReconnectPauses
{
public:
    explicit ReconnectPauses(const StreamOptions &options) : m_options(options) {}

    // `held`: how long the last connection did, in milliseconds; 0 where there was none.
    std::chrono::milliseconds next(qint64 held);

private:
    const StreamOptions m_options;
    int m_tries = 0;
};

}  // namespace voidrun
