// SPDX-License-Identifier: MIT
#include "cuttingproxy.h"

#include <QTcpSocket>

#include <algorithm>
#include <utility>

#include "scriptedserver.h"

namespace voidrun::test
{

CuttingProxy::CuttingProxy(quint16 targetPort, QObject *parent)
    : QObject(parent), m_targetPort(targetPort)
{
    connect(&m_server, &QTcpServer::newConnection, this, &CuttingProxy::onConnection);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the cutting proxy cannot listen");
    m_port = m_server.serverPort();
}

CuttingProxy::~CuttingProxy()
{
    // Sockets die with the server, after our members: they must not call us then.
    for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
        socket->disconnect(this);
    for (QTcpSocket *socket : findChildren<QTcpSocket *>())
        socket->disconnect(this);
}

bool CuttingProxy::setAway(bool away)
{
    if (!away)
        return m_server.isListening() || m_server.listen(QHostAddress::LocalHost, m_port);
    m_server.close();
    cutNow();
    return true;
}

QUrl CuttingProxy::through(QUrl url) const
{
    url.setPort(port());
    return url;
}

void CuttingProxy::onConnection()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        ++m_connections;
        if (m_refusing) {
            resetConnection(client);
            client->deleteLater();
            continue;
        }
        auto *server = new QTcpSocket(this);
        const Pair pair{client, server};
        m_pairs.append(pair);
        connect(client, &QTcpSocket::readyRead, this, [this, pair] {
            if (!m_silent && pair.server->state() == QTcpSocket::ConnectedState)
                pair.server->write(pair.client->readAll());
        });
        connect(server, &QTcpSocket::connected, client, [client] { Q_EMIT client->readyRead(); });
        connect(server, &QTcpSocket::readyRead, this, [this, pair] { fromServer(pair); });
        for (QTcpSocket *socket : {client, server})
            connect(socket, &QTcpSocket::disconnected, this, [this, pair] { drop(pair, false); });
        server->connectToHost(QHostAddress::LocalHost, m_targetPort);
    }
}

void CuttingProxy::fromServer(const Pair &pair)
{
    if (m_silent)
        return;
    const QByteArray bytes = pair.server->readAll();
    if (m_budget < 0 || bytes.size() < m_budget) {
        m_budget = m_budget < 0 ? -1 : m_budget - bytes.size();
        pair.client->write(bytes);
        return;
    }
    pair.client->write(bytes.first(std::exchange(m_budget, -1)));
    pair.client->flush();
    // A FIN: a reset could take back what was sent.
    drop(pair, false);
    Q_EMIT cut();
}

void CuttingProxy::drop(const Pair &pair, bool reset)
{
    const auto it = std::ranges::find(m_pairs, pair.client, &Pair::client);
    if (it == m_pairs.end())
        return;
    m_pairs.erase(it);
    for (QTcpSocket *socket : {pair.client, pair.server}) {
        socket->disconnect(this);
        if (reset)
            resetConnection(socket);
        else
            socket->disconnectFromHost();
        socket->deleteLater();
    }
}

void CuttingProxy::cutNow()
{
    while (!m_pairs.isEmpty())
        drop(m_pairs.constFirst(), true);
}

}  // namespace voidrun::test
