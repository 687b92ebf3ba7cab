// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QSize>

#include <memory>

#include "api/error.h"

namespace voidrun
{

class Client;
class TerminalStream;

// One terminal of a sandbox as a view needs it: makes a persistent session in the guest, attaches
// to it, and carries bytes and sizes. Resizes are merged (the last one wins, at most one under
// way). Lives in the GUI thread; nothing in it waits.
class TerminalSession : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Starting, Live, Reconnecting, Ended, Failed };
    Q_ENUM(State)

    TerminalSession(Client *client, const QString &sandboxId, QObject *parent = nullptr);
    ~TerminalSession() override;  // detaches; the session in the guest lives on unless end()

    const QString &sandboxId() const { return m_sandboxId; }
    // Which connection it belongs to; kept when that ends, so that its successor can take over.
    const QString &connectionId() const { return m_connectionId; }
    void setConnectionId(const QString &id) { m_connectionId = id; }
    bool hasClient() const;
    // Another session of the same sandbox, not started; the caller's.
    TerminalSession *makeSibling() const;
    void setClient(Client *client);
    const QString &sessionId() const { return m_sessionId; }
    State state() const { return m_state; }
    const Error &error() const { return m_error; }

    // Makes a new session of this size and attaches to it. Also from Ended and Failed
    // ("reconnect").
    void start(int cols, int rows);
    // Where a session that start() makes begins; typed in for the person, who sees it.
    void setStartFolder(const QString &path) { m_startFolder = path; }
    // Attaches to a session that exists.
    void attach(const QString &sessionId, int cols, int rows);
    void resize(int cols, int rows);
    // At most `maxBytes` of the output that waits.
    QByteArray read(qsizetype maxBytes);
    bool write(const QByteArray &bytes);
    // Ends the session in the guest (its programs too) and closes the stream.
    void end();

Q_SIGNALS:
    void outputAvailable();
    void stateChanged(voidrun::TerminalSession::State state);

private:
    void setState(State state, const Error &error = {});
    void open();
    void followStream();
    void finish(const Error &error);
    void sendSize();
    void dropStream();
    Error closedConnection() const;

    QPointer<Client> m_client;
    QString m_sandboxId;
    QString m_connectionId;
    QString m_sessionId;
    QString m_startFolder;
    bool m_isNew = false;  // nothing was typed into it yet
    std::unique_ptr<TerminalStream> m_stream;
    State m_state = State::Idle;
    Error m_error;
    QSize m_wantedSize;
    QSize m_sentSize;
    int m_attempt = 0;  // answers to an older start() or resize() are not ours any more
    bool m_resizing = false;
};

}  // namespace voidrun
