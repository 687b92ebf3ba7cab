// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace voidrun
{

// Stands between a sandbox's output and the terminal emulator and takes out the escape sequences
// that the emulator mishandles: window operations (a resize to a huge size allocates gigabytes),
// profile changes, device strings, 8-bit control characters (the emulator takes them for the same),
// and control strings or parameter lists longer than any honest program sends. Everything else
// passes unchanged, byte for byte; a sequence may be cut anywhere between two calls. Holds at most
// 4 KiB. No thread of its own.
class TerminalFilter
{
public:
    // What may be shown of `input`; an unfinished sequence waits for the next call.
    QByteArray filter(const QByteArray &input);

private:
    enum class State { Text, Escape, Csi, Osc, OscEscape, Skip, SkipEscape };

    QByteArray withoutC1(const QByteArray &bytes);
    void finishCsi(QByteArray &out, char final);
    void finishOsc(QByteArray &out, QByteArrayView terminator);

    State m_state = State::Text;
    bool m_leadByte = false;  // a C2 came last; what it introduces decides
    QByteArray m_held;        // the sequence so far, its ESC included
};

// Text from a clipboard or a drop as it may be typed into a terminal: control characters are gone
// (line ends and tabs stay; CRLF becomes LF).
QString sanitizedPaste(const QString &text);

}  // namespace voidrun
