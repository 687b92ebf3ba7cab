// SPDX-License-Identifier: MIT
#include "engineprocess.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace voidrun::test
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int startLimit = 30000;  // ms
constexpr int stopLimit = 15000;

}  // namespace

EngineProcess::EngineProcess()
{
    m_profile.id = u"local"_s;
    m_profile.name = u"This computer"_s;
    m_profile.isLocalEngine = true;
    m_process.setStandardErrorFile(m_state.filePath(u"engine.log"_s), QIODevice::Append);
}

EngineProcess::~EngineProcess()
{
    if (!stop())
        kill9();
    // Files of sandboxes may be without permissions; what stays is said, not hidden.
    if (!m_state.remove())
        qWarning("the state directory %s could not be removed", qPrintable(m_state.path()));
}

QString EngineProcess::program()
{
    const QString chosen = qEnvironmentVariable("VOIDRUN_ENGINE_BIN");
    return chosen.isEmpty() ? QCoreApplication::applicationDirPath() + "/voidrun-local"_L1 : chosen;
}

bool EngineProcess::start(const QStringList &moreArguments)
{
    if (!QFileInfo(program()).isExecutable()) {
        m_problem = u"there is no engine at %1"_s.arg(program());
        return false;
    }
    QStringList arguments{u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--state-dir"_s,
                          m_state.filePath(u"state"_s)};
    m_process.start(program(), arguments + moreArguments, QIODevice::ReadOnly);
    if (!m_process.waitForStarted(startLimit)) {
        m_problem = m_process.errorString();
        return false;
    }
    return readReadyLine();
}

bool EngineProcess::readReadyLine()
{
    const QDeadlineTimer deadline(startLimit);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
            m_problem = u"the engine did not get ready: %1"_s.arg(log());
            return false;
        }
    }
    const QJsonObject ready = QJsonDocument::fromJson(m_process.readLine()).object();
    m_profile.baseUrl = QUrl(ready.value("url"_L1).toString());
    QFile key(ready.value("apiKeyFile"_L1).toString());
    if (!m_profile.baseUrl.isValid() || m_profile.baseUrl.isEmpty() ||
        !key.open(QIODevice::ReadOnly)) {
        m_problem = u"the ready line of the engine makes no sense"_s;
        return false;
    }
    m_profile.apiKey = QString::fromLatin1(key.readAll()).trimmed();
    return true;
}

void EngineProcess::kill9()
{
    m_process.kill();
    m_process.waitForFinished(stopLimit);
}

bool EngineProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return true;
    m_process.terminate();
    return m_process.waitForFinished(stopLimit);
}

QString EngineProcess::log() const
{
    QFile file(m_state.filePath(u"engine.log"_s));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace voidrun::test
