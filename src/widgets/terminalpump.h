// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include "terminalfilter.h"

namespace voidrun
{

class TerminalFeed;
class TerminalSession;

// Carries a session's output through the filter to the emulator, a few milliseconds in one turn of
// the event loop, so that neither a flood nor sequences that are dear to follow stop the window;
// what answers a key is shown at once. GUI thread.
class TerminalPump : public QObject
{
    Q_OBJECT

public:
    // Both outlive this.
    TerminalPump(TerminalSession *session, TerminalFeed *feed, QObject *parent);

    // Something was typed: a small answer to it is not kept waiting for more.
    void expectEcho() { m_sinceKey.start(); }
    // A terminal that nobody sees takes a smaller part of each turn.
    void setInFront(bool inFront) { m_turn = inFront ? FrontTurn : BackTurn; }

Q_SIGNALS:
    void outputShown();  // some output was given to the emulator

private:
    static constexpr qint64 FrontTurn = 4'000'000;  // ns of one turn of the event loop
    static constexpr qint64 BackTurn = 1'000'000;

    void drain();
    bool feedSlice();

    TerminalSession *m_session;
    TerminalFeed *m_feed;
    TerminalFilter m_filter;
    QTimer m_again;
    QElapsedTimer m_sinceKey;
    qsizetype m_slice;
    qsizetype m_taken = 0;  // in this turn
    qint64 m_turn = FrontTurn;
};

}  // namespace voidrun
