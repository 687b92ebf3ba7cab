// SPDX-License-Identifier: MIT
#pragma once

#include <QPoint>
#include <QStringList>

namespace voidrun::test
{

// What xdotool does for a drag with the left button: presses at `from`, moves in small steps, waits
// and lets go at `to`; in screen coordinates.
inline QStringList dragSteps(const QPoint &from, const QPoint &to, int pauseMs)
{
    const auto number = [](auto value) { return QString::number(value); };
    const auto move = [&](const QPoint &point) {
        return QStringList{QStringLiteral("mousemove"), number(point.x()), number(point.y())};
    };
    const auto sleep = [&](double seconds) {
        return QStringList{QStringLiteral("sleep"), number(seconds)};
    };
    constexpr int Steps = 12;
    QStringList steps = move(from) + sleep(0.1);
    steps << QStringLiteral("mousedown") << QStringLiteral("1") << sleep(0.1);
    for (int i = 1; i <= Steps; ++i)
        steps << move(from + (to - from) * i / Steps) << sleep(0.05);
    return steps << sleep(pauseMs / 1000.0) << QStringLiteral("mouseup") << QStringLiteral("1");
}

}  // namespace voidrun::test
