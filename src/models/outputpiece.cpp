// SPDX-License-Identifier: MIT
#include "outputpiece.h"

namespace voidrun
{

namespace
{

constexpr qsizetype LongestLine = 4096;  // bytes

// Where the first part of a line that is longer ends: not inside a character.
qsizetype foldOf(QByteArrayView line)
{
    qsizetype fold = LongestLine;
    while (fold > LongestLine - 4 && (static_cast<uchar>(line[fold]) & 0xc0) == 0x80)
        --fold;
    return fold;
}

}  // namespace

qint64 foldedLines(QByteArrayView line)
{
    qint64 count = 1;
    for (; line.size() > LongestLine; ++count)
        line = line.sliced(foldOf(line));
    return count;
}

QList<OutputLineRef> OutputPiece::lines(const QByteArray &content) const
{
    QList<OutputLineRef> lines;
    AnsiStyle current = style;
    for (qsizetype i = 0; i < cuts.size(); ++i) {
        const qsizetype end = i + 1 < cuts.size() ? cuts[i + 1].at : content.size();
        for (qsizetype at = cuts[i].at; at < end;) {
            const qsizetype newline = content.indexOf('\n', at);
            const qsizetype lineEnd = newline < 0 || newline >= end ? end : newline + 1;
            while (at < lineEnd) {
                const QByteArrayView rest = QByteArrayView(content).sliced(at, lineEnd - at);
                const qsizetype size = rest.size() > LongestLine ? foldOf(rest) : rest.size();
                lines.append({at, size, cuts[i].channel, current});
                followStyle(rest.first(size), &current);
                at += size;
            }
        }
    }
    return lines;
}

}  // namespace voidrun
