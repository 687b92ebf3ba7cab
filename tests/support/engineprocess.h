// SPDX-License-Identifier: MIT
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include "api/profile.h"

namespace voidrun::test
{

// The real local engine with a state directory of its own, for integration tests. The program is
// VOIDRUN_ENGINE_BIN where that is set, else the one that was built with the tests; a test without
// one fails. Stopped, and its state removed, at the end.
class EngineProcess
{
public:
    EngineProcess();
    ~EngineProcess();

    // Starts and waits for the ready line. False with `problem()` otherwise.
    bool start(const QStringList &moreArguments = {});
    // SIGKILL, at once.
    void kill9();
    // SIGTERM, and waits for the end.
    bool stop();
    bool isRunning() const { return m_process.state() == QProcess::Running; }

    // Where the running engine is; after a restart the port may be another.
    ConnectionProfile profile() const { return m_profile; }
    quint16 port() const { return static_cast<quint16>(m_profile.baseUrl.port()); }
    qint64 pid() const { return m_process.processId(); }
    QString stateDir() const { return m_state.path(); }
    QString problem() const { return m_problem; }
    // What the engine wrote to stderr so far.
    QString log() const;

    static QString program();

private:
    bool readReadyLine();

    QTemporaryDir m_state;
    QProcess m_process;
    ConnectionProfile m_profile;
    QString m_problem;
};

}  // namespace voidrun::test
