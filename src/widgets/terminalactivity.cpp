// SPDX-License-Identifier: MIT
#include "terminalactivity.h"

namespace voidrun
{

TerminalActivity::TerminalActivity(QObject *parent) : TerminalActivity(Limits(), parent) {}

TerminalActivity::TerminalActivity(const Limits &limits, QObject *parent)
    : QObject(parent), m_limits(limits)
{
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &TerminalActivity::finish);
}

void TerminalActivity::typed(const QByteArray &bytes)
{
    if (!m_knowsPrompts && (bytes.contains('\r') || bytes.contains('\n'))) {
        m_started.start();
        m_lastOutput.invalidate();
        m_silence.stop();
    }
}

void TerminalActivity::outputShown()
{
    if (m_knowsPrompts || !m_started.isValid())
        return;
    m_lastOutput.start();
    m_silence.start(m_limits.silence);
}

void TerminalActivity::promptShown(bool shown)
{
    if (shown)
        m_knowsPrompts = true;
    if (!m_knowsPrompts || m_running == !shown)
        return;
    m_running = !shown;
    m_silence.stop();
    if (m_running) {
        m_started.start();
        m_lastOutput.invalidate();
    } else {
        finish();
    }
    Q_EMIT runningChanged();
}

void TerminalActivity::finish()
{
    if (!m_started.isValid())
        return;
    const qint64 silent = m_lastOutput.isValid() ? m_lastOutput.elapsed() : 0;
    const std::chrono::milliseconds duration(m_started.elapsed() - silent);
    m_started.invalidate();
    if (duration >= m_limits.longCommand)
        Q_EMIT finished(duration);
}

}  // namespace voidrun
