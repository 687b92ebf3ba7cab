// SPDX-License-Identifier: MIT
#pragma once

#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUrl>
#include <functional>
#include <utility>

using namespace Qt::StringLiterals;

// What one call answered.
struct Answer {
    int status = 0;  // 0: no answer
    QByteArray body;
    QJsonObject object() const { return QJsonDocument::fromJson(body).object(); }
    QJsonValue data() const { return object().value("data"_L1); }
    QString error() const { return object().value("error"_L1).toString(); }
};

// A real voidrun-local on a state directory of its own, and blocking calls to it. One a test class;
// GUI-less test thread.
class EngineUnderTest
{
public:
    enum class RunAs { Caller, PlainUser };

    explicit EngineUnderTest(RunAs runAs = RunAs::Caller) : m_runAs(runAs)
    {
        m_state = m_folder.filePath(u"state"_s);
        if (runAs == RunAs::PlainUser) {
            // The build folder may be out of that user's reach.
            for (const QString &name : {u"voidrun-local"_s, u"voidrun-agent"_s})
                QFile::copy(binary(name), m_folder.filePath(name));
            QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
            QProcess::execute(u"chown"_s, {u"-R"_s, u"65534:65534"_s, m_folder.path()});
        }
    }
    ~EngineUnderTest() { stop(); }
    Q_DISABLE_COPY_MOVE(EngineUnderTest)

    static QString binary(const QString &name)
    {
        return QCoreApplication::applicationDirPath() + u'/' + name;
    }

    QStringList arguments() const
    {
        return {u"serve"_s, u"--listen"_s, u"127.0.0.1:0"_s, u"--state-dir"_s, m_state};
    }

    // False when there was no ready line within 20 s; errors() says why.
    bool start(const QStringList &wrapper = {}, const QStringList &more = {})
    {
        QStringList command = wrapper;
        if (m_runAs == RunAs::PlainUser)
            command << u"setpriv"_s << u"--reuid"_s << u"65534"_s << u"--regid"_s << u"65534"_s
                    << u"--clear-groups"_s << m_folder.filePath(u"voidrun-local"_s);
        else
            command << binary(u"voidrun-local"_s);
        command << arguments() << more;
        m_process = std::make_unique<QProcess>();
        m_process->setProcessEnvironment(environment);
        m_process->setStandardErrorFile(m_folder.filePath(u"engine.log"_s), QIODevice::Append);
        m_process->start(command.takeFirst(), command);
        QElapsedTimer timer;
        timer.start();
        while (!m_process->canReadLine() && timer.elapsed() < 20'000) {
            if (!m_process->waitForReadyRead(100) && m_process->state() == QProcess::NotRunning)
                break;
        }
        m_readyLine = m_process->readLine();
        const QJsonObject ready = QJsonDocument::fromJson(m_readyLine).object();
        m_url = ready.value("url"_L1).toString();
        // A wrapper may have given the engine mounts of its own.
        const QString file = ready.value("apiKeyFile"_L1).toString();
        QFile inside(u"/proc/%1/root"_s.arg(m_process->processId()) + file);
        QFile key(file);
        if (!m_url.isEmpty() && inside.open(QIODevice::ReadOnly))
            m_key = inside.readAll().trimmed();
        else if (!m_url.isEmpty() && key.open(QIODevice::ReadOnly))
            m_key = key.readAll().trimmed();
        return !m_key.isEmpty();
    }

