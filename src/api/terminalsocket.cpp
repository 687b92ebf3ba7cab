// SPDX-License-Identifier: MIT
#include "terminalsocket.h"

#include <QNetworkRequest>
#include <QRegularExpression>
#include <QUrlQuery>

#include "errorcodec.h"
#include "proxy.h"
#include "request.h"
#include "retrypolicy.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using State = TerminalStream::State;

namespace
{

constexpr quint64 maxMessage = 16ULL * 1024 * 1024;  // bytes of one frame or message
constexpr qint64 readBuffer = 64LL * 1024;           // what waits here is what Ctrl+C waits for
constexpr int growAfter = 20;                        // ms; see keepBufferSmall()
constexpr qint64 writeBuffer = 64LL * 1024;          // typed bytes handed to the socket at a time
constexpr qint64 largeBuffer = static_cast<qint64>(maxMessage) + readBuffer;
constexpr qsizetype pieceSize = 64LL * 1024;
constexpr int stableAfter = 5000;      // ms; a connection that held as long starts the pauses anew
constexpr int replayPatience = 1000;   // ms after attaching; what is no replay by then is output
constexpr int replayStallFactor = 10;  // a replay that has begun may stall so many quiet times

}  // namespace

TerminalSocket::TerminalSocket(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                               const StreamOptions &options, std::shared_ptr<TerminalQueue> queue)
    : m_profile(profile),
      m_url(url),
      m_persistent(persistent),
      m_options(options),
      m_queue(std::move(queue)),
      m_connectLimit(this),
      m_ping(this),
      m_retry(this),
      m_settle(this),
      m_grow(this)
{
    m_connectLimit.setSingleShot(true);
    m_retry.setSingleShot(true);
    m_settle.setSingleShot(true);
    m_grow.setSingleShot(true);
    m_grow.setInterval(growAfter);
    connect(&m_connectLimit, &QTimer::timeout, this, [this] {
        lose(makeError(Error::Kind::Timeout, u"the terminal did not open in time"_s));
    });
    connect(&m_ping, &QTimer::timeout, this, &TerminalSocket::onPingTime);
    connect(&m_retry, &QTimer::timeout, this, &TerminalSocket::open);
    connect(&m_settle, &QTimer::timeout, this, &TerminalSocket::onSettleTime);
    connect(&m_grow, &QTimer::timeout, this, [this] {
        if (m_socket)
            m_socket->setReadBufferSize(largeBuffer);
    });
}

TerminalSocket::~TerminalSocket()
{
    dropSocket();
}

void TerminalSocket::open()
{
    if (m_ended)
        return;
    const Result<QString> key = ConnectionProfile::parseApiKey(m_profile.apiKey);
    if (!key) {
        end(key.error());
        return;
    }
    if (m_url.isEmpty()) {
        end(m_profile.baseUrl.isEmpty()
                ? makeError(Error::Kind::MissingBaseUrl, u"the base URL was cleared"_s)
                : makeError(Error::Kind::InvalidInput, u"this is no id of a terminal"_s));
        return;
    }
    dropSocket();
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingFrameSize(maxMessage);
    m_socket->setMaxAllowedIncomingMessageSize(maxMessage);
    m_socket->setReadBufferSize(readBuffer);
    m_socket->setProxy(proxiesFor(QNetworkProxyQuery(m_url)).constFirst());
    connectSignals();
    QUrl url = m_url;
    if (m_keyInQuery) {
        // For servers that refuse the header; this address is never logged or shown.
        url.setQuery("apiKey="_L1 + QString::fromLatin1(strictlyEncoded(*key)));
    }
    QNetworkRequest request(url);
    if (!m_keyInQuery)
        request.setRawHeader("X-API-Key", key->toLatin1());
    m_connectLimit.start(m_options.connectTimeout);
    m_socket->open(request);
}

