// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QProcess>
#include <QTimer>
#include <QUrl>

#include "api/error.h"

namespace voidrun
{

// The local engine as this application runs it: starts voidrun-local, reads its ready line and its
// key, and says when it has ended. Where another application has the state folder already, its
// engine is used. The engine ends with this object. GUI thread; nothing here waits.
class EngineProcess : public QObject
{
    Q_OBJECT

public:
    enum class State { Stopped, Starting, Ready, Failed };
    Q_ENUM(State)

    // `program` empty: voidrun-local beside this program, else on PATH.
    EngineProcess(const QString &stateDir, const QString &program, QObject *parent = nullptr);
    ~EngineProcess() override;

    State state() const { return m_state; }
    // Ready, but the engine belongs to another application; start() asks again who has it.
    bool isJoined() const
    {
        return m_state == State::Ready && m_process.state() == QProcess::NotRunning;
    }
    qint64 processId() const { return m_process.processId(); }

    // From Stopped or Failed; ready() or failed() follows within 20 s.
    void start();

Q_SIGNALS:
    void ready(const QUrl &baseUrl, const QString &apiKey);
    // It could not be started, or it was ready and has ended (Error::Kind::Engine).
    void failed(const voidrun::Error &error);

private:
    void launch();
    void readOutput();
    void useEndpoint(const QByteArray &json);
    void ended(int exitCode);
    void fail(const QString &detail);
    void joinOther();

    QString m_stateDir;
    QString m_program;
    QProcess m_process;
    QTimer m_timeout;
    QTimer m_joinTimer;  // while another application's engine is still starting
    QByteArray m_output;
    QString m_lastLine;  // of the engine's log: its last words
    QString m_refusal;   // what the engine itself said is missing
    State m_state = State::Stopped;
};

}  // namespace voidrun
