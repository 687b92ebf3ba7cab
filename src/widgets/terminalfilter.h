// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QSet>

namespace voidrun
{

// Stands between a sandbox's output and the terminal emulator and lets through what the emulator
// handles as programs mean it: text, the control characters of a terminal, and the sequences of a
// list. Taken out are window operations (a resize to a huge size allocates gigabytes), other widths
// of the screen, the profile, the clipboard, device strings, 8-bit control characters, the mode in
// which other rules hold (VT52), heaps of combining marks (each costs memory for good), and what
// the emulator would misread as text. Broken UTF-8 becomes U+FFFD. A sequence or character may be
// cut anywhere between two calls. Holds at most 4 KiB. No thread of its own.
class TerminalFilter
{
public:
    // What may be shown of `input`; an unfinished sequence waits for the next call.
    QByteArray filter(const QByteArray &input);
    // The last letter, which waits for its accents: when nothing more comes for now.
    QByteArray flush();

private:
    enum class State { Text, Escape, Csi, Osc, OscEscape, Skip };

    void showPlain(QByteArrayView text, bool mayGrow);
    void take(char c);
    void takeEscape(char c);
    void takeCsi(char c);
    void takeOsc(char c);
    void takeHighByte(unsigned char byte);
    void takeCharacter(char32_t code, const QByteArray &bytes);
    void show(char32_t code, const QByteArray &bytes);
    bool isMarkTooMany(char32_t mark);
    void release();
    void begin();
    void abandon();
    void finishEscape(char final);
    void finishCsi(char final);
    void finishOsc(QByteArrayView terminator);

    QByteArray m_out;
    State m_state = State::Text;
    QByteArray m_held;       // the sequence so far, its ESC included
    QByteArray m_character;  // the bytes so far of a character in UTF-8
    QByteArray m_letter;     // waits, with its marks so far
    char32_t m_base = 0;     // what a combining mark would join; 0: nothing that was just printed
    int m_marks = 0;         // that it has
    quint64 m_combination = 0;
    QSet<quint64> m_combinations;  // that the emulator keeps
};

// Text from a clipboard or a drop as it may be typed into a terminal: control characters are gone
// (line ends and tabs stay; CRLF becomes LF).
QString sanitizedPaste(const QString &text);

}  // namespace voidrun
