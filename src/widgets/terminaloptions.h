// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QFont;
class QSettings;

namespace voidrun
{

// How terminals look and behave: what a person may choose. A value.
struct TerminalOptions {
    static constexpr int MostScrollback = 100'000;  // lines; 10,000 of 100 characters are 25 MiB

    QString fontFamily;       // empty: the desktop's fixed font
    double fontSize = 0;      // points; 0: one more than the window's text
    QString colorScheme;      // empty: light or dark as the window is; see colorSchemes()
    int scrollback = 10'000;  // lines
    bool copyOnSelect = false;
    bool askBeforePaste = true;  // of several lines
    bool flashOnBell = true;
    bool noticeWhenFinished = true;  // of a command that took long, where nobody looked

    bool operator==(const TerminalOptions &) const = default;

    QFont font() const;
    // The schemes to choose from, by the names that colorScheme takes.
    static QStringList colorSchemes();
    // What is written there may be anybody's: impossible values become possible ones.
    static TerminalOptions read(const QSettings &settings);
    void write(QSettings *settings) const;
};

}  // namespace voidrun
