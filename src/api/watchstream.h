// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <memory>
#include <optional>

#include "error.h"
#include "options.h"
#include "watchtypes.h"

namespace voidrun
{

class Client;
class ReconnectPauses;
class WebSocketLink;

// The changes of files below a folder of a sandbox (contract section 4). Lives in its Client's
// thread, is owned by its caller. A connection that is cut comes back by itself, after pauses of
// 0.5 to 30 seconds, but never wakes a sandbox; a Rescan event then says that changes may have been
// missed. Ends when the client is deleted.
class WatchStream : public QObject
{
    Q_OBJECT

public:
    enum class State { Connecting, Live, Reconnecting, Ended };
    Q_ENUM(State)

    // For Client, which makes these; `urlOf` gives the address of a session's socket.
    WatchStream(Client &client, const QString &sandboxId, const WatchRequest &request,
                const StreamOptions &options, std::function<QUrl(const QString &)> urlOf);
    ~WatchStream() override;

    State state() const { return m_state; }
    void close();

Q_SIGNALS:
    void changed(const voidrun::WatchEvent &event);
    void stateChanged(voidrun::WatchStream::State state);
    // Once, never from inside a call: close() was called (Cancelled), or why it cannot go on;
    // Unavailable where the sandbox does not run any more.
    void finished(const voidrun::Error &error);

private:
    void createSession();
    void resume();
    void onSession(const QString &sessionId);
    void onOpened();
    // `held`: ms that the connection lasted; 0 where there was none.
    void lose(const Error &error, qint64 held);
    void end(const Error &error);
    void setState(State state);

    Client *m_client;  // until it is deleted
    const QString m_sandboxId;
    const WatchRequest m_request;
    const std::function<QUrl(const QString &)> m_urlOf;
    std::unique_ptr<WebSocketLink> m_link;
    std::unique_ptr<ReconnectPauses> m_pauses;
    QTimer m_retry;
    State m_state = State::Connecting;
    bool m_wasLive = false;
};

}  // namespace voidrun
