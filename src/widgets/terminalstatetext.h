// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace voidrun
{

class TerminalSession;

// What the line above a terminal says of its session, and the word on its button; both are empty
// where there is nothing to say. `name` is its sandbox's, as it is shown.
struct TerminalStateText {
    QString text;
    QString button;
    bool isPassing = false;  // it takes no room: the terminal keeps its size meanwhile
};

TerminalStateText terminalStateText(const TerminalSession &session, const QString &name);

}  // namespace voidrun
