// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QUrl>
#include <QWebSocket>

#include <memory>

#include "error.h"
#include "options.h"
#include "profile.h"

class QNetworkAccessManager;

namespace voidrun
{

// One WebSocket to the server at a time, as all streams need it: the key in the header (or, where a
// server refuses that, once in the query), the fleet's host where the node's does not resolve,
// caps, a limit for connecting, pings, and a plain error for each way that it can end. Owned by its
// stream, lives in that one's thread.
class WebSocketLink : public QObject
{
    Q_OBJECT

public:
    WebSocketLink(const ConnectionProfile &profile, const StreamOptions &options, QObject *parent);
    ~WebSocketLink() override;

    // Drops what there is and connects. opened() or ended() follows; never from inside the call.
    void open(const QUrl &url);
    bool isLive() const { return m_live; }
    // When it was opened; invalid before.
    const QElapsedTimer &liveSince() const { return m_liveSince; }
    // How long the connection that has ended held, in milliseconds; 0 where it never opened.
    qint64 heldFor() const { return m_heldFor; }

    void send(const QByteArray &bytes);
    qint64 bytesToWrite() const { return m_socket ? m_socket->bytesToWrite() : 0; }
    void flush();
    // While the owner did not listen nobody can say that the server was silent.
    void heard() { m_lastHeard.start(); }

    // Ends the connection without a word, or with a goodbye; ended() does not follow.
    void drop();
    void close();
    // drop() for an owner whose thread has ended: nothing would be deleted later. Never from inside
    // a signal of this.
    void discard();

Q_SIGNALS:
    void opened();
    void received(const QByteArray &bytes);
    void bytesWritten();
    // Once for each open(). Closed by the server as it should be: Cancelled, `code` its reason.
    void ended(const voidrun::Error &error);

private:
    void connectSignals();
    void onConnected();
    void onMessage(const QByteArray &bytes);
    void onPingTime();
    void onClosed();
    bool retryElsewhere(const Error &error);
    void askWhere(const Error &error);
    QUrl onFleetHost(QUrl url) const;
    Error upgradeError() const;
    Error closeError() const;
    void fail(const Error &error);
    void keepBufferSmall();

    const ConnectionProfile m_profile;
    const StreamOptions m_options;
    QUrl m_url;
    QWebSocket *m_socket = nullptr;
    std::unique_ptr<QNetworkAccessManager> m_network;  // while askWhere() waits
    QTimer m_connectLimit;
    QTimer m_ping;
    QTimer m_grow;
    QElapsedTimer m_lastHeard;
    QElapsedTimer m_liveSince;
    qint64 m_heldFor = 0;
    bool m_live = false;
    bool m_keyInQuery = false;
    bool m_unpinned = false;  // the node's host does not resolve
    bool m_closeFrame = false;
};

}  // namespace voidrun
