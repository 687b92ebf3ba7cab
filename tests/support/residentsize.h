// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QFile>

namespace voidrun::test
{

// Resident memory of this process in KiB.
inline qint64 residentKiB()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    constexpr qint64 pageKiB = 4;
    return file.readAll().split(' ').value(1).toLongLong() * pageKiB;
}

}  // namespace voidrun::test
