// SPDX-License-Identifier: MIT
#include "terminalsequence.h"

#include <QList>
#include <QVarLengthArray>

#include <algorithm>
#include <array>

namespace voidrun
{

namespace
{

constexpr int MostRepeat = 500;  // of one character (REP): as many as columns
constexpr int MostNumber = 999;  // for lines and columns: more than there can be
constexpr int MostAtOnce = 12;   // parameters of one rendition
constexpr int NoNumber = -1;     // an empty parameter, or something else than a number
constexpr int Huge = 1'000'000;  // whatever is larger counts as this
constexpr QByteArrayView Simple = "@ABCDEFGHIJKLMPSTXZdfgr";  // take counts or places
// Modes (DECSET) that the emulator has and that change nothing but its own screen, cursor, keys,
// mouse and paste. Not: 2, VT52; 3 and 40, widths of 132 columns.
constexpr std::array Modes{1,    5,    6,    7,    25,   47,   1000, 1002, 1003,
                           1004, 1005, 1006, 1015, 1047, 1048, 1049, 2004};

int numberOf(QByteArrayView text)
{
    int number = text.isEmpty() ? NoNumber : 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return NoNumber;
        number = std::min(Huge, number * 10 + (c - '0'));
    }
    return number;
}

QList<QByteArrayView> split(QByteArrayView text, char separator)
{
    QList<QByteArrayView> parts;
    for (qsizetype at = 0; at <= text.size();) {
        const qsizetype end = text.indexOf(separator, at);
        parts.append(text.sliced(at, (end < 0 ? text.size() : end) - at));
        at = end < 0 ? text.size() + 1 : end + 1;
    }
    return parts;
}

QByteArray sequence(const QByteArray &parameters, char final)
{
    return "\x1b[" + parameters + final;
}

// DECSET, DECRST, XTSAVE, XTRESTORE: the modes of the list.
QByteArray safeModes(QByteArrayView parameters, char final)
{
    QByteArray allowed;
    for (const QByteArrayView part : split(parameters, ';')) {
        if (std::ranges::find(Modes, numberOf(part)) == Modes.end())
            continue;
        allowed += allowed.isEmpty() ? '?' : ';';
        allowed += part;
    }
    return allowed.isEmpty() ? QByteArray() : sequence(allowed, final);
}

QByteArray withCounts(QByteArrayView parameters, char final)
{
    QByteArray counts;
    for (const QByteArrayView part : split(parameters, ';')) {
        const bool isHuge = numberOf(part) > MostNumber;
        counts += (isHuge ? QByteArray::number(MostNumber) : part.toByteArray()) + ';';
    }
    counts.chop(1);
    return sequence(counts, final);
}

bool allOf(QByteArrayView parameters, std::initializer_list<int> allowed)
{
    return std::ranges::all_of(split(parameters, ';'), [&](QByteArrayView part) {
        return std::ranges::find(allowed, part.isEmpty() ? 0 : numberOf(part)) != allowed.end();
    });
}

QByteArray safePlain(QByteArrayView parameters, char final)
{
    if (Simple.contains(final)) {
        // More than one parameter of T is a kind of mouse reporting.
        if (final == 'T' && parameters.contains(';'))
            return {};
        return withCounts(parameters, final);
    }
    switch (final) {
        case 'm':
            return safeRendition(parameters);
        case 'b':
            return numberOf(parameters) <= MostRepeat && !parameters.contains(';')
                       ? withCounts(parameters, final)
                       : QByteArray();
        case '`':  // the same as others, under names that the emulator does not know
            return withCounts(parameters, 'G');
        case 'a':
            return withCounts(parameters, 'C');
        case 'e':
            return withCounts(parameters, 'B');
        case 'h':
        case 'l':
            return allOf(parameters, {4, 20}) ? withCounts(parameters, final) : QByteArray();
        case 'n':
            return allOf(parameters, {5, 6}) ? withCounts(parameters, final) : QByteArray();
        case 'c':
            return allOf(parameters, {0}) ? sequence("", final) : QByteArray();
        case 's':
        case 'u':
            return parameters.isEmpty() ? sequence("", final) : QByteArray();
        default:
            return {};
    }
}

// What nearly all are: few, with nothing in them to be said otherwise.
bool isPlainRendition(QByteArrayView parameters)
{
    int number = 0;
    int digits = 0;
    int count = 1;
    for (qsizetype at = 0; at <= parameters.size(); ++at) {
        const char c = at < parameters.size() ? parameters[at] : ';';
        if (c >= '0' && c <= '9' && ++digits <= 3) {
            number = number * 10 + (c - '0');
            continue;
        }
        if (c != ';' || number == 58 || number == 21 || ++count > MostAtOnce)
            return false;
        number = 0;
        digits = 0;
    }
    return true;
}

// One thing said of how text looks: a number, or a colour of several.
using Group = QVarLengthArray<int, 5>;

// 38:2:r:g:b, 38:2:space:r:g:b, 38:5:n, 4:n.
Group withColons(const QList<QByteArrayView> &parts)
{
    const int what = numberOf(parts.value(0));
    const int kind = numberOf(parts.value(1));
    if (what == 4)
        return {kind == 0 ? 24 : 4};
    if (what != 38 && what != 48)
        return {};
    const auto color = [&](qsizetype at) { return std::clamp(numberOf(parts.value(at)), 0, 255); };
    if (kind == 5 && parts.size() >= 3)
        return {what, 5, color(2)};
    const qsizetype first = parts.size() >= 6 ? 3 : 2;
    if (kind == 2 && parts.size() >= first + 3)
        return {what, 2, color(first), color(first + 1), color(first + 2)};
    return {};
}

// 38;2;r;g;b and the like; `at` goes to the last part of it.
Group withSemicolons(const QList<QByteArrayView> &parts, qsizetype &at)
{
    const int what = numberOf(parts.at(at));
    const int kind = numberOf(parts.value(at + 1));
    const qsizetype size = kind == 5 ? 3 : kind == 2 ? 5 : 2;
    Group group{what, kind};
    for (qsizetype i = 2; i < size; ++i)
        group.append(std::clamp(numberOf(parts.value(at + i)), 0, 255));
    const bool complete = size > 2 && at + size <= parts.size();
    at += size - 1;
    return complete && what != 58 ? group : Group();
}

}  // namespace

