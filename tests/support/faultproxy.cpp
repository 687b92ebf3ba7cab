// SPDX-License-Identifier: MIT
#include "faultproxy.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

#include "scriptedserver.h"

namespace voidrun::test
{

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace
{

constexpr milliseconds tick{10};        // of a limited bandwidth
constexpr qint64 buffer = 64LL * 1024;  // bytes that wait on each side of a direction

QByteArray changed(const QByteArray &head, FaultPlan::Answer answer)
{
    const auto withStatus = [&head](const QByteArray &status, const QByteArray &lines = {}) {
        return "HTTP/1.1 " + status + "\r\n" + lines + head.sliced(head.indexOf("\r\n") + 2);
    };
    const auto withHeader = [&head](const QByteArray &line) {
        return QByteArray(head).insert(head.indexOf("\r\n") + 2, line + "\r\n");
    };
    switch (answer) {
        case FaultPlan::Answer::AsItIs:
            break;
        case FaultPlan::Answer::LongerLength: {
            static const QRegularExpression length(u"(\r\ncontent-length: *)([0-9]+)"_s,
                                                   QRegularExpression::CaseInsensitiveOption);
            const auto found = length.match(QString::fromLatin1(head));
            if (!found.hasMatch())
                break;
            return QByteArray(head).replace(found.capturedStart(2), found.capturedLength(2),
                                            QByteArray::number(found.captured(2).toLongLong() + 5));
        }
        case FaultPlan::Answer::Gzip:
            return withHeader("Content-Encoding: gzip");
        case FaultPlan::Answer::Html: {
            static const QRegularExpression type(u"\r\ncontent-type: [^\r]*"_s,
                                                 QRegularExpression::CaseInsensitiveOption);
            return QString::fromLatin1(head)
                .replace(type, u"\r\nContent-Type: text/html"_s)
                .toLatin1();
        }
        case FaultPlan::Answer::Redirect:
            return withStatus("307 Temporary Redirect", "Location: http://127.0.0.1:1/x\r\n");
        case FaultPlan::Answer::Unavailable:
            return withStatus("503 Service Unavailable", "Retry-After: 0\r\n");
        case FaultPlan::Answer::Overloaded:
            return withStatus("529 Overloaded");
    }
    return head;
}

// Both directions of one connection; deletes itself at its end.
class FaultyPair : public QObject
{
public:
    FaultyPair(QTcpSocket *client, quint16 port, const FaultPlan &plan, QObject *parent)
        : QObject(parent), m_plan(plan), m_client(client), m_server(new QTcpSocket(this))
    {
        m_client->setParent(this);
        for (QTcpSocket *socket : {m_client, m_server}) {
            socket->setReadBufferSize(buffer);
            connect(socket, &QTcpSocket::disconnected, this, [this, socket] { onEnded(socket); });
        }
        carry(m_client, m_server, !m_plan.fromServer);
        carry(m_server, m_client, m_plan.fromServer);
        m_server->connectToHost(QHostAddress::LocalHost, port);
    }

private:
    void carry(QTcpSocket *from, QTcpSocket *to, bool counted)
    {
        auto *pause = new QTimer(this);
        pause->setSingleShot(true);
        pause->setInterval(m_plan.bandwidth > 0 ? std::max(m_plan.latency, tick) : m_plan.latency);
        const auto wake = [this, pause] {
            if (!m_over && !pause->isActive())
                pause->start();
        };
        connect(from, &QTcpSocket::readyRead, this, wake);
        connect(to, &QTcpSocket::bytesWritten, this, wake);
        connect(to, &QTcpSocket::connected, this, wake);
        connect(pause, &QTimer::timeout, this,
                [this, from, to, counted] { pass(from, to, counted); });
    }

    void pass(QTcpSocket *from, QTcpSocket *to, bool counted)
    {
        if (m_over || to->state() != QTcpSocket::ConnectedState || to->bytesToWrite() > buffer)
            return;
        qint64 count = counted && m_plan.slice > 0 ? m_plan.slice : buffer;
        if (m_plan.bandwidth > 0)
            count = std::min<qint64>(count, m_plan.bandwidth * tick.count() / 1000);
        const bool mayEnd = counted && m_plan.end != FaultPlan::End::None;
        if (mayEnd)
            count = std::min(count, m_plan.after - m_passed);
        QByteArray bytes = from->isOpen() ? from->read(count) : QByteArray();
        if (from == m_server && !m_headPassed)
            bytes = changedHead(bytes);
        to->write(bytes);
        if (m_plan.bandwidth > 0 && from->bytesAvailable() > 0)
            Q_EMIT from->readyRead();  // the rest at the next tick
        if (!mayEnd)
            return;
        m_passed += bytes.size();
        if (m_passed >= m_plan.after)
            endBadly(to);
    }

    // Nothing until the head is whole.
    QByteArray changedHead(const QByteArray &bytes)
    {
        m_head += bytes;
        const qsizetype end = m_head.indexOf("\r\n\r\n");
        if (end < 0 && m_plan.answer != FaultPlan::Answer::AsItIs && m_head.size() < buffer)
            return {};
        m_headPassed = true;
        return end < 0 ? m_head : changed(m_head.first(end), m_plan.answer) + m_head.sliced(end);
    }

    void endBadly(QTcpSocket *receiver)
    {
        m_over = true;
        if (m_plan.end == FaultPlan::End::Stall)
            return;
        receiver->flush();
        for (QTcpSocket *socket : {m_client, m_server}) {
            if (m_plan.end == FaultPlan::End::Rst && socket->isValid())
                resetConnection(socket);
            else
                socket->disconnectFromHost();
        }
        deleteLater();
    }

    void onEnded(QTcpSocket *ended)
    {
        if (m_over && m_plan.end != FaultPlan::End::Stall)
            return;
        m_over = true;
        QTcpSocket *other = ended == m_client ? m_server : m_client;
        if (other->isValid()) {
            if (ended->isOpen())
                other->write(ended->readAll());
            other->disconnectFromHost();
        }
        connect(other, &QTcpSocket::disconnected, this, &QObject::deleteLater);
        if (other->state() == QTcpSocket::UnconnectedState)
            deleteLater();
    }

    const FaultPlan m_plan;
    QTcpSocket *m_client;
    QTcpSocket *m_server;
    qint64 m_passed = 0;
    QByteArray m_head;  // of the first answer, until it is whole
    bool m_headPassed = false;
    bool m_over = false;
};

}  // namespace

FaultPlan FaultPlan::random(QRandomGenerator &random)
{
    FaultPlan plan;
    plan.latency = milliseconds(random.bounded(4) == 0 ? random.bounded(15) : 0);
    plan.bandwidth = random.bounded(6) == 0 ? 100'000 * random.bounded(1, 20) : 0;
    constexpr std::array<qsizetype, 6> slices{0, 0, 1, 17, 1000, 16384};
    plan.slice = slices.at(random.bounded(quint32(slices.size())));
    constexpr std::array<End, 7> ends{End::None, End::None, End::None, End::Fin,
                                      End::Fin,  End::Rst,  End::Stall};
    plan.end = ends.at(random.bounded(quint32(ends.size())));
    plan.fromServer = random.bounded(3) > 0;
    constexpr std::array<quint32, 4> reaches{30, 400, 5000, 300'000};
    plan.after = 1 + random.bounded(reaches.at(random.bounded(quint32(reaches.size()))));
    // Whole transfers byte by byte would take the run's time.
    if (plan.slice > 0 && (plan.after > 400 || plan.end == End::None))
        plan.slice = std::max<qsizetype>(plan.slice, 4096);
    return plan;
}

FaultPlan FaultPlan::randomForCalls(QRandomGenerator &random)
{
    FaultPlan plan = FaultPlan::random(random);
    if (random.bounded(4) == 0)
        plan.answer = Answer(random.bounded(1, int(Answer::Overloaded) + 1));
    return plan;
}

QString FaultPlan::text() const
{
    constexpr std::array<const char *, 4> words{"none", "FIN", "RST", "stall"};
    constexpr std::array<const char *, 7> answers{
        "", ", longer length", ", gzip", ", HTML", ", redirect", ", 503", ", 529"};
    return u"%1 after %2 bytes of the %3, slices of %4, %5 ms, %6 B/s%7"_s
        .arg(QLatin1StringView(words.at(static_cast<size_t>(end))))
        .arg(after)
        .arg(fromServer ? u"server"_s : u"client"_s)
        .arg(slice)
        .arg(latency.count())
        .arg(bandwidth)
        .arg(QLatin1StringView(answers.at(static_cast<size_t>(answer))));
}

FaultProxy::FaultProxy(quint16 targetPort, const Planner &planner, QObject *parent)
    : QObject(parent), m_targetPort(targetPort), m_planner(planner)
{
    connect(&m_server, &QTcpServer::newConnection, this, &FaultProxy::onConnection);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the fault proxy cannot listen");
}

QUrl FaultProxy::through(QUrl url) const
{
    url.setPort(m_server.serverPort());
    return url;
}

void FaultProxy::onConnection()
{
    while (QTcpSocket *client = m_server.nextPendingConnection())
        new FaultyPair(client, m_targetPort, m_planner(m_connections++), this);
}

}  // namespace voidrun::test
