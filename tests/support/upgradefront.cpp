// SPDX-License-Identifier: MIT
#include "upgradefront.h"

#include <QTcpSocket>

namespace voidrun::test
{

UpgradeFront::UpgradeFront(quint16 httpPort, quint16 socketPort)
    : m_httpPort(httpPort), m_socketPort(socketPort)
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *front = m_server.nextPendingConnection()) {
            connect(front, &QTcpSocket::readyRead, this, [this, front] { lead(front); });
            connect(front, &QTcpSocket::disconnected, front, &QObject::deleteLater);
        }
    });
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the front cannot listen");
}

void UpgradeFront::lead(QTcpSocket *front)
{
    const QByteArray bytes = front->readAll();
    QPointer<QTcpSocket> &back = m_backs[front];
    if (!back) {
        back = new QTcpSocket(front);
        const bool upgrade = bytes.contains("Upgrade: websocket");
        connect(back, &QTcpSocket::readyRead, front,
                [front, back] { front->write(back->readAll()); });
        connect(back, &QTcpSocket::disconnected, front, &QTcpSocket::disconnectFromHost);
        connect(front, &QTcpSocket::disconnected, back, &QTcpSocket::disconnectFromHost);
        back->connectToHost(QHostAddress::LocalHost, upgrade ? m_socketPort : m_httpPort);
    }
    back->write(bytes);
}

}  // namespace voidrun::test
