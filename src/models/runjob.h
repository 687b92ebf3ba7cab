// SPDX-License-Identifier: MIT
#pragma once

#include <QBuffer>
#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <memory>
#include <optional>

#include "lastline.h"
#include "runtypes.h"

namespace voidrun
{

class Client;
class EventStream;
class OutputLog;
class ReplyBase;

// One run in a sandbox: a command or code with its output as it comes, or a background process that
// is attached to. Its processes carry an environment variable with the run's number, so that stop()
// finds all of them on any server and says what it ended. Lives in the GUI thread; deleting it lets
// go of the stream, which ends a command.
class RunJob : public QObject
{
    Q_OBJECT

public:
    enum class State { Idle, Preparing, Running, Stopping, Ended };
    Q_ENUM(State)

    RunJob(Client *client, const RunRequest &request, QObject *parent = nullptr);
    // Attaches to a background process: its output so far, then what follows.
    RunJob(Client *client, const RunRequest &request, qint64 pid, QObject *parent = nullptr);
    ~RunJob() override;

    void start();
    // Ends its processes: TERM, and KILL for those that are left after five seconds. Of an attached
    // process: lets go of it.
    void stop();
    // For a connection that is closed: what is known is kept, how it ends is not known.
    void abandon();
    // Of one whose outcome is not known: asks the sandbox whether anything of it still runs, which
    // wakes the sandbox. lookedFor() follows.
    void lookForIt();
    void setClient(Client *client);  // in place of one that is gone

    const RunRequest &request() const { return m_request; }
    bool isAttached() const { return m_pid > 0; }
    qint64 pid() const { return m_pid; }
    State state() const { return m_state; }
    bool isLive() const { return m_state != State::Idle && m_state != State::Ended; }
    OutputLog *output() const { return m_output; }
    const RunOutcome &outcome() const { return m_outcome; }
    QDateTime startedAt() const { return m_startedAt; }
    qint64 elapsed() const;  // ms; of one that has ended: how long it took

Q_SIGNALS:
    void stateChanged(voidrun::RunJob::State state);
    void ended();                                                 // once, after the last output
    void lookedFor(const voidrun::Result<QStringList> &running);  // command lines

private:
    void setState(State state);
    void upload();
    void stream(const QString &command);
    void follow();
    void takeOutput(const QByteArray &bytes);
    void takeErrors(const QByteArray &bytes);
    void takeEnd(const Result<ExitStatus> &result);
    void finishStop(const Result<ExitStatus> &result);
    void takeStopped(const Result<ExecResult> &result);
    void explainFailure(const Error &error);
    void lookForInstaller();
    void removeFile();
    void end();

    QPointer<Client> m_client;
    const RunRequest m_request;
    const qint64 m_pid = 0;
    const QString m_mark;  // NAME=value of the variable
    OutputLog *m_output;
    std::unique_ptr<EventStream> m_stream;
    QPointer<ReplyBase> m_step;
    QBuffer m_code;
    QString m_file;  // in the sandbox, with the code
    QTimer m_letGo;  // of a stream that does not end although its processes have
    State m_state = State::Idle;
    RunOutcome m_outcome;
    QDateTime m_startedAt;
    QElapsedTimer m_clock;
    LastLine m_lastLine;  // of the output
    QByteArray m_errorEnd;
    std::optional<Result<ExitStatus>> m_streamEnd;  // waits for the report of stop()
    bool m_isStopAsked = false;                     // and not answered
    bool m_isStopDone = false;
};

}  // namespace voidrun
