// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace voidrun
{

// What the next run of the application needs to know of a terminal. A plain value.
struct SavedTerminal {
    QString connectionId;
    QString sandboxId;
    QString sandboxName;  // as it was shown
    QString sessionId;    // may be empty
    bool isReadOnly = false;
    int number = 1;            // tells the terminals of one sandbox apart
    QString title;             // the program's, as it was shown
    QByteArray output;         // the end of it, raw
    qint64 ofSession = 0;      // bytes at the end of `output` that came from that session
    QString key;               // names its file; empty before it was saved
    quint64 outputNumber = 0;  // another one where `output` is another
};

// How terminals are laid out: groups of tabs in rows and columns. A plain value.
struct TerminalLayout {
    enum class Type { Tabs, Row, Column };

    Type type = Type::Tabs;
    QList<int> tabs;  // of Tabs: places in SavedTerminals::terminals
    int current = 0;  // of Tabs: which one is shown
    QList<TerminalLayout> parts;
    QList<int> sizes;  // of the parts, in pixels
};

// All terminals of the application. A plain value.
struct SavedTerminals {
    struct Window {
        QByteArray geometry;
        TerminalLayout layout;
    };

    QList<SavedTerminal> terminals;
    TerminalLayout main;
    QList<Window> windows;
};

}  // namespace voidrun
