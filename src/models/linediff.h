// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace voidrun
{

// One line of a difference between two texts, as it is shown.
struct DiffLine {
    enum class Kind { Same, Removed, Added, Gap };

    Kind kind = Kind::Same;
    QString text;     // empty for a Gap
    int oldLine = 0;  // from 1; 0 where it has none. Of a Gap: the first that is left out
    int newLine = 0;
    int count = 1;  // of a Gap: lines left out, the same in both

    bool operator==(const DiffLine &) const = default;
};

// What changed from `before` to `after`, by lines, with three lines around each change. Empty when
// they are the same. A shortest difference where the texts have at most a thousand changes; beyond,
// what lies between the first and the last one is shown as replaced. Any thread.
QList<DiffLine> lineDiff(const QString &before, const QString &after);

}  // namespace voidrun