    void stop()
    {
        if (!m_process || m_process->state() == QProcess::NotRunning)
            return;
        m_process->terminate();
        if (!m_process->waitForFinished(10'000)) {
            m_process->kill();
            m_process->waitForFinished();
        }
    }

    void killHard()
    {
        m_process->kill();  // SIGKILL
        m_process->waitForFinished();
    }

    QProcess &process() { return *m_process; }
    const QByteArray &readyLine() const { return m_readyLine; }
    const QString &stateDirectory() const { return m_state; }
    QString folder() const { return m_folder.path(); }
    const QString &url() const { return m_url; }
    quint16 port() const { return static_cast<quint16>(QUrl(m_url).port()); }
    const QByteArray &key() const { return m_key; }
    QByteArray log() const
    {
        QFile file(m_folder.filePath(u"engine.log"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QNetworkRequest request(const QString &path) const
    {
        QNetworkRequest request(QUrl::fromEncoded((m_url + path).toUtf8()));
        request.setRawHeader("X-API-Key", m_key);
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/octet-stream"_s);
        request.setTransferTimeout(60'000);
        return request;
    }

    // A call to the end; `path` is what follows /api, encoded.
    Answer call(const QByteArray &method, const QString &path, const QByteArray &body = {})
    {
        QNetworkReply *reply = m_network.sendCustomRequest(request(path), method, body);
        return finish(reply);
    }
    Answer get(const QString &path) { return call("GET", path); }
    Answer post(const QString &path, const QJsonObject &body = {})
    {
        return call("POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact));
    }

    Answer finish(QNetworkReply *reply)
    {
        QEventLoop loop;
        QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        if (!reply->isFinished())
            loop.exec();
        const Answer answer{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                            reply->readAll()};
        reply->deleteLater();
        return answer;
    }

    // The new sandbox's id, empty on failure.
    QString createSandbox(const QString &name, QJsonObject fields = {})
    {
        fields["name"_L1] = name;
        const Answer answer = post(u"/sandboxes"_s, fields);
        if (answer.status != 201)
            qWarning() << "create" << name << answer.status << answer.body;
        return answer.data().toObject().value("id"_L1).toString();
    }

    QJsonObject exec(const QString &id, const QString &command, QJsonObject fields = {})
    {
        fields["command"_L1] = command;
        const Answer answer = post(u"/sandboxes/"_s + id + u"/exec"_s, fields);
        if (answer.status != 200)
            qWarning() << "exec" << command << answer.status << answer.body;
        return answer.data().toObject();
    }
    QString output(const QString &id, const QString &command)
    {
        return exec(id, command).value("stdout"_L1).toString();
    }

    // Bytes over a bare socket; everything the engine answers until it closes or `until` is there.
    QByteArray raw(const QByteArray &bytes, const QByteArray &until = {},
                   int timeoutMs = 5000) const
    {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, port());
        if (!socket.waitForConnected(5000))
            return {};
        socket.write(bytes);
        QByteArray answer;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < timeoutMs && (until.isEmpty() || !answer.contains(until))) {
            if (!socket.waitForReadyRead(100) && socket.state() != QTcpSocket::ConnectedState)
                break;
            answer += socket.readAll();
        }
        return answer;
    }

    // Processes whose command line contains the text, anywhere on this computer.
    static QStringList processesWith(const QString &text)
    {
        QStringList found;
        const auto pids = QDir(u"/proc"_s).entryList(QDir::Dirs);
        static const QRegularExpression number(u"^[0-9]+$"_s);
        for (const QString &pid : pids) {
            QFile file(u"/proc/"_s + pid + u"/cmdline"_s);
            if (!number.match(pid).hasMatch() || !file.open(QIODevice::ReadOnly))
                continue;
            const QByteArray line = file.readAll();
            if (line.contains(text.toUtf8()) &&
                pid.toLongLong() != QCoreApplication::applicationPid())
                found << pid + u' ' + QString::fromUtf8(line).replace(QChar(0), u' ').left(200);
        }
        return found;
    }
    // Processes of this engine's sandboxes: each of ours names the sandbox's id.
    QStringList sandboxProcesses() const
    {
        QStringList found = processesWith(m_state + u"/sandboxes"_s);
        for (const QString &id : sandboxFolders())
            found += processesWith(id);
        return found;
    }
    QStringList sandboxFolders() const
    {
        return QDir(m_state + u"/sandboxes"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    }

    // The peak resident size of a process in kB.
    static qint64 peakMemory(const QString &pid)
    {
        QFile file(u"/proc/"_s + pid + u"/status"_s);
        if (!file.open(QIODevice::ReadOnly))
            return -1;
        static const QRegularExpression peak(u"VmHWM:\\s+([0-9]+) kB"_s);
        const auto match = peak.match(QString::fromUtf8(file.readAll()));
        return match.hasMatch() ? match.captured(1).toLongLong() : -1;
    }

    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();

private:
    RunAs m_runAs;
    QTemporaryDir m_folder;
    QString m_state;
    std::unique_ptr<QProcess> m_process;
    QByteArray m_readyLine;
    QString m_url;
    QByteArray m_key;
    QNetworkAccessManager m_network;
};
