// SPDX-License-Identifier: MIT
#include "terminalfilter.h"

#include <QString>

#include <utility>

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
constexpr int MostRepeat = 1000;               // of one character (REP)

int firstNumber(QByteArrayView text)
{
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9' || number > 1'000'000)
            break;
        number = number * 10 + (c - '0');
    }
    return number;
}

}  // namespace

// Without U+0080 to U+009F, which are C2 80 to C2 9F in UTF-8: the emulator reads 9B as CSI, and
// no program of today sends them. A lone C2 is shown as what it is, a broken character: left alone,
// it could meet its second byte once a sequence between them is taken out.
QByteArray TerminalFilter::withoutC1(const QByteArray &bytes)
{
    if (!m_leadByte && !bytes.contains('\xc2'))
        return bytes;
    const QByteArray replacement = QByteArrayLiteral("\xef\xbf\xbd");  // U+FFFD
    QByteArray out;
    out.reserve(bytes.size() + 1);
    for (const char c : bytes) {
        if (m_leadByte) {
            m_leadByte = false;
            const auto code = static_cast<unsigned char>(c);
            if (code >= 0x80 && code <= 0x9f)
                continue;
            out += code >= 0xa0 && code <= 0xbf ? QByteArrayLiteral("\xc2") : replacement;
        }
        if (c == '\xc2')
            m_leadByte = true;
        else
            out += c;
    }
    return out;
}

void TerminalFilter::finishCsi(QByteArray &out, char final)
{
    const QByteArrayView parameters = QByteArrayView(m_held).sliced(2);
    const bool windowOperation = final == 't' && !parameters.startsWith('?');
    const bool longRepeat = final == 'b' && firstNumber(parameters) > MostRepeat;
    if (!windowOperation && !longRepeat && m_held.size() <= MostParameters)
        out += m_held + final;
    m_held.clear();
    m_state = State::Text;
}

void TerminalFilter::finishOsc(QByteArray &out, QByteArrayView terminator)
{
    const QByteArrayView body = QByteArrayView(m_held).sliced(2);
    const qsizetype semicolon = body.indexOf(';');
    const int number = semicolon > 0 ? firstNumber(body) : -1;
    const bool title = number >= 0 && number <= 2;
    // Colours (4, 10–19, 104, 110–119) are harmless; directory, profile, clipboard and the rest
    // are not passed on.
    const bool color = number == 4 || number == 104 || (number >= 10 && number <= 19) ||
                       (number >= 110 && number <= 119);
    if (title)
        out += m_held.first(qMin(m_held.size(), 2 + semicolon + 1 + MostTitle)) + terminator;
    else if (color && m_held.size() <= MostTitle)
        out += m_held + terminator;
    m_held.clear();
    m_state = State::Text;
}

QByteArray TerminalFilter::filter(const QByteArray &input)
{
    QByteArray bytes = withoutC1(input);
    if (m_state == State::Text && !bytes.contains(Escape))
        return bytes;
    QByteArray out;
    out.reserve(bytes.size() + m_held.size());
    for (const char c : std::as_const(bytes)) {
        switch (m_state) {
            case State::Text:
                if (c == Escape) {
                    m_held = QByteArray(1, c);
                    m_state = State::Escape;
                } else {
                    out += c;
                }
                break;
            case State::Escape:
                m_held += c;
                if (c == '[') {
                    m_state = State::Csi;
                } else if (c == ']') {
                    m_state = State::Osc;
                } else if (c == 'P' || c == 'X' || c == '^' || c == '_') {
                    m_held.clear();
                    m_state = State::Skip;
                } else if (c == Escape) {
                    m_held = QByteArray(1, c);
                } else {
                    out += m_held;
                    m_held.clear();
                    m_state = State::Text;
                }
                break;
            case State::Csi:
                if (c == Escape) {  // a new sequence cancels this one
                    m_held = QByteArray(1, c);
                    m_state = State::Escape;
                } else if (c == Cancel || c == Substitute) {
                    m_held.clear();
                    m_state = State::Text;
                } else if (c >= '@' && c <= '~') {
                    finishCsi(out, c);
                } else if (static_cast<unsigned char>(c) < ' ') {
                    out += c;  // control characters act at once, also inside a sequence
                } else if (m_held.size() <= MostParameters) {
                    m_held += c;
                }
                break;
            case State::Osc:
                if (c == Bell) {
                    finishOsc(out, QByteArrayView(&Bell, 1));
                } else if (c == Escape) {
                    m_state = State::OscEscape;
                } else if (c == Cancel || c == Substitute) {
                    m_held.clear();
                    m_state = State::Text;
                } else if (m_held.size() < MostControlString) {
                    m_held += c;
                } else {
                    m_held.clear();
                    m_state = State::Skip;
                }
                break;
            case State::OscEscape:
                if (c == '\\') {
                    finishOsc(out, "\x1b\\");
                } else {  // not a terminator: the string ends here, the sequence after it counts
                    m_held = QByteArray(1, Escape);
                    m_state = State::Escape;
                    m_held += c;
                    if (c == '[') {
                        m_state = State::Csi;
                    } else if (c == ']') {
                        m_state = State::Osc;
                    } else {
                        m_held.clear();
                        m_state = State::Text;
                    }
                }
                break;
            case State::Skip:
                if (c == Escape)
                    m_state = State::SkipEscape;
                else if (c == Bell || c == Cancel || c == Substitute)
                    m_state = State::Text;
                break;
            case State::SkipEscape:
                if (c == '\\')
                    m_state = State::Text;
                else
                    m_state = c == Escape ? State::SkipEscape : State::Skip;
                break;
        }
    }
    return out;
}

QString sanitizedPaste(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\r') {
            if (i + 1 >= text.size() || text.at(i + 1) != u'\n')
                clean += u'\n';
        } else if (c == u'\n' || c == u'\t' ||
                   (c.unicode() >= 0x20 && c.unicode() != 0x7f &&
                    (c.unicode() < 0x80 || c.unicode() > 0x9f))) {
            clean += c;
        }
    }
    return clean;
}

}  // namespace voidrun
