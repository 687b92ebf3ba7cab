// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QObject>
#include <QSocketNotifier>
#include <QUrl>

#include <memory>
#include <optional>

namespace voidrun
{

// A server of this computer.
struct LoopbackServer {
    QString host;  // as written
    quint16 port = 0;
    QList<QHostAddress> addresses;  // tried in turn

    // Nothing where the URL is not http or its host may be another computer.
    static std::optional<LoopbackServer> of(const QUrl &url);
    // For the header of that name (RFC 9110, 7.2).
    QByteArray hostHeader() const;
};

// A connection to such a server, without a buffer of its own: bytes go between the caller's memory
// and the kernel, and nothing is read that was not asked for. QTcpSocket copies once more, and
// forgets what a server said before it stopped listening. Never waits; lives in its owner's thread.
class LoopbackSocket : public QObject
{
    Q_OBJECT

public:
    explicit LoopbackSocket(const LoopbackServer &server);
    ~LoopbackSocket() override;

    // Starts to connect; the outcome is told later.
    void connectToServer();
    bool isConnected() const { return m_isConnected; }

    enum Outcome : qint64 { NothingYet = 0, Closed = -1, Failed = -2 };
    // A number of bytes, or an Outcome.
    qint64 read(char *data, qint64 size);
    // A number of bytes, NothingYet or Failed. What has come can still be read then.
    qint64 write(const char *data, qint64 size);
    // Nothing to read and still open on the other side.
    bool isQuiet() const;

    void setReading(bool on);
    void setWriting(bool on);

    // Of the last failure.
    bool wasRefused() const;
    QString errorString() const;

Q_SIGNALS:
    // Each is the last thing that happens in its turn, so that a slot may delete the socket.
    void connected();
    void failedToConnect();
    // There is something to read, or the end.
    void readable();
    void writable();

private:
    bool tryNext();
    void watch();
    void onWritable();
    void close();

    LoopbackServer m_server;
    qsizetype m_next = 0;  // address to try
    int m_fd = -1;
    int m_error = 0;  // errno
    bool m_isConnected = false;
    std::unique_ptr<QSocketNotifier> m_reading;
    std::unique_ptr<QSocketNotifier> m_writing;
};

}  // namespace voidrun
