// SPDX-License-Identifier: MIT
#include "scriptedserver.h"

#include <QPointer>
#include <QTcpSocket>
#include <QTimer>

#include <sys/socket.h>

#include <algorithm>
#include <memory>

namespace voidrun::test
{

using namespace Qt::StringLiterals;

QByteArray SeenRequest::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key == name)
            return value;
    }
    return {};
}

ScriptedReply ScriptedReply::with(int status, const QByteArray &type, const QByteArray &body,
                                  const QByteArray &headers)
{
    ScriptedReply reply;
    reply.bytes = "HTTP/1.1 ";
    reply.bytes += QByteArray::number(status);
    reply.bytes += " Scripted\r\nContent-Type: ";
    reply.bytes += type;
    reply.bytes += "\r\nContent-Length: ";
    reply.bytes += QByteArray::number(body.size());
    reply.bytes += "\r\n";
    reply.bytes += headers;
    reply.bytes += "\r\n";
    reply.bytes += body;
    return reply;
}

ScriptedReply ScriptedReply::json(int status, const QByteArray &body, const QByteArray &headers)
{
    return with(status, "application/json", body, headers);
}

ScriptedReply &ScriptedReply::cut(qint64 after, End how)
{
    cutAfter = after;
    end = how;
    return *this;
}

void resetConnection(QTcpSocket *socket)
{
    const linger now{1, 0};
    ::setsockopt(static_cast<int>(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now,
                 sizeof now);
    socket->abort();
}

ScriptedServer::ScriptedServer(QObject *parent)
    : ScriptedServer(QHostAddress(QHostAddress::LocalHost), parent)
{
}

ScriptedServer::ScriptedServer(const QHostAddress &address, QObject *parent) : QObject(parent)
{
    connect(&m_server, &QTcpServer::newConnection, this, &ScriptedServer::onConnection);
    if (!m_server.listen(address))
        qFatal("the scripted server cannot listen");
}

ScriptedServer::~ScriptedServer()
{
    // Sockets die with the server, after our members: they must not call us then.
    for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
        socket->disconnect(this);
}

QUrl ScriptedServer::baseUrl() const
{
    return QUrl(u"http://127.0.0.1:%1/api"_s.arg(port()));
}

void ScriptedServer::setReplies(const QList<ScriptedReply> &replies)
{
    auto next = std::make_shared<qsizetype>(0);
    m_handler = [replies, next](const SeenRequest &) {
        return replies.at(std::min((*next)++, replies.size() - 1));
    };
}

bool ScriptedServer::sawHeader(const QByteArray &name) const
{
    return std::ranges::any_of(m_requests, [&name](const SeenRequest &request) {
        return !request.header(name).isEmpty();
    });
}

void ScriptedServer::onConnection()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        ++m_connections;
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { onReadyRead(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_buffers.remove(socket);
            socket->deleteLater();
        });
    }
}

void ScriptedServer::onReadyRead(QTcpSocket *socket)
{
    QByteArray &buffer = m_buffers[socket];
    buffer += socket->readAll();
    const qsizetype headEnd = buffer.indexOf("\r\n\r\n");
    if (headEnd < 0)
        return;
    SeenRequest request;
    const QList<QByteArray> lines = buffer.first(headEnd).split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    request.method = words.value(0);
    request.target = words.value(1);
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.append(
            {line.first(colon).trimmed().toLower(), line.sliced(colon + 1).trimmed()});
    }
    const qsizetype length = request.header("content-length").toLongLong();
    const qsizetype whole = headEnd + 4 + length;
    if (buffer.size() < whole) {
        // Only a reply that does not wait for the body may be given now.
        if (!m_handler || socket->property("answered").toBool())
            return;
        const ScriptedReply early = m_handler(request);
        if (!early.afterHead)
            return;
        socket->setProperty("answered", true);
        m_requests.append(request);
        answer(socket, early);
        return;
    }
    request.body = buffer.sliced(headEnd + 4, length);
    buffer.remove(0, whole);
    if (socket->property("answered").toBool())
        return;
    m_requests.append(request);
    answer(socket, m_handler ? m_handler(request) : ScriptedReply::json(404, "{}"));
}

void ScriptedServer::answer(QTcpSocket *socket, const ScriptedReply &reply)
{
    const qsizetype size = reply.cutAfter < 0
                               ? reply.bytes.size()
                               : std::min<qsizetype>(reply.cutAfter, reply.bytes.size());
    QTimer::singleShot(reply.delay, socket,
                       [socket, reply, size] { send(socket, reply, 0, size); });
}

void ScriptedServer::send(QTcpSocket *socket, const ScriptedReply &reply, qsizetype from,
                          qsizetype to)
{
    const qsizetype count = reply.slice > 0 ? std::min(reply.slice, to - from) : to - from;
    socket->write(reply.bytes.sliced(from, count));
    socket->flush();
    if (from + count < to) {
        QTimer::singleShot(reply.pause, socket, [socket, reply, from, count, to] {
            send(socket, reply, from + count, to);
        });
    } else if (reply.end == ScriptedReply::End::Fin) {
        socket->disconnectFromHost();
    } else if (reply.end == ScriptedReply::End::Rst) {
        resetConnection(socket);
    }
}

}  // namespace voidrun::test