void TerminalSocket::connectSignals()
{
    m_closeFrame = false;
    connect(m_socket, &QWebSocket::connected, this, &TerminalSocket::onConnected);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, &TerminalSocket::onMessage);
    connect(m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString &text) { onMessage(text.toUtf8()); });
    connect(m_socket, &QWebSocket::pong, this, [this] { m_lastHeard.start(); });
    connect(m_socket, &QWebSocket::bytesWritten, this, &TerminalSocket::sendPending);
    // A close frame makes the socket close itself; a cut does not.
    connect(m_socket, &QWebSocket::aboutToClose, this, [this] { m_closeFrame = true; });
    connect(m_socket, &QWebSocket::disconnected, this, &TerminalSocket::onClosed);
    connect(m_socket, &QWebSocket::errorOccurred, this, [this] {
        if (!m_live)  // once live, `disconnected` follows
            onClosed();
    });
}

void TerminalSocket::onConnected()
{
    m_connectLimit.stop();
    m_live = true;
    m_lastHeard.start();
    m_liveSince.start();
    m_ping.start(m_options.pingInterval);
    if (m_wasLive)
        m_filter.reattached();
    m_wasLive = true;
    if (m_filter.hasPending())  // a server without replays may have nothing more to say
        m_settle.start(replayStallFactor * m_options.replayQuiet);
    Q_EMIT stateChanged(State::Live);
    keepBufferSmall();
    sendPending();
}

void TerminalSocket::onMessage(const QByteArray &bytes)
{
    m_lastHeard.start();
    m_lastMessage.start();
    QByteArray output = m_filter.feed(bytes);
    // Output that never pauses must not wait for a pause.
    if (m_filter.isCollecting() && m_liveSince.hasExpired(replayPatience) &&
        !m_filter.isWithinHistory())
        output = m_filter.settle();
    if (m_filter.isCollecting())
        m_settle.start(m_options.replayQuiet);
    else
        m_settle.stop();
    deliver(output);
    keepBufferSmall();
}

// QWebSocket gives a frame only when its buffer holds all of it, so a frame over 64 KiB would never
// come. While nothing comes the buffer may be large; under a flood it is small.
void TerminalSocket::keepBufferSmall()
{
    if (!m_socket || !m_live)
        return;
    m_socket->setReadBufferSize(readBuffer);
    m_grow.start();
}

void TerminalSocket::onSettleTime()
{
    // A replay over a slow line may pause in the middle.
    const bool stalled =
        !m_lastMessage.isValid() ||
        m_lastMessage.hasExpired(replayStallFactor * m_options.replayQuiet.count());
    if (m_filter.isWithinHistory() && !stalled) {
        m_settle.start(m_options.replayQuiet);
        return;
    }
    deliver(m_filter.settle());
}

void TerminalSocket::deliver(const QByteArray &bytes)
{
    for (qsizetype at = 0; at < bytes.size(); at += pieceSize) {
        bool orInput = true;
        for (;;) {
            const auto wake = m_queue->waitForRoom(orInput);
            if (wake == TerminalQueue::Wake::Closed)
                return;
            if (wake == TerminalQueue::Wake::Room)
                break;
            // Typed while output waits for its reader: it must not wait with it.
            const qint64 before = m_socket ? m_socket->bytesToWrite() : 0;
            sendPending();
            if (m_socket)
                m_socket->flush();
            orInput = m_live && m_socket && m_socket->bytesToWrite() <= before;
        }
        if (m_queue->append(bytes.sliced(at, std::min(pieceSize, bytes.size() - at))))
            Q_EMIT outputWaiting();
    }
    m_lastHeard.start();  // while we waited for the reader nobody listened
}

void TerminalSocket::sendPending()
{
    while (m_live && m_socket && m_socket->bytesToWrite() < writeBuffer) {
        const QByteArray input = m_queue->takeInput(writeBuffer);
        if (input.isEmpty())
            return;
        m_socket->sendBinaryMessage(input);
    }
}

void TerminalSocket::close()
{
    if (m_ended)
        return;
    sendPending();
    m_ended = true;
    for (QTimer *timer : {&m_connectLimit, &m_ping, &m_retry, &m_settle, &m_grow})
        timer->stop();
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->flush();
    m_socket->close();
}

