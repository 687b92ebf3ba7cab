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

// A part of a script that another part or the script co_awaits: true when all of it held. Starts
// when it is awaited.
class TourPart
{
public:
    struct promise_type {
        struct Back {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> part) noexcept
            {
                return part.promise().waiting;
            }
            void await_resume() noexcept {}
        };

        TourPart get_return_object()
        {
            return TourPart(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        Back final_suspend() noexcept { return {}; }
        void return_value(bool value) { held = value; }
        void unhandled_exception() { std::terminate(); }

        std::coroutine_handle<> waiting;
        bool held = false;
    };

    explicit TourPart(std::coroutine_handle<promise_type> part) : m_part(part) {}
    ~TourPart() { m_part.destroy(); }
    Q_DISABLE_COPY_MOVE(TourPart)

    bool await_ready() const { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting)
    {
        m_part.promise().waiting = waiting;
        return m_part;
    }
    bool await_resume() const { return m_part.promise().held; }

private:
    std::coroutine_handle<promise_type> m_part;
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
