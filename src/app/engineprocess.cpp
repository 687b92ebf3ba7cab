// SPDX-License-Identifier: MIT
#include "engineprocess.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int StartTimeout = 20'000;         // ms
constexpr int JoinInterval = 250;            // ms
constexpr int EndTimeout = 3'000;            // ms to end by itself before it is killed
constexpr qsizetype MostOutput = 64 * 1024;  // bytes of the ready line
constexpr qint64 MostKey = 4096;             // bytes of the key file
constexpr int ExitLocked = 3;                // another engine has the state folder

QString findEngine()
{
    const QString beside = QCoreApplication::applicationDirPath() % u"/voidrun-local"_s;
    return QFile::exists(beside) ? beside : QStandardPaths::findExecutable(u"voidrun-local"_s);
}

}  // namespace

EngineProcess::EngineProcess(const QString &stateDir, const QString &program, QObject *parent)
    : QObject(parent), m_stateDir(stateDir), m_program(program)
{
    m_timeout.setSingleShot(true);
    m_timeout.setInterval(StartTimeout);
    connect(&m_timeout, &QTimer::timeout, this, [this] {
        m_process.kill();
        fail(tr("It did not become ready within 20 seconds."));
    });
    m_joinTimer.setInterval(JoinInterval);
    connect(&m_joinTimer, &QTimer::timeout, this, &EngineProcess::joinOther);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &EngineProcess::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, [this] {
        const QByteArray log = m_process.readAllStandardError();
        const QList<QByteArray> lines = log.trimmed().split('\n');
        if (!lines.last().isEmpty())
            m_lastLine = QString::fromUtf8(lines.last()).left(400);
    });
    connect(&m_process, &QProcess::finished, this, [this](int code) {
        if (m_state == State::Starting && !m_timeout.isActive())
            launch();
        else
            ended(code);
    });
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(m_process.errorString());
    });
}

EngineProcess::~EngineProcess()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();  // the engine ends with its standard input
    if (!m_process.waitForFinished(EndTimeout)) {
        m_process.kill();
        m_process.waitForFinished(EndTimeout);
    }
}

void EngineProcess::start()
{
    if (m_state == State::Starting || (m_state == State::Ready && !isJoined()))
        return;
    m_state = State::Starting;
    // One that was given up may still be on its way out; its end starts the next.
    if (m_process.state() == QProcess::NotRunning)
        launch();
}

void EngineProcess::launch()
{
    m_output.clear();
    m_lastLine.clear();
    m_refusal.clear();
    const QString program = m_program.isEmpty() ? findEngine() : m_program;
    if (program.isEmpty()) {
        fail(tr("The program voidrun-local was not found beside the application."));
        return;
    }
    if (!QDir().mkpath(m_stateDir)) {
        fail(tr("The folder “%1” cannot be made.").arg(m_stateDir));
        return;
    }
    // A key of another server in our environment is nothing that the engine needs to see.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"VR_API_KEY"_s, u"API_KEY"_s, u"VR_API_URL"_s, u"API_URL"_s})
        environment.remove(name);
    m_process.setProcessEnvironment(environment);
    m_timeout.start();
    m_process.start(program, {u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--state-dir"_s,
                              m_stateDir, u"--exit-with-stdin"_s});
}

void EngineProcess::readOutput()
{
    m_output += m_process.readAllStandardOutput();
    const qsizetype end = m_output.indexOf('\n');
    if (end < 0) {
        if (m_output.size() > MostOutput) {
            m_process.kill();
            fail(tr("It printed something else than its address."));
        }
        return;
    }
    const QByteArray line = m_output.first(end);
    m_output.remove(0, end + 1);
    if (m_state == State::Starting)
        useEndpoint(line);
}

void EngineProcess::useEndpoint(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const QString refusal = object.value("error"_L1).toString();
    if (!refusal.isEmpty()) {
        m_refusal = refusal;
        return;  // its end follows
    }
    const QUrl url(object.value("url"_L1).toString());
    QFile file(object.value("apiKeyFile"_L1).toString());
    if (!url.isValid() || !file.open(QIODevice::ReadOnly)) {
        m_process.kill();
        fail(tr("Its key could not be read."));
        return;
    }
    const QString key = QString::fromUtf8(file.read(MostKey)).trimmed();
    if (key.isEmpty()) {
        m_process.kill();
        fail(tr("Its key could not be read."));
        return;
    }
    m_timeout.stop();
    m_state = State::Ready;
    Q_EMIT ready(url, key);
}

void EngineProcess::joinOther()
{
    QFile file(m_stateDir % u"/endpoint.json"_s);
    if (file.open(QIODevice::ReadOnly)) {
        m_joinTimer.stop();
        useEndpoint(file.read(MostOutput));
    } else if (!m_joinTimer.isActive()) {
        m_joinTimer.start();  // that engine is still starting; m_timeout bounds the wait
    }
}

void EngineProcess::ended(int exitCode)
{
    if (m_state == State::Starting && exitCode == ExitLocked)
        joinOther();
    else if (m_state == State::Starting)
        fail(m_refusal.isEmpty() ? m_lastLine : m_refusal);
    else if (m_state == State::Ready)
        fail(tr("It has ended unexpectedly. Your sandboxes and their files are still there."));
}

void EngineProcess::fail(const QString &detail)
{
    if (m_state == State::Failed)
        return;
    m_timeout.stop();
    m_joinTimer.stop();
    m_state = State::Failed;
    Error error;
    error.kind = Error::Kind::Engine;
    error.detail = detail;
    Q_EMIT failed(error);
}

}  // namespace voidrun
