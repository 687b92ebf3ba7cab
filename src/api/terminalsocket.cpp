// SPDX-License-Identifier: MIT
#include "terminalsocket.h"

#include <algorithm>
#include <utility>

namespace voidrun
{

using State = TerminalStream::State;

namespace
{

constexpr qint64 writeBuffer = 64LL * 1024;  // typed bytes handed to the socket at a time
constexpr qsizetype pieceSize = 64LL * 1024;
constexpr int replayPatience = 1000;  // ms after attaching; what is no replay by then is output
constexpr auto bufferPatience = std::chrono::seconds(5);
constexpr int replayStallFactor = 10;  // a replay that has begun may stall so many quiet times

}  // namespace

TerminalSocket::TerminalSocket(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                               const StreamOptions &options, std::shared_ptr<TerminalQueue> queue)
    : m_url(url),
      m_persistent(persistent),
      m_options(options),
      m_queue(std::move(queue)),
      m_link(profile, options, this),
      m_pauses(options),
      m_retry(this),
      m_settle(this),
      m_bufferLimit(this)
{
    m_retry.setSingleShot(true);
    m_settle.setSingleShot(true);
    m_bufferLimit.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &TerminalSocket::open);
    connect(&m_settle, &QTimer::timeout, this, &TerminalSocket::onSettleTime);
    connect(&m_bufferLimit, &QTimer::timeout, this, &TerminalSocket::onBufferTime);
    connect(&m_link, &WebSocketLink::opened, this, &TerminalSocket::onOpened);
    connect(&m_link, &WebSocketLink::received, this, &TerminalSocket::onReceived);
    connect(&m_link, &WebSocketLink::bytesWritten, this, &TerminalSocket::sendPending);
    connect(&m_link, &WebSocketLink::ended, this, &TerminalSocket::onLinkEnded);
}

TerminalSocket::~TerminalSocket()
{
    m_link.discard();
}

void TerminalSocket::open()
{
    if (!m_ended)
        m_link.open(m_url);
}

void TerminalSocket::onOpened()
{
    ++m_attachment;
    if (m_wasLive && m_persistent) {
        m_filter.reattached();
        // A server without replays may have nothing more to say.
        m_settle.start(replayStallFactor * m_options.replayQuiet);
    }
    m_wasLive = true;
    Q_EMIT stateChanged(State::Live);
    sendPending();
}

void TerminalSocket::onReceived(const QByteArray &bytes)
{
    m_lastMessage.start();
    const QByteArray output = m_filter.feed(bytes);
    // Output that never pauses must not wait for a pause.
    if (m_filter.isCollecting() && m_link.liveSince().hasExpired(replayPatience) &&
        !m_filter.isWithinHistory())
        settle();
    if (m_filter.isCollecting() && !m_isAsking)
        m_settle.start(m_options.replayQuiet);
    else
        m_settle.stop();
    deliver(output);
}

void TerminalSocket::onSettleTime()
{
    // A replay over a slow line may pause in the middle.
    const bool stalled =
        !m_lastMessage.isValid() ||
        m_lastMessage.hasExpired(replayStallFactor * m_options.replayQuiet.count());
    if (m_filter.isWithinHistory() && !stalled) {
        m_settle.start(m_options.replayQuiet);
        return;
    }
    settle();
}

// Without a replay nobody knows what was printed during the cut, but the server.
void TerminalSocket::settle()
{
    if (m_isAsking || !m_filter.isCollecting())
        return;
    if (m_filter.foundReplay()) {
        deliver(m_filter.settle());
        return;
    }
    m_isAsking = true;
    m_collectedThen = m_filter.collected();
    m_bufferLimit.start(bufferPatience);
    Q_EMIT bufferWanted(m_attachment);
}

void TerminalSocket::takeBuffer(int attachment, const std::optional<QByteArray> &buffer)
{
    if (!m_isAsking || attachment != m_attachment)
        return;
    m_buffer = buffer;
    if (buffer)
        m_bufferLimit.start(m_options.replayQuiet);  // what it holds may still be on its way here
    else
        onBufferTime();
}

void TerminalSocket::onBufferTime()
{
    m_bufferLimit.stop();
    m_isAsking = false;
    const auto buffer = std::exchange(m_buffer, std::nullopt);
    deliver(buffer && m_filter.isCollecting() ? m_filter.merge(*buffer, m_collectedThen)
                                              : m_filter.settle());
}

void TerminalSocket::deliver(const QByteArray &bytes)
{
    for (qsizetype at = 0; at < bytes.size(); at += pieceSize) {
        bool orInput = true;
        for (;;) {
            const auto wake = m_queue->waitForRoom(orInput);
            if (wake == TerminalQueue::Wake::Closed)
                return;
            if (wake == TerminalQueue::Wake::Room)
                break;
            // Typed while output waits for its reader: it must not wait with it.
            const qint64 before = m_link.bytesToWrite();
            sendPending();
            m_link.flush();
            orInput = m_link.isLive() && m_link.bytesToWrite() <= before;
        }
        if (m_queue->append(bytes.sliced(at, std::min(pieceSize, bytes.size() - at))))
            Q_EMIT outputWaiting();
    }
    m_link.heard();  // while we waited for the reader nobody listened
}

void TerminalSocket::sendPending()
{
    while (m_link.isLive() && m_link.bytesToWrite() < writeBuffer) {
        const QByteArray input = m_queue->takeInput(writeBuffer);
        if (input.isEmpty())
            return;
        m_link.send(input);
    }
}

void TerminalSocket::close()
{
    if (m_ended)
        return;
    sendPending();
    m_ended = true;
    stopTimers();
    m_link.close();
}

void TerminalSocket::onLinkEnded(const Error &error)
{
    if (m_ended)
        return;
    m_settle.stop();
    m_bufferLimit.stop();
    m_isAsking = false;
    m_buffer.reset();
    if (!m_persistent || !isPassing(error)) {
        end(error);
        return;
    }
    if (!m_options.ownerReconnects)
        m_retry.start(m_pauses.next(m_link.heldFor()));
    Q_EMIT stateChanged(State::Reconnecting);
}

void TerminalSocket::end(const Error &error)
{
    stopTimers();
    deliver(m_filter.finish());
    m_ended = true;
    Q_EMIT ended(error);
}

void TerminalSocket::stopTimers()
{
    m_retry.stop();
    m_settle.stop();
    m_bufferLimit.stop();
}

}  // namespace voidrun