QByteArray safeRendition(QByteArrayView parameters)
{
    if (isPlainRendition(parameters))
        return sequence(parameters.toByteArray(), 'm');
    const QList<QByteArrayView> parts = split(parameters, ';');
    QByteArray all;
    QByteArray some;
    qsizetype count = 0;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QByteArrayView part = parts.at(i);
        const int number = numberOf(part);
        Group group;
        if (part.contains(':'))
            group = withColons(split(part, ':'));
        else if (number == 38 || number == 48 || number == 58)
            group = withSemicolons(parts, i);
        else if (number == 21)  // two lines under the text: one
            group = {4};
        else if (part.isEmpty())
            group = {0};
        else if (number != NoNumber && number <= MostNumber)
            group = {number};
        if (count + group.size() > MostAtOnce) {
            all += sequence(some, 'm');
            some.clear();
            count = 0;
        }
        for (const int value : group)
            some += (count++ > 0 ? ";" : "") + QByteArray::number(value);
    }
    return count > 0 ? all + sequence(some, 'm') : all;
}

qsizetype plainRenditionAt(QByteArrayView text)
{
    constexpr qsizetype Longest = 2 + (MostAtOnce * 4);
    if (!text.startsWith("\x1b["))
        return 0;
    const QByteArrayView inside = text.sliced(2, std::min(text.size(), Longest) - 2);
    const auto *const end =
        std::ranges::find_if(inside, [](char c) { return c != ';' && (c < '0' || c > '9'); });
    const qsizetype size = end - inside.begin();
    return end != inside.end() && *end == 'm' && isPlainRendition(inside.first(size)) ? size + 3
                                                                                      : 0;
}

QByteArray safeControlSequence(QByteArrayView parameters, char final)
{
    const auto isIn = [](char c, char first, char last) { return c >= first && c <= last; };
    const char marker =
        !parameters.isEmpty() && isIn(parameters.front(), '<', '?') ? parameters.front() : '\0';
    const QByteArrayView rest = parameters.sliced(marker ? 1 : 0);
    const auto intermediate = std::ranges::find_if(rest, [&](char c) { return isIn(c, ' ', '/'); });
    const QByteArrayView numbers = rest.first(intermediate - rest.begin());
    const QByteArrayView between = rest.sliced(numbers.size());
    if (!std::ranges::all_of(numbers, [&](char c) { return isIn(c, '0', ';'); }))
        return {};
    if (!between.isEmpty()) {
        // The shape of the cursor; the emulator reads exactly one digit.
        const int shape = numbers.isEmpty() ? 0 : numberOf(numbers);
        const bool isShape = marker == '\0' && between == " " && final == 'q' && shape >= 0;
        return isShape && shape <= 6 ? sequence(QByteArray::number(shape) + ' ', final)
                                     : QByteArray();
    }
    if (numbers.contains(':') && final != 'm')
        return {};
    switch (marker) {
        case '\0':
            return safePlain(numbers, final);
        case '?':
            return QByteArrayView("hlsr").contains(final) ? safeModes(numbers, final)
                                                          : QByteArray();
        case '>':
            return final == 'c' && allOf(numbers, {0}) ? sequence(">", final) : QByteArray();
        default:
            return {};
    }
}

}  // namespace voidrun
