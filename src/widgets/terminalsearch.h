// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace voidrun
{

// A piece of text on the screen or in the history of a terminal, within one line of it.
struct TerminalSpan {
    int line = 0;    // from the oldest of the history
    int column = 0;  // cells from the left
    int cells = 0;

    bool operator==(const TerminalSpan &) const = default;
};

// A place where a text was found; more than one span where it goes on in the next line.
using TerminalMatch = QList<TerminalSpan>;

// Where `needle` is in `text`, oldest first and at most `most`. `text` is what the emulator shows,
// as its own lines joined where they were only broken at the right edge, `columns` wide.
QList<TerminalMatch> findInTerminal(const QString &text, const QString &needle, int columns,
                                    Qt::CaseSensitivity sensitivity, qsizetype most = 10'000);

}  // namespace voidrun
