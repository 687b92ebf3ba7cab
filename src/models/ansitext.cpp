// SPDX-License-Identifier: MIT
#include "ansitext.h"

#include <QVarLengthArray>

#include <cstring>

#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr char Escape = '\x1b';
constexpr qsizetype TabWidth = 8;
constexpr int MostNumbers = 32;  // of one sequence
using Numbers = QVarLengthArray<int, MostNumbers>;

// The colour that begins at numbers[at] after 38 or 48; moves `at` to its last number.
quint32 extendedColor(const Numbers &numbers, qsizetype *at)
{
    const auto number = [&](qsizetype i) { return i < numbers.size() ? numbers[i] & 0xff : 0; };
    const qsizetype kind = *at + 1;
    if (kind >= numbers.size())
        return 0;
    if (numbers[kind] == 5) {
        *at = kind + 1;
        return AnsiStyle::Indexed + quint32(number(kind + 1));
    }
    if (numbers[kind] != 2)
        return 0;
    *at = kind + 3;
    return AnsiStyle::Direct + (quint32(number(kind + 1)) << 16) +
           (quint32(number(kind + 2)) << 8) + quint32(number(kind + 3));
}

// ECMA-48, "select graphic rendition".
void apply(const Numbers &numbers, AnsiStyle *style)
{
    for (qsizetype i = 0; i < numbers.size(); ++i) {
        const int n = numbers[i];
        if (n == 0)
            *style = {};
        else if (n == 1)
            style->bold = true;
        else if (n == 2)
            style->dim = true;
        else if (n == 22)
            style->bold = style->dim = false;
        else if (n == 3 || n == 23)
            style->italic = n == 3;
        else if (n == 4 || n == 24)
            style->underlined = n == 4;
        else if (n == 7 || n == 27)
            style->inverse = n == 7;
        else if (n >= 30 && n <= 37)
            style->foreground = AnsiStyle::Indexed + quint32(n - 30);
        else if (n >= 90 && n <= 97)
            style->foreground = AnsiStyle::Indexed + quint32(n - 90 + 8);
        else if (n >= 40 && n <= 47)
            style->background = AnsiStyle::Indexed + quint32(n - 40);
        else if (n >= 100 && n <= 107)
            style->background = AnsiStyle::Indexed + quint32(n - 100 + 8);
        else if (n == 38)
            style->foreground = extendedColor(numbers, &i);
        else if (n == 48)
            style->background = extendedColor(numbers, &i);
        else if (n == 39)
            style->foreground = 0;
        else if (n == 49)
            style->background = 0;
    }
}

// Past "ESC [ … letter"; applies it where it is about style.
qsizetype skipControl(QByteArrayView bytes, qsizetype at, AnsiStyle *style)
{
    Numbers numbers{0};
    bool isPlain = true;
    for (; at < bytes.size(); ++at) {
        const char c = bytes[at];
        if (c >= '0' && c <= '9') {
            numbers.last() = qMin(numbers.last() * 10 + (c - '0'), 99'999);
        } else if (c == ';' || c == ':') {
            if (numbers.size() < MostNumbers)
                numbers.append(0);
        } else if (c >= 0x40 && c <= 0x7e) {
            if (c == 'm' && isPlain)
                apply(numbers, style);
            return at + 1;
        } else if (c >= 0x20 && c <= 0x3f) {
            isPlain = false;
        } else {
            return at;  // no sequence after all
        }
    }
    return at;
}

// Past the sequence whose ESC is at `at`.
qsizetype skipSequence(QByteArrayView bytes, qsizetype at, AnsiStyle *style)
{
    if (++at >= bytes.size())
        return at;
    const char kind = bytes[at++];
    if (kind == '[')
        return skipControl(bytes, at, style);
    if (kind == ']' || kind == 'P' || kind == '_' || kind == '^') {  // a text up to BEL or ESC '\'
        for (; at < bytes.size(); ++at) {
            if (bytes[at] == '\a')
                return at + 1;
            if (bytes[at] == Escape)
                return qMin(at + 2, bytes.size());
        }
        return at;
    }
    if (kind >= 0x20 && kind <= 0x2f)  // such as a choice of characters
        return qMin(at + 1, bytes.size());
    return at;
}

void append(StyledText *line, QByteArrayView bytes, const AnsiStyle &style)
{
    if (bytes.isEmpty())
        return;
    const bool isNew =
        line->runs.isEmpty() ? style != AnsiStyle() : line->runs.last().style != style;
    if (isNew)
        line->runs.append({line->text.size(), style});
    line->text += visibleText(QString::fromUtf8(bytes));
}

void truncate(StyledText *line, qsizetype size)
{
    line->text.truncate(size);
    while (!line->runs.isEmpty() && line->runs.last().start >= size)
        line->runs.removeLast();
}

}  // namespace

void followStyle(QByteArrayView bytes, AnsiStyle *style)
{
    const char *const end = bytes.data() + bytes.size();
    const char *at = bytes.data();
    while (at < end) {
        at = static_cast<const char *>(std::memchr(at, Escape, size_t(end - at)));
        if (!at)
            return;
        at = bytes.data() + skipSequence(bytes, at - bytes.data(), style);
    }
}

StyledText styledText(QByteArrayView line, AnsiStyle *style)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    StyledText result;
    qsizetype plain = 0;  // where text that is not taken over yet begins
    const auto take = [&](qsizetype end) {
        append(&result, line.sliced(plain, end - plain), *style);
    };
    for (qsizetype at = 0; at < line.size();) {
        const char c = line[at];
        if (c == Escape) {
            take(at);
            plain = at = skipSequence(line, at, style);
        } else if (c == '\r') {
            plain = ++at;
            truncate(&result, 0);
        } else if (c == '\b') {
            take(at);
            truncate(&result, qMax(qsizetype(0), result.text.size() - 1));
            plain = ++at;
        } else if (c == '\t') {
            take(at);
            append(&result, QByteArray(TabWidth - result.text.size() % TabWidth, ' '), *style);
            plain = ++at;
        } else {
            ++at;
        }
    }
    take(line.size());
    return result;
}

}  // namespace voidrun
