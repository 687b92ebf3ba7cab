// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include "ansitext.h"

namespace voidrun
{

enum class OutputChannel : quint8 { Output, Error };

// One line of a piece.
struct OutputLineRef {
    qsizetype start = 0;
    qsizetype size = 0;  // its line end included
    OutputChannel channel = OutputChannel::Output;
    AnsiStyle style;  // at its start
};

// A part of a program's output, at most 64 KiB, that begins with a line. Shared between the log and
// the tasks in its thread, each with a copy.
struct OutputPiece {
    struct Cut {
        qsizetype at = 0;
        OutputChannel channel = OutputChannel::Output;
    };

    qint64 offset = 0;     // in the file
    qint64 firstLine = 0;  // its number in all of the output
    qsizetype size = 0;
    QByteArray bytes;  // empty once they are only in the file
    QList<Cut> cuts;   // where each channel goes on; the first one is at 0
    AnsiStyle style;   // at its start

    // Of this piece, whose bytes are `content`. A line ends with LF, where the other channel goes
    // on, and after every 4096 bytes.
    QList<OutputLineRef> lines(const QByteArray &content) const;
};

// How many lines `line`, which has no LF but perhaps a last one, is shown as: at least 1.
qint64 foldedLines(QByteArrayView line);

}  // namespace voidrun
