// SPDX-License-Identifier: MIT
#include "loopbacksocket.h"

#include <QtEndian>

#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

socklen_t fill(sockaddr_storage &storage, const QHostAddress &address, quint16 port)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = qToBigEndian(port);
        to.sin_addr.s_addr = qToBigEndian(address.toIPv4Address());
        std::memcpy(&storage, &to, sizeof to);
        return sizeof to;
    }
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = qToBigEndian(port);
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    std::memcpy(&to.sin6_addr, &bytes, sizeof bytes);
    std::memcpy(&storage, &to, sizeof to);
    return sizeof to;
}

}  // namespace

std::optional<LoopbackServer> LoopbackServer::of(const QUrl &url)
{
    if (url.scheme() != "http"_L1)
        return std::nullopt;
    LoopbackServer server{url.host(), static_cast<quint16>(url.port(80)), {}};
    const QHostAddress address(server.host);
    if (server.host == "localhost"_L1)  // never asked of a name server (RFC 6761, 6.3)
        server.addresses = {QHostAddress(QHostAddress::LocalHost),
                            QHostAddress(QHostAddress::LocalHostIPv6)};
    else if (address.isLoopback())
        server.addresses = {address};
    else
        return std::nullopt;
    return server;
}

QByteArray LoopbackServer::hostHeader() const
{
    QByteArray header = host.contains(u':') ? '[' + host.toLatin1() + ']' : host.toLatin1();
    if (port != 80)
        header += ':' + QByteArray::number(port);
    return header;
}

LoopbackSocket::LoopbackSocket(const LoopbackServer &server) : m_server(server) {}

LoopbackSocket::~LoopbackSocket()
{
    close();
}

void LoopbackSocket::close()
{
    m_reading.reset();
    m_writing.reset();
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

void LoopbackSocket::connectToServer()
{
    if (!tryNext())
        QMetaObject::invokeMethod(this, &LoopbackSocket::failedToConnect, Qt::QueuedConnection);
}

// True where an attempt is under way.
bool LoopbackSocket::tryNext()
{
    while (m_next < m_server.addresses.size()) {
        close();
        sockaddr_storage to{};
        const socklen_t size = fill(to, m_server.addresses[m_next++], m_server.port);
        m_fd = ::socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        if (m_fd >= 0) {
            const int now = 1;  // pieces leave at once; they are large
            ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
            if (::connect(m_fd, reinterpret_cast<const sockaddr *>(&to), size) == 0 ||
                errno == EINPROGRESS) {
                watch();
                return true;
            }
        }
        m_error = errno;
    }
    return false;
}

void LoopbackSocket::watch()
{
    m_reading = std::make_unique<QSocketNotifier>(m_fd, QSocketNotifier::Read);
    m_reading->setEnabled(false);
    connect(m_reading.get(), &QSocketNotifier::activated, this, &LoopbackSocket::readable);
    m_writing = std::make_unique<QSocketNotifier>(m_fd, QSocketNotifier::Write);
    connect(m_writing.get(), &QSocketNotifier::activated, this, &LoopbackSocket::onWritable);
}

void LoopbackSocket::onWritable()
{
    if (m_isConnected) {
        Q_EMIT writable();
        return;
    }
    socklen_t size = sizeof m_error;
    if (::getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &m_error, &size) != 0)
        m_error = errno;
    if (m_error == 0) {
        m_isConnected = true;
        m_writing->setEnabled(false);
        m_reading->setEnabled(true);
        Q_EMIT connected();
        return;
    }
    // Not deleted in its own slot.
    m_writing->setEnabled(false);
    m_writing.release()->deleteLater();
    if (!tryNext())
        Q_EMIT failedToConnect();
}

qint64 LoopbackSocket::read(char *data, qint64 size)
{
    ssize_t count = 0;
    do
        count = ::recv(m_fd, data, static_cast<size_t>(size), 0);
    while (count < 0 && errno == EINTR);
    if (count > 0)
        return count;
    if (count == 0)
        return Closed;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return NothingYet;
    m_error = errno;
    return Failed;
}

qint64 LoopbackSocket::write(const char *data, qint64 size)
{
    ssize_t count = 0;
    do
        count = ::send(m_fd, data, static_cast<size_t>(size), MSG_NOSIGNAL);
    while (count < 0 && errno == EINTR);
    if (count >= 0)
        return count;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return NothingYet;
    m_error = errno;
    return Failed;
}

bool LoopbackSocket::isQuiet() const
{
    char byte = 0;
    return ::recv(m_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void LoopbackSocket::setReading(bool on)
{
    m_reading->setEnabled(on);
}

void LoopbackSocket::setWriting(bool on)
{
    m_writing->setEnabled(on);
}

bool LoopbackSocket::wasRefused() const
{
    return m_error == ECONNREFUSED;
}

QString LoopbackSocket::errorString() const
{
    return qt_error_string(m_error);
}

}  // namespace voidrun
