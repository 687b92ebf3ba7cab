// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>
#include <QList>
#include <QString>

namespace voidrun
{

// How a terminal would paint a piece of text. Colours: 0 is the default, Indexed + 0 to 255 one of
// the palette, Direct + 0xRRGGBB any.
struct AnsiStyle {
    static constexpr quint32 Indexed = 0x0100'0000;
    static constexpr quint32 Direct = 0x0200'0000;

    quint32 foreground = 0;
    quint32 background = 0;
    bool bold = false;
    bool dim = false;
    bool italic = false;
    bool underlined = false;
    bool inverse = false;

    bool operator==(const AnsiStyle &) const = default;
};

struct StyledText {
    struct Run {
        qsizetype start = 0;  // in `text`; it goes on to the next one's
        AnsiStyle style;
    };

    QString text;
    QList<Run> runs;  // none for a text in the default style
};

// One line of a program's output as a person is to read it: escape sequences become styles or go
// away, what a carriage return wrote over is gone, tabs are spaces, and control characters are
// visible. `style` is the one it begins in, and after it the one that the next line begins in.
// Pure, any thread.
StyledText styledText(QByteArrayView line, AnsiStyle *style);

// The same for its effect on the style alone; quick where there is no escape sequence.
void followStyle(QByteArrayView bytes, AnsiStyle *style);

}  // namespace voidrun
