// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>

namespace voidrun::test
{

// Measures the longest time, in milliseconds, that the event loop of its thread did not turn.
class GuiGap : public QObject
{
public:
    explicit GuiGap(QObject *parent = nullptr) : QObject(parent)
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            const qint64 now = m_clock.nsecsElapsed();
            m_longest = std::max(m_longest, double(now - m_last) / 1e6);
            m_last = now;
        });
    }

    void start()
    {
        m_clock.start();
        m_last = 0;
        m_longest = 0;
        m_timer.start(1);
    }

    // The longest gap since start(), the one that is still open included.
    double longest() const
    {
        return std::max(m_longest, double(m_clock.nsecsElapsed() - m_last) / 1e6);
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_last = 0;
    double m_longest = 0;
};

}  // namespace voidrun::test
