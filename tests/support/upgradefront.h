// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QTcpServer>

class QTcpSocket;

namespace voidrun::test
{

// The HTTP part and the WebSocket part of a server behind one port of 127.0.0.1: a connection that
// asks for an upgrade is led to the second. Lives in the test's thread.
class UpgradeFront : public QObject
{
public:
    UpgradeFront(quint16 httpPort, quint16 socketPort);

    quint16 port() const { return m_server.serverPort(); }

private:
    void lead(QTcpSocket *front);

    QTcpServer m_server;
    QHash<QTcpSocket *, QPointer<QTcpSocket>> m_backs;
    quint16 m_httpPort;
    quint16 m_socketPort;
};

}  // namespace voidrun::test
