// SPDX-License-Identifier: MIT
#include "terminalfilter.h"

#include <QString>

#include <algorithm>
#include <array>
#include <utility>

#include "cellwidth.h"
#include "terminalsequence.h"

namespace voidrun
{

namespace
{

constexpr char Escape = '\x1b';
constexpr char Bell = '\x07';
constexpr char Cancel = '\x18';
constexpr char Substitute = '\x1a';
constexpr qsizetype MostParameters = 256;      // bytes of one CSI sequence
constexpr qsizetype MostControlString = 4096;  // bytes of one OSC sequence
constexpr qsizetype MostTitle = 256;           // bytes of a title that are passed on
constexpr int MostMarks = 8;                   // on one character
// The emulator keeps each sequence of a character and its marks for ever, and all their beginnings.
constexpr qsizetype MostCombinations = 16 * 1024;

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

// BEL to SI: what a terminal does something with. ENQ is answered with nothing by the emulator,
// CAN and SUB are shown as blocks, the others are ignored.
bool isUsefulControl(char c)
{
    return c >= Bell && c <= '\x0f';
}

// Bytes that pass as they are while no sequence is open.
constexpr std::array<bool, 256> plainBytes = [] {
    std::array<bool, 256> plain{};
    for (size_t c = ' '; c < 0x7f; ++c)
        plain[c] = true;
    for (const char c : {'\b', '\t', '\n', '\r'})
        plain[size_t(c)] = true;
    return plain;
}();

// How long the UTF-8 character is that begins so; 0 where none does.
qsizetype lengthOf(unsigned char lead)
{
    return lead >= 0xc2 && lead <= 0xdf   ? 2
           : lead >= 0xe0 && lead <= 0xef ? 3
           : lead >= 0xf0 && lead <= 0xf4 ? 4
                                          : 0;
}

// Neither longer than needed, nor a surrogate, nor above U+10FFFF.
bool mayFollow(const QByteArray &start, unsigned char byte)
{
    const auto lead = static_cast<unsigned char>(start.front());
    const int first = start.size() > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const int last = start.size() > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    return byte >= first && byte <= last;
}

char32_t decoded(const QByteArray &bytes)
{
    const auto mask = static_cast<unsigned char>(0xff >> (bytes.size() + 1));
    char32_t code = static_cast<unsigned char>(bytes.front()) & mask;
    for (const char c : QByteArrayView(bytes).sliced(1))
        code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
    return code;
}

const QByteArray &replacement()
{
    static const QByteArray bytes = QByteArrayLiteral("\xef\xbf\xbd");  // U+FFFD
    return bytes;
}

}  // namespace

QByteArray TerminalFilter::filter(const QByteArray &input)
{
    m_out.reserve(input.size() + m_held.size() + m_character.size());
    const char *at = input.constBegin();
    const char *const end = input.constEnd();
    while (at != end) {
        if (m_state == State::Text && m_character.isEmpty()) {
            const char *const start = at;
            while (at != end && plainBytes[static_cast<unsigned char>(*at)])
                ++at;
            if (at != start) {
                showPlain(QByteArrayView(start, at), at == end || (*at & 0x80));
                continue;
            }
            if (const qsizetype size = plainRenditionAt(QByteArrayView(at, end))) {
                release();
                m_out.append(at, size);
                at += size;
                continue;
            }
        }
        const char c = *at++;
        if (static_cast<unsigned char>(c) >= 0x80) {
            takeHighByte(static_cast<unsigned char>(c));
            continue;
        }
        if (!m_character.isEmpty()) {  // cut short
            m_character.clear();
            takeCharacter(QChar::ReplacementCharacter, replacement());
        }
        take(c);
    }
    return std::exchange(m_out, {});
}

QByteArray TerminalFilter::flush()
{
    release();
    return std::exchange(m_out, {});
}

// `mayGrow`: what comes next may be an accent.
void TerminalFilter::showPlain(QByteArrayView text, bool mayGrow)
{
    release();
    const char last = text.back();
    m_base = isControl(last) ? 0 : char32_t(last);
    m_marks = 0;
    if (mayGrow && QChar::isLetter(m_base)) {
        text.chop(1);
        m_letter = QByteArray(1, last);
    }
    m_out += text;
}

void TerminalFilter::release()
{
    if (m_letter.isEmpty())
        return;
    m_out += m_marks == 0
                 ? m_letter
                 : QString::fromUtf8(m_letter).normalized(QString::NormalizationForm_C).toUtf8();
    m_letter.clear();
}

void TerminalFilter::take(char c)
{
    if (c == Cancel || c == Substitute)
        return abandon();
    switch (m_state) {
        case State::Text:
            release();
            if (c == Escape) {
                begin();
            } else if (!isControl(c) || isUsefulControl(c)) {
                m_out += c;
                m_base = isControl(c) ? 0 : char32_t(c);
                m_marks = 0;
            }
            break;
        case State::Escape:
            takeEscape(c);
            break;
        case State::Csi:
            takeCsi(c);
            break;
        case State::Osc:
            takeOsc(c);
            break;
        case State::OscEscape:
            if (c == '\\')
                return finishOsc("\x1b\\");
            begin();
            takeEscape(c);
            break;
        case State::Skip:
            if (c == Escape)
                begin();
            else if (c == Bell)
                abandon();
            break;
    }
}

// ESC begins a sequence and cancels an open one. What has begun is held here, never by the
// emulator.
void TerminalFilter::begin()
{
    m_held = QByteArray(1, Escape);
    m_state = State::Escape;
}

void TerminalFilter::abandon()
{
    m_held.clear();
    m_state = State::Text;
}

void TerminalFilter::takeEscape(char c)
{
    if (c == Escape) {
        begin();
    } else if (isControl(c)) {  // acts at once, also inside a sequence
        if (isUsefulControl(c))
            m_out += c;
    } else if (c < '0') {
        if (m_held.size() < MostParameters)
            m_held += c;
    } else if (const bool isFirst = m_held.size() == 1; isFirst && (c == '[' || c == ']')) {
        m_held += c;
        m_state = c == '[' ? State::Csi : State::Osc;
    } else if (isFirst && QByteArrayView("PX^_").contains(c)) {  // device and other strings
        m_held.clear();
        m_state = State::Skip;
    } else {
        finishEscape(c);
    }
}

void TerminalFilter::finishEscape(char final)
{
    const QByteArrayView between = QByteArrayView(m_held).sliced(1);
    const bool passes = between.isEmpty() ? QByteArrayView("78=>DEHMZcno").contains(final)
                        : between == "#"  ? QByteArrayView("34568").contains(final)
                        : between.size() == 1 && QByteArrayView("()*+").contains(between.front())
                            ? QByteArrayView("0AB").contains(final)
                            : false;
    if (passes)
        m_out += m_held + final;
    m_base = 0;
    abandon();
}

void TerminalFilter::takeCsi(char c)
{
    if (c == Escape) {
        begin();
    } else if (c >= '@' && c <= '~') {
        finishCsi(c);
    } else if (isControl(c)) {
        if (isUsefulControl(c))
            m_out += c;
    } else if (m_held.size() <= MostParameters) {
        m_held += c;
    }
}

void TerminalFilter::finishCsi(char final)
{
    if (m_held.size() <= MostParameters)
        m_out += safeControlSequence(QByteArrayView(m_held).sliced(2), final);
    if (final != 'm')  // marks may join what was printed before a colour, not what is elsewhere
        m_base = 0;
    abandon();
}

void TerminalFilter::takeOsc(char c)
{
    if (c == Bell) {
        finishOsc(QByteArrayView(&Bell, 1));
    } else if (c == Escape) {
        m_state = State::OscEscape;
    } else if (m_held.size() >= MostControlString) {
        m_held.clear();
        m_state = State::Skip;
    } else if (!isControl(c)) {
        m_held += c;
    }
}

// Titles (0, 1, 2) only: not the directory, the profile, the clipboard, colours for good.
void TerminalFilter::finishOsc(QByteArrayView terminator)
{
    const QByteArrayView body = QByteArrayView(m_held).sliced(2);
    if (body.size() >= 2 && body[0] >= '0' && body[0] <= '2' && body[1] == ';') {
        qsizetype size = std::min(body.size(), 2 + MostTitle);
        while (size < body.size() && (static_cast<unsigned char>(body[size]) & 0xc0) == 0x80)
            --size;  // not within a character
        m_out += m_held.first(2 + size) + terminator;
    }
    abandon();
}

void TerminalFilter::takeHighByte(unsigned char byte)
{
    if (!m_character.isEmpty() && !mayFollow(m_character, byte)) {
        m_character.clear();
        takeCharacter(QChar::ReplacementCharacter, replacement());
    }
    const bool isFirst = m_character.isEmpty();
    m_character += char(byte);
    const qsizetype length = lengthOf(static_cast<unsigned char>(m_character.front()));
    if (isFirst && length == 0) {
        m_character.clear();
        takeCharacter(QChar::ReplacementCharacter, replacement());
    } else if (m_character.size() == length) {
        const QByteArray bytes = std::exchange(m_character, {});
        takeCharacter(decoded(bytes), bytes);
    }
}

void TerminalFilter::takeCharacter(char32_t code, const QByteArray &bytes)
{
    if (code >= 0x80 && code <= 0x9f)  // the emulator reads U+009B as ESC [
        return;
    if (m_state == State::Osc) {
        if (m_held.size() < MostControlString)
            m_held += bytes;
    } else if (m_state != State::Skip) {
        if (m_state != State::Text)
            abandon();
        show(code, bytes);
    }
}

void TerminalFilter::show(char32_t code, const QByteArray &bytes)
{
    if (isCombining(code)) {
        if (isMarkTooMany(code))
            return;
        (m_letter.isEmpty() ? m_out : m_letter) += bytes;
        return;
    }
    release();
    if (cellWidth(code) > 0) {  // the others change nothing on the screen
        m_base = code;
        m_marks = 0;
        if (QChar::isLetter(code)) {
            m_letter = bytes;
            return;
        }
    }
    m_out += bytes;
}

bool TerminalFilter::isMarkTooMany(char32_t mark)
{
    if (m_base == 0 || ++m_marks > MostMarks)
        return true;
    constexpr quint64 Prime = 0x9e3779b97f4a7c15;
    m_combination = ((m_marks == 1 ? m_base * Prime : m_combination) ^ mark) * Prime;
    if (m_combinations.contains(m_combination))
        return false;
    if (m_combinations.size() >= MostCombinations)
        return true;
    m_combinations.insert(m_combination);
    return false;
}

QString sanitizedPaste(const QString &text)
{
    const auto isKept = [](char16_t c) {
        const bool isControlCharacter = c < 0x20 || (c >= 0x7f && c <= 0x9f);
        // They turn or hide what stands there.
        const bool isDirection = c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                                 (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
        return c == u'\n' || c == u'\t' || (!isControlCharacter && !isDirection);
    };
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text.at(i).unicode();
        const bool isLineEnd = c == u'\r' || c == 0x2028 || c == 0x2029;
        const bool isFirstOfTwo = c == u'\r' && i + 1 < text.size() && text.at(i + 1) == u'\n';
        if (isLineEnd && !isFirstOfTwo)
            clean += u'\n';
        else if (!isLineEnd && isKept(c))
            clean += QChar(c);
    }
    return clean;
}

}  // namespace voidrun