void TerminalSocket::onPingTime()
{
    if (!m_live || !m_socket)
        return;
    if (m_lastHeard.hasExpired(m_options.deadAfter.count()))
        lose(makeError(Error::Kind::ConnectionLost, u"the server has fallen silent"_s));
    else
        m_socket->ping();
}

void TerminalSocket::onClosed()
{
    if (!m_socket || m_ended)
        return;
    if (!m_live) {
        const Error error = upgradeError();
        if (error.httpStatus == 401 && !m_keyInQuery) {
            m_keyInQuery = true;
            m_retry.start(0);
            dropSocket();
            return;
        }
        lose(error);
        return;
    }
    const auto code = m_socket->closeCode();
    const QString reason = m_socket->closeReason();
    if (!m_closeFrame) {
        lose(makeError(Error::Kind::ConnectionLost, u"the connection was cut"_s));
        return;
    }
    switch (code) {
        case QWebSocketProtocol::CloseCodeNormal: {
            Error over = makeError(Error::Kind::Cancelled, u"the terminal has ended"_s);
            over.code = reason;
            end(over);
            return;
        }
        case QWebSocketProtocol::CloseCodeTooMuchData:
            end(makeError(Error::Kind::TooLarge, u"a message of the server is over 16 MiB"_s));
            return;
        case QWebSocketProtocol::CloseCodeProtocolError:
        case QWebSocketProtocol::CloseCodeDatatypeNotSupported:
        case QWebSocketProtocol::CloseCodeWrongDatatype:
            end(makeError(Error::Kind::NotVoidRun, reason));
            return;
        default:
            lose(makeError(Error::Kind::ConnectionLost,
                           u"closed by the server: %1 %2"_s.arg(QString::number(code), reason)));
    }
}

Error TerminalSocket::upgradeError() const
{
    using Kind = Error::Kind;
    const QString text = m_socket->errorString();
    const auto socketError = m_socket->error();
    if (socketError == QAbstractSocket::SslHandshakeFailedError ||
        socketError == QAbstractSocket::SslInvalidUserDataError ||
        socketError == QAbstractSocket::SslInternalError)
        return makeError(Kind::Tls, text);
    // The status of a refused upgrade is only in the text: "… 404 (Not Found)", and for 401 the
    // name of the header that ours has not.
    static const QRegularExpression number(u"\\b([1-5][0-9]{2}) \\("_s);
    const auto match = number.match(text);
    Error error = makeError(Kind::Unreachable, text);
    if (match.hasMatch())
        error.httpStatus = match.captured(1).toInt();
    else if (text.contains("WWW-Authenticate"_L1))
        error.httpStatus = 401;
    if (error.httpStatus >= 300 && error.httpStatus < 400)
        error.kind = Kind::Redirected;
    else if (error.httpStatus != 0)
        error.kind = codec::kindOfStatus(error.httpStatus);
    return error;
}

void TerminalSocket::lose(const Error &error)
{
    using Kind = Error::Kind;
    const bool passes = error.kind == Kind::Unreachable || error.kind == Kind::ConnectionLost ||
                        error.kind == Kind::Timeout || error.kind == Kind::Overloaded ||
                        error.kind == Kind::Unavailable || error.kind == Kind::Server;
    if (!m_persistent || !passes) {
        end(error);
        return;
    }
    if (m_live && m_liveSince.hasExpired(stableAfter))
        m_tries = 0;
    dropSocket();
    m_retry.start(jitteredPause(m_tries++, m_options.retryMin, m_options.retryMax));
    Q_EMIT stateChanged(State::Reconnecting);
}

void TerminalSocket::end(const Error &error)
{
    if (m_ended)
        return;
    dropSocket();
    deliver(m_filter.finish());
    m_ended = true;
    m_retry.stop();
    Error named = error;
    named.subject = m_url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
    Q_EMIT ended(named);
}

void TerminalSocket::dropSocket()
{
    m_live = false;
    m_connectLimit.stop();
    m_ping.stop();
    m_settle.stop();
    m_grow.stop();
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
}

}  // namespace voidrun
