// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QUrl>
#include <QWebSocket>

#include <memory>

#include "options.h"
#include "profile.h"
#include "replayfilter.h"
#include "terminalqueue.h"
#include "terminalstream.h"

namespace voidrun
{

// The socket side of a TerminalStream: connects, pings, reconnects, takes replays out. Lives in the
// stream's worker thread and may block there while the queue is full; shares only the queue.
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
    // Sends what was typed, then says goodbye to the server.
    void close();

Q_SIGNALS:
    void outputWaiting();
    void stateChanged(voidrun::TerminalStream::State state);
    void ended(const voidrun::Error &error);

private:
    void connectSignals();
    void onConnected();
    void onMessage(const QByteArray &bytes);
    void onPingTime();
    void onClosed();
    void onSettleTime();
    void lose(const Error &error);
    void end(const Error &error);
    void dropSocket();
    void deliver(const QByteArray &bytes);
    void keepBufferSmall();
    Error upgradeError() const;

    const ConnectionProfile m_profile;
    const QUrl m_url;
    const bool m_persistent;
    const StreamOptions m_options;
    const std::shared_ptr<TerminalQueue> m_queue;
    QWebSocket *m_socket = nullptr;
    ReplayFilter m_filter;
    QTimer m_connectLimit;
    QTimer m_ping;
    QTimer m_retry;
    QTimer m_settle;
    QTimer m_grow;
    QElapsedTimer m_lastHeard;
    QElapsedTimer m_lastMessage;
    QElapsedTimer m_liveSince;
    bool m_live = false;
    bool m_wasLive = false;
    bool m_keyInQuery = false;
    bool m_closeFrame = false;
    bool m_ended = false;
    int m_tries = 0;
};

}  // namespace voidrun
