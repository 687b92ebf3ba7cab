// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QTcpServer>
#include <QUrl>

#include <chrono>
#include <functional>

class QTcpSocket;

namespace voidrun::test
{

// One request as it came in. Header names are lower case.
struct SeenRequest {
    QByteArray method;
    QByteArray target;  // path and query, as sent
    QList<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body;

    QByteArray header(const QByteArray &name) const;
};

// One raw reply and how it goes wrong.
struct ScriptedReply {
    enum class End {
        KeepOpen,  // wait for the next request
        Fin,       // close after the bytes
        Rst,       // reset after the bytes
    };

    QByteArray bytes{};    // head and body, exactly as sent
    qint64 cutAfter = -1;  // only so many of them; -1 = all
    End end = End::KeepOpen;
    std::chrono::milliseconds delay{0};  // before the first byte
    qsizetype slice = 0;                 // so many bytes at a time; 0 = all at once
    std::chrono::milliseconds pause{1};  // between slices
    bool afterHead = false;              // answer at once, without waiting for the request's body

    static ScriptedReply json(int status, const QByteArray &body, const QByteArray &headers = {});
    // Any status, type and body with a Content-Length; `headers` are whole lines with CRLF.
    static ScriptedReply with(int status, const QByteArray &type, const QByteArray &body,
                              const QByteArray &headers = {});
    ScriptedReply &cut(qint64 after, End how);
};

// A server that says exactly what a test tells it to say. Lives in the test's thread.
class ScriptedServer : public QObject
{
    Q_OBJECT

public:
    using Handler = std::function<ScriptedReply(const SeenRequest &)>;

    explicit ScriptedServer(QObject *parent = nullptr);  // at 127.0.0.1
    explicit ScriptedServer(const QHostAddress &address, QObject *parent = nullptr);
    ~ScriptedServer() override;

    quint16 port() const { return m_server.serverPort(); }
    QUrl baseUrl() const;  // of one at 127.0.0.1
    // What every request gets.
    void setHandler(const Handler &handler) { m_handler = handler; }
    // What the requests get in turn; the last one again and again.
    void setReplies(const QList<ScriptedReply> &replies);

    const QList<SeenRequest> &requests() const { return m_requests; }
    int connections() const { return m_connections; }
    bool sawHeader(const QByteArray &name) const;

private:
    void onConnection();
    void onReadyRead(QTcpSocket *socket);
    void answer(QTcpSocket *socket, const ScriptedReply &reply);
    static void send(QTcpSocket *socket, const ScriptedReply &reply, qsizetype from, qsizetype to);

    QTcpServer m_server;
    Handler m_handler;
    QHash<QTcpSocket *, QByteArray> m_buffers;
    QList<SeenRequest> m_requests;
    int m_connections = 0;
};

// Ends a connection with a reset instead of a FIN.
void resetConnection(QTcpSocket *socket);

}  // namespace voidrun::test
