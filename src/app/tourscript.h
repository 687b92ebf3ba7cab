// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>

#include <coroutine>
#include <exception>
#include <functional>

namespace voidrun
{

// A linear script over an event-driven window: a coroutine that co_awaits conditions, polled from
// the event loop without ever blocking it. GUI thread.
struct TourScript {
    struct promise_type {
        TourScript get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

// co_await until(context, condition, timeout): true once the condition holds, false when it does
// not within `timeout` ms. Never resumes when `context` is gone.
class Until
{
public:
    Until(QObject *context, std::function<bool()> condition, int timeout)
        : m_context(context), m_condition(std::move(condition)), m_timeout(timeout)
    {
    }

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle);
    bool await_resume() const { return m_held; }

private:
    QObject *m_context;
    std::function<bool()> m_condition;
    int m_timeout;
    bool m_held = false;
};

}  // namespace voidrun
