// SPDX-License-Identifier: MIT
#include "terminaloutput.h"

#include <algorithm>

#include "api/replayfilter.h"

namespace voidrun
{

namespace
{

constexpr int QuietTime = 200;     // ms; a replay has ended when nothing came for so long
constexpr int NothingTime = 2000;  // ms in which a server that replays would have begun
constexpr int AnswerTime = 5000;   // ms that it may take to say what was printed
constexpr qint64 Stalled = 2000;   // ms that a replay may pause in its middle

// A cut in the middle of a line or of an escape sequence is not shown.
QByteArray fromLineStart(const QByteArray &bytes, qsizetype wanted)
{
    if (bytes.size() <= wanted)
        return bytes;
    const qsizetype line = bytes.indexOf('\n', bytes.size() - wanted);
    return line < 0 ? bytes.last(wanted) : bytes.sliced(line + 1);
}

}  // namespace

TerminalOutput::TerminalOutput(QObject *parent) : QObject(parent)
{
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &TerminalOutput::settle);
}

TerminalOutput::~TerminalOutput() = default;

void TerminalOutput::restore(const QByteArray &kept, qsizetype ofSession)
{
    m_kept = kept.last(std::min(kept.size(), MaxKept));
    m_ofSession = std::clamp<qsizetype>(ofSession, 0, m_kept.size());
    m_waiting = m_kept;
    if (hasWaiting())
        Q_EMIT available();
}

void TerminalOutput::startSession(const QByteArray &text)
{
    decide({});
    show(text);
    m_ofSession = 0;
}

void TerminalOutput::attachAgain()
{
    decide({});
    if (m_ofSession == 0)
        return;  // nothing of it was shown: all is new
    m_filter = std::make_unique<ReplayFilter>();
    m_filter->feed(QByteArrayView(m_kept).last(m_ofSession));
    m_filter->reattached();
    m_quiet.start(NothingTime);
}

void TerminalOutput::collect(const QByteArray &bytes)
{
    m_lastBytes.start();
    const QByteArray fresh = m_filter->feed(bytes);
    if (!m_filter->isCollecting())
        return decide(fresh);
    if (!m_isAsking)
        m_quiet.start(QuietTime);
    show(fresh);
}

void TerminalOutput::settle()
{
    if (!m_filter)
        return;
    if (m_buffer)
        return decide(m_filter->merge(*m_buffer, m_collectedThen));
    if (m_isAsking)
        return decide(m_filter->settle());  // without an answer
    // A replay over a slow line may pause in the middle.
    if (m_filter->isWithinHistory() && !m_lastBytes.hasExpired(Stalled)) {
        m_quiet.start(QuietTime);
        return;
    }
    if (m_filter->foundReplay())
        return decide(m_filter->settle());
    m_isAsking = true;
    m_collectedThen = m_filter->collected();
    m_quiet.start(AnswerTime);
    Q_EMIT bufferWanted();
}

void TerminalOutput::takeBuffer(const std::optional<QByteArray> &buffer)
{
    if (!m_filter || !m_isAsking || m_buffer)
        return;
    m_buffer = buffer;
    // What it holds may still be on its way here.
    m_quiet.start(buffer ? QuietTime : 0);
}

void TerminalOutput::finish()
{
    decide(m_filter ? m_filter->finish() : QByteArray());
}

void TerminalOutput::decide(const QByteArray &fresh)
{
    m_quiet.stop();
    m_filter.reset();
    m_buffer.reset();
    m_isAsking = false;
    show(fresh);
}

void TerminalOutput::show(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return;
    keep(bytes);
    m_waiting += bytes;
    Q_EMIT available();
}

QByteArray TerminalOutput::take(qsizetype maxBytes)
{
    const QByteArray bytes = m_waiting.first(std::min(maxBytes, m_waiting.size()));
    m_waiting.remove(0, bytes.size());
    return bytes;
}

void TerminalOutput::keep(const QByteArray &bytes)
{
    m_kept += bytes;
    m_number += quint64(bytes.size());
    m_ofSession += bytes.size();
    if (m_kept.size() > 2 * MaxKept)
        m_kept = m_kept.last(MaxKept);
    m_ofSession = std::min(m_ofSession, m_kept.size());
}

QByteArray TerminalOutput::kept() const
{
    return fromLineStart(m_kept, MaxKept);
}

}  // namespace voidrun
