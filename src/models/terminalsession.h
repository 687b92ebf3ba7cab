// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QSize>
#include <QTimer>

#include <memory>

#include "api/error.h"
#include "savedterminal.h"
#include "terminaloutput.h"

namespace voidrun
{

class Client;
class ReconnectPauses;
class SandboxModel;
class TerminalStream;

// One terminal of a sandbox as a view needs it: makes a session in the guest or attaches to one,
// and carries bytes and sizes. Resizes are merged (the last one wins, at most one under way).
// Nothing in it wakes a sandbox but start() of a new one and resume(), which a person asks for:
// after a cut the server, not the guest, is asked first how the sandbox is. Lives in the GUI
// thread; nothing in it waits.
class TerminalSession : public QObject
{
    Q_OBJECT

public:
    // Away: of an earlier run or connection; goes on by itself once its sandbox is known to run.
    // Asleep: its sandbox does not run; resume() wakes it.
    enum class State { Idle, Starting, Live, Reconnecting, Away, Asleep, Ended, Failed };
    Q_ENUM(State)
    // Temporary: ends with its connection and cannot be resized. ReadOnly: somebody else's session
    // is looked at; no byte and no size gets through.
    enum class Kind { Persistent, Temporary, ReadOnly };
    Q_ENUM(Kind)
    // Why it is Ended. Elsewhere: another client ended the session.
    enum class End { None, Exited, Elsewhere, SessionGone, SandboxGone };
    Q_ENUM(End)

    TerminalSession(Client *client, const QString &sandboxId, QObject *parent = nullptr);
    ~TerminalSession() override;  // detaches; the session in the guest lives on unless end()

    const QString &sandboxId() const { return m_sandboxId; }
    // Which connection it belongs to; kept when that ends, so that its successor can take over.
    const QString &connectionId() const { return m_connectionId; }
    void setConnectionId(const QString &id) { m_connectionId = id; }
    bool hasClient() const;
    Kind kind() const { return m_kind; }
    void setKind(Kind kind) { m_kind = kind; }  // before start()
    // Another session of the same sandbox, not started; the caller's.
    TerminalSession *makeSibling() const;
    // One that was there goes on by itself where it can.
    void setClient(Client *client);
    // Where it learns without asking whether its sandbox sleeps; may be null.
    void followSandboxes(SandboxModel *sandboxes);
    const QString &sessionId() const { return m_sessionId; }
    State state() const { return m_state; }
    End endReason() const { return m_end; }
    bool isSandboxAsleep() const { return m_sleeps; }  // of Asleep: as against failed or stopped
    const Error &error() const { return m_error; }
    bool isLive() const { return m_state == State::Live || m_state == State::Reconnecting; }
    // A key goes on with it, and is not typed: see resume().
    bool waitsForKey() const;

    // What start() of an idle one does instead of making a session: attach to this one …
    void setSession(const QString &sessionId);
    // … or show what an earlier run has kept of it and wait for its sandbox.
    void restore(const SavedTerminal &saved);
    // What the next run needs to know of it; without what only the view knows.
    SavedTerminal saved() const;

    // Makes a new session of this size and attaches to it.
    void start(int cols, int rows);
    // For a person who pressed a key: wakes the sandbox where it sleeps, attaches again where there
    // still is a session, else starts a new one.
    void resume(int cols, int rows);
    // Where a session that start() makes begins, and what runs in it; both are typed in for the
    // person, who sees it.
    void setStartFolder(const QString &path) { m_startFolder = path; }
    void setStartCommand(const QString &line) { m_startCommand = line; }
    // Attaches to a session that exists.
    void attach(const QString &sessionId, int cols, int rows);
    void resize(int cols, int rows);
    // At most `maxBytes` of the output that waits.
    QByteArray read(qsizetype maxBytes);
    bool write(const QByteArray &bytes);
    // Ends the session in the guest (its programs too) and closes the stream. One that is not ours
    // to end, or whose sandbox sleeps, is only left.
    void end();
    // Leaves it; it goes on in the guest, unless it is temporary.
    void detach();

    // Asks the guest what runs in it beside the shell. Only where it is Live; once at a time.
    void lookForPrograms();

Q_SIGNALS:
    void outputAvailable();
    void stateChanged(voidrun::TerminalSession::State state);
    // `names` of programs, as the guest calls them; `isKnown` is false where it did not say.
    void programsFound(const QStringList &names, bool isKnown);

private:
    void setState(State state, const Error &error = {}, End end = End::None);
    void open();
    void onStreamData();
    void askForBuffer();
    void followStream();
    void finish(const Error &error);
    void finishWhenSandboxIsKnown(const Error &error, End end);
    void typeStart();
    void sendSize();
    void dropStream();
    void lookLater();
    void look();
    void goOn();
    void considerSandbox();
    void fallAsleep(bool isAsleep);
    Error closedConnection() const;
    static QSize allowedSize(int cols, int rows);

    QPointer<Client> m_client;
    QPointer<SandboxModel> m_sandboxes;
    QString m_sandboxId;
    QString m_connectionId;
    QString m_sessionId;
    QString m_startFolder;
    QString m_startCommand;
    TerminalOutput m_output;
    std::unique_ptr<TerminalStream> m_stream;
    std::unique_ptr<ReconnectPauses> m_pauses;
    QTimer m_lookTimer;
    State m_state = State::Idle;
    Kind m_kind = Kind::Persistent;
    End m_end = End::None;
    Error m_error;
    QSize m_wantedSize;
    QSize m_sentSize;
    qint64 m_liveSince = 0;    // ms of the monotonic clock
    int m_attempt = 0;         // answers to an older start() or resize() are not ours any more
    bool m_isNew = false;      // nothing was typed into it yet
    bool m_isPlanned = false;  // start() attaches to m_sessionId
    bool m_isRestored = false;
    bool m_newWhenGone = false;  // a person asked for it: without its session it is a new one
    bool m_sleeps = false;
    // In the list, since it is Live or Asleep; what the list says first may be old.
    bool m_seenRunning = false;
    bool m_seenAsleep = false;
    bool m_resizing = false;
};

}  // namespace voidrun
