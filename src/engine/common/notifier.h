// SPDX-License-Identifier: MIT
#pragma once

#include "asiotypes.h"

namespace voidrun
{

// A condition variable for coroutines of one strand: wait() returns at the next notifyAll().
// Callers check their own condition before and after, as with any condition variable.
class Notifier
{
public:
    explicit Notifier(const asio::any_io_executor &executor)
        : m_timer(executor, asio::steady_timer::time_point::max())
    {
    }

    Awaitable<void> wait() { co_await m_timer.async_wait(asTuple); }
    void notifyAll() { m_timer.cancel(); }

private:
    asio::steady_timer m_timer;
};

}  // namespace voidrun
