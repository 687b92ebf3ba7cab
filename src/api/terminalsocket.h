// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <optional>

#include "options.h"
#include "profile.h"
#include "replayfilter.h"
#include "retrypolicy.h"
#include "terminalqueue.h"
#include "terminalstream.h"
#include "websocketlink.h"

namespace voidrun
{

// The socket side of a TerminalStream: reconnects and takes replays out. Lives in the stream's
// worker thread and may block there while the queue is full; shares only the queue.
class TerminalSocket : public QObject
{
    Q_OBJECT

public:
    TerminalSocket(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                   const StreamOptions &options, std::shared_ptr<TerminalQueue> queue);
    ~TerminalSocket() override;

public Q_SLOTS:
    void open();
    void sendPending();
    // The answer to bufferWanted(); nothing where the server did not give any.
    void takeBuffer(int attachment, const std::optional<QByteArray> &buffer);
    // Sends what was typed, then says goodbye to the server.
    void close();

Q_SIGNALS:
    void outputWaiting();
    void stateChanged(voidrun::TerminalStream::State state);
    void ended(const voidrun::Error &error);
    // The server replays nothing: what has the session printed last?
    void bufferWanted(int attachment);

private:
    void onOpened();
    void onReceived(const QByteArray &bytes);
    void onLinkEnded(const Error &error);
    void onSettleTime();
    void onBufferTime();
    void settle();
    void end(const Error &error);
    void deliver(const QByteArray &bytes);
    void stopTimers();

    const QUrl m_url;
    const bool m_persistent;
    const StreamOptions m_options;
    const std::shared_ptr<TerminalQueue> m_queue;
    WebSocketLink m_link;
    ReplayFilter m_filter;
    ReconnectPauses m_pauses;
    QTimer m_retry;
    QTimer m_settle;
    QTimer m_bufferLimit;
    std::optional<QByteArray> m_buffer;
    qsizetype m_collectedThen = 0;  // when the buffer was asked for
    int m_attachment = 0;
    bool m_isAsking = false;
    QElapsedTimer m_lastMessage;
    bool m_wasLive = false;
    bool m_ended = false;
};

}  // namespace voidrun
