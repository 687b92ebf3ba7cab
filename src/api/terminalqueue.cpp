// SPDX-License-Identifier: MIT
#include "terminalqueue.h"

#include <algorithm>
#include <utility>

namespace voidrun
{

TerminalQueue::Wake TerminalQueue::waitForRoom(bool orInput)
{
    std::unique_lock lock(m_mutex);
    const auto hasRoom = [this] { return m_output.size() - m_outputStart < highMark; };
    m_changed.wait(lock, [&] { return m_closed || hasRoom() || (orInput && !m_input.isEmpty()); });
    if (m_closed)
        return Wake::Closed;
    return hasRoom() ? Wake::Room : Wake::Input;
}

bool TerminalQueue::append(const QByteArray &output)
{
    const std::lock_guard lock(m_mutex);
    if (m_closed || output.isEmpty())
        return false;
    if (m_outputStart == m_output.size()) {
        m_output.clear();
        m_outputStart = 0;
    }
    m_output.append(output);
    return !std::exchange(m_told, true);
}

void TerminalQueue::noticed()
{
    const std::lock_guard lock(m_mutex);
    m_told = false;
}

TerminalQueue::Taken TerminalQueue::read(qsizetype maxBytes)
{
    Taken taken;
    {
        const std::lock_guard lock(m_mutex);
        const qsizetype waiting = m_output.size() - m_outputStart;
        const qsizetype count = std::clamp<qsizetype>(maxBytes, 0, waiting);
        if (count == m_output.size()) {
            taken.bytes = std::exchange(m_output, {});
        } else {
            taken.bytes = m_output.sliced(m_outputStart, count);
            m_outputStart += count;
            if (m_outputStart >= highMark) {
                m_output.remove(0, m_outputStart);
                m_outputStart = 0;
            }
        }
        taken.tellAgain = count < waiting && !std::exchange(m_told, true);
    }
    m_changed.notify_one();
    return taken;
}

qsizetype TerminalQueue::bytesAvailable() const
{
    const std::lock_guard lock(m_mutex);
    return m_output.size() - m_outputStart;
}

TerminalQueue::Written TerminalQueue::write(const QByteArray &input)
{
    Written written = Written::Queued;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || m_input.size() + input.size() > maxInput)
            return Written::Refused;
        if (m_input.isEmpty())
            written = Written::QueuedFirst;
        m_input.append(input);
    }
    m_changed.notify_one();
    return written;
}

QByteArray TerminalQueue::takeInput(qsizetype maxBytes)
{
    const std::lock_guard lock(m_mutex);
    const QByteArray taken = m_input.first(std::min(maxBytes, m_input.size()));
    m_input.remove(0, taken.size());
    return taken;
}

void TerminalQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        m_output.clear();
        m_outputStart = 0;
    }
    m_changed.notify_all();
}

}  // namespace voidrun
