// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace voidrun
{

// Takes out what a server sends again when a client attaches to a terminal session once more. A
// replay is the end of the whole output, at most one ring (256 KiB) long, so it begins with the end
// of what we already had; anything else is new. Pure: no clock, no socket; any one thread.
//
// Use: feed() everything that comes and show what it returns. After a cut call reattached(); from
// then on output is collected until settle() (when the line has been quiet) or one ring has come.
// Where what came is no replay, the server's buffer tells what was printed during the cut: merge().
// Limit: output that repeats itself exactly (`yes`) cannot be told from its replay; the longest
// match is taken, so equal lines that were printed during the cut may be missing.
class ReplayFilter
{
public:
    static constexpr qsizetype ringSize = 256LL * 1024;  // bytes that a server replays at most
    static constexpr qsizetype minimumMatch = 64;        // shorter ones are chance

    // Output to show now; empty while it is collected.
    QByteArray feed(QByteArrayView bytes);
    // The connection was cut and is there again.
    void reattached();
    bool isCollecting() const { return m_collecting; }
    // Something was collected before the last cut and is not decided yet.
    bool hasPending() const { return !m_pending.isEmpty(); }
    // What was collected lies inside what we have: probably a replay that has not all come yet.
    bool isWithinHistory() const;
    // Nothing more comes for now: decides, and gives what is new.
    QByteArray settle();
    // What has been collected is a replay, for which settle() needs no buffer.
    bool foundReplay() const;
    qsizetype collected() const { return m_incoming.size(); }
    // Decides as settle() does, with what the server says that the session printed last; `least` is
    // what had been collected when it was asked, and so must be in it.
    QByteArray merge(QByteArrayView buffer, qsizetype least);
    // Nothing more comes at all: as settle(), and a replay that was cut short is dropped.
    QByteArray finish();

    // Length of the longest suffix of `text` that is a prefix of `start`.
    static qsizetype overlap(QByteArrayView text, QByteArrayView start);

private:
    // How much of the end of what was shown is the start of `bytes`; -1 where that is chance.
    qsizetype known(QByteArrayView bytes) const;
    QByteArray decide();
    QByteArray take(const QByteArray &fresh);
    void remember(QByteArrayView bytes);

    QByteArray m_history;   // the end of what was shown, at least one ring
    QByteArray m_incoming;  // collected since the last attachment
    QByteArray m_pending;   // collected before it and cut off undecided: new unless replayed
    bool m_collecting = false;
};

}  // namespace voidrun
