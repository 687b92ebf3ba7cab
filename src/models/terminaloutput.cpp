// SPDX-License-Identifier: MIT
#include "terminaloutput.h"

#include <algorithm>

#include "api/replayfilter.h"

namespace voidrun
{

namespace
{

constexpr int QuietTime = 200;    // ms; a replay has ended when nothing came for so long
constexpr qint64 Stalled = 2000;  // ms that a replay may pause in its middle

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
    m_quiet.setInterval(QuietTime);
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
    m_filter.reset();
    m_quiet.stop();
    show(text);
    m_ofSession = 0;
}

void TerminalOutput::attachAgain()
{
    if (m_ofSession == 0)
        return;  // nothing of it was shown: all is new
    m_filter = std::make_unique<ReplayFilter>();
    m_filter->feed(QByteArrayView(m_kept).last(m_ofSession));
    m_filter->reattached();
}

void TerminalOutput::collect(const QByteArray &bytes)
{
    m_lastBytes.start();
    const QByteArray fresh = m_filter->feed(bytes);
    if (m_filter->isCollecting())
        m_quiet.start();
    else
        m_filter.reset();
    show(fresh);
}

void TerminalOutput::settle()
{
    if (!m_filter)
        return;
    // A replay over a slow line may pause in the middle.
    if (m_filter->isWithinHistory() && !m_lastBytes.hasExpired(Stalled)) {
        m_quiet.start();
        return;
    }
    const QByteArray fresh = m_filter->settle();
    m_filter.reset();
    show(fresh);
}

void TerminalOutput::finish()
{
    m_quiet.stop();
    if (!m_filter)
        return;
    const QByteArray fresh = m_filter->finish();
    m_filter.reset();
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
