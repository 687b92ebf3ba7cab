// SPDX-License-Identifier: MIT
#include "terminalpump.h"

#include <algorithm>

#include "models/terminalsession.h"
#include "terminalfeed.h"

namespace voidrun
{

namespace
{

constexpr qsizetype LargestSlice = 16 * 1024;  // bytes given to the emulator at once
constexpr qsizetype SmallestSlice = 256;
constexpr qint64 SliceTime = 1'500'000;  // ns that one slice should take
constexpr qint64 EchoTime = 150;         // ms in which output is taken for the answer to a key
constexpr qsizetype EchoSize = 4096;     // bytes that such an answer has at most

}  // namespace

TerminalPump::TerminalPump(TerminalSession *session, TerminalFeed *feed, QObject *parent)
    : QObject(parent), m_session(session), m_feed(feed), m_slice(LargestSlice)
{
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &TerminalPump::drain);
    connect(feed, &TerminalFeed::ready, this, &TerminalPump::drain);
    connect(session, &TerminalSession::outputAvailable, this, &TerminalPump::drain);
}

void TerminalPump::drain()
{
    QElapsedTimer clock;
    clock.start();
    m_taken = 0;
    while (m_feed->isReady() && feedSlice()) {
        if (clock.nsecsElapsed() >= m_turn) {
            m_again.start(0);
            break;
        }
    }
    if (m_taken == 0)
        return;
    if (m_taken <= EchoSize && m_sinceKey.isValid() && !m_sinceKey.hasExpired(EchoTime))
        m_feed->flush();
    Q_EMIT outputShown();
}

// False where nothing waits.
bool TerminalPump::feedSlice()
{
    const QByteArray bytes = m_session->read(m_slice);
    if (bytes.isEmpty()) {
        m_feed->feed(m_filter.flush());
        return false;
    }
    m_taken += bytes.size();
    QElapsedTimer clock;
    clock.start();
    m_feed->feed(m_filter.filter(bytes));
    // Four bytes may clear the screen: what a slice costs is known only afterwards.
    const qint64 time = clock.nsecsElapsed();
    if (time > SliceTime)
        m_slice = std::max(SmallestSlice, qsizetype(bytes.size() * SliceTime / time));
    else if (bytes.size() == m_slice)
        m_slice = std::min(LargestSlice, 2 * m_slice);
    return true;
}

}  // namespace voidrun
