// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTcpServer>
#include <QUrl>

class QTcpSocket;

namespace voidrun::test
{

// A TCP proxy in front of a server on loopback that cuts its connections when it is told to. Lives
// in the test's thread.
class CuttingProxy : public QObject
{
    Q_OBJECT

public:
    explicit CuttingProxy(quint16 targetPort, QObject *parent = nullptr);
    ~CuttingProxy() override;

    quint16 port() const { return m_port; }
    // `url` with this proxy's port.
    QUrl through(QUrl url) const;

    // Another server from now on; what is connected stays with the one it has.
    void setTarget(quint16 port) { m_targetPort = port; }
    // Resets all connections now.
    void cutNow();
    // Resets the connection that passes this many more bytes of the server, after exactly these.
    void cutAfter(qint64 bytesFromServer) { m_budget = bytesFromServer; }
    // Passes nothing on, in either direction, without closing.
    void setSilent(bool silent) { m_silent = silent; }
    // Refuses new connections (they are reset at once).
    void setRefusing(bool refusing) { m_refusing = refusing; }

    // As a server that has gone: nobody listens at its port. False where the port was taken since.
    bool setAway(bool away);

    int connections() const { return m_connections; }
    int openConnections() const { return static_cast<int>(m_pairs.size()); }

Q_SIGNALS:
    void cut();

private:
    struct Pair {
        QTcpSocket *client = nullptr;
        QTcpSocket *server = nullptr;
    };

    void onConnection();
    void fromServer(const Pair &pair);
    void drop(const Pair &pair, bool reset);

    QTcpServer m_server;
    quint16 m_port;
    quint16 m_targetPort;
    QList<Pair> m_pairs;
    qint64 m_budget = -1;
    bool m_silent = false;
    bool m_refusing = false;
    int m_connections = 0;
};

}  // namespace voidrun::test
