// SPDX-License-Identifier: MIT
#pragma once

#include "notifier.h"

namespace voidrun
{

// Lets the coroutines of one strand do something one after the other.
class Turn
{
public:
    explicit Turn(const asio::any_io_executor &executor) : m_freed(executor) {}

    // Held while it lives.
    class Lock
    {
    public:
        explicit Lock(Turn &turn) : m_turn(&turn) { turn.m_taken = true; }
        Lock(Lock &&other) noexcept : m_turn(std::exchange(other.m_turn, nullptr)) {}
        Lock &operator=(Lock &&) = delete;
        ~Lock()
        {
            if (!m_turn)
                return;
            m_turn->m_taken = false;
            m_turn->m_freed.notifyAll();
        }

    private:
        Turn *m_turn;
    };

    Awaitable<Lock> take()
    {
        while (m_taken)
            co_await m_freed.wait();
        co_return Lock(*this);
    }

private:
    Notifier m_freed;
    bool m_taken = false;
};

}  // namespace voidrun
