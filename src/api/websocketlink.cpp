// SPDX-License-Identifier: MIT
#include "websocketlink.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPointer>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

#include "errorcodec.h"
#include "proxy.h"
#include "request.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace
{

constexpr quint64 maxMessage = 16ULL * 1024 * 1024;  // bytes of one frame or message
constexpr qint64 smallBuffer = 64LL * 1024;          // what waits here is what Ctrl+C waits for
constexpr qint64 largeBuffer = static_cast<qint64>(maxMessage) + smallBuffer;
constexpr int growAfter = 20;  // ms; see keepBufferSmall()

}  // namespace

WebSocketLink::WebSocketLink(const ConnectionProfile &profile, const StreamOptions &options,
                             QObject *parent)
    : QObject(parent),
      m_profile(profile),
      m_options(options),
      m_connectLimit(this),
      m_ping(this),
      m_grow(this)
{
    m_connectLimit.setSingleShot(true);
    m_ping.setTimerType(Qt::PreciseTimer);
    m_grow.setSingleShot(true);
    m_grow.setInterval(growAfter);
    connect(&m_connectLimit, &QTimer::timeout, this,
            [this] { fail(makeError(Kind::Timeout, u"the stream did not open in time"_s)); });
    connect(&m_ping, &QTimer::timeout, this, &WebSocketLink::onPingTime);
    connect(&m_grow, &QTimer::timeout, this, [this] {
        if (m_socket)
            m_socket->setReadBufferSize(largeBuffer);
    });
}

WebSocketLink::~WebSocketLink()
{
    drop();
}

void WebSocketLink::open(const QUrl &url)
{
    drop();
    m_url = m_unpinned ? onFleetHost(url) : url;
    const Result<QString> key = ConnectionProfile::parseApiKey(m_profile.apiKey);
    if (!key || m_url.isEmpty()) {
        const Error error = !key ? key.error()
                            : m_profile.baseUrl.isEmpty()
                                ? makeError(Kind::MissingBaseUrl, u"the base URL was cleared"_s)
                                : makeError(Kind::InvalidInput, u"this is no id of the server"_s);
        QMetaObject::invokeMethod(this, [this, error] { fail(error); }, Qt::QueuedConnection);
        return;
    }
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingFrameSize(maxMessage);
    m_socket->setMaxAllowedIncomingMessageSize(maxMessage);
    m_socket->setReadBufferSize(smallBuffer);
    m_socket->setProxy(proxyForSocket(m_url));
    connectSignals();
    QUrl target = m_url;
    if (m_keyInQuery) {
        // For servers that refuse the header; this address is never logged or shown.
        target.setQuery("apiKey="_L1 + QString::fromLatin1(strictlyEncoded(*key)));
    }
    QNetworkRequest request(target);
    if (!m_keyInQuery)
        request.setRawHeader("X-API-Key", key->toLatin1());
    m_connectLimit.start(m_options.connectTimeout);
    // The request is on its way: now the server has the time that it needs.
    connect(
        m_socket, &QWebSocket::bytesWritten, this,
        [this] {
            if (!m_live)
                m_connectLimit.start(m_options.openTimeout);
        },
        Qt::SingleShotConnection);
    m_socket->open(request);
}

void WebSocketLink::connectSignals()
{
    m_closeFrame = false;
    connect(m_socket, &QWebSocket::connected, this, &WebSocketLink::onConnected);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, &WebSocketLink::onMessage);
    connect(m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString &text) { onMessage(text.toUtf8()); });
    connect(m_socket, &QWebSocket::pong, this, &WebSocketLink::heard);
    connect(m_socket, &QWebSocket::bytesWritten, this, &WebSocketLink::bytesWritten);
    // A close frame makes the socket close itself; a cut does not, except where a write meets it,
    // and then there is an error already.
    connect(m_socket, &QWebSocket::aboutToClose, this,
            [this] { m_closeFrame = m_socket->error() == QAbstractSocket::UnknownSocketError; });
    connect(m_socket, &QWebSocket::disconnected, this, &WebSocketLink::onClosed);
    connect(m_socket, &QWebSocket::errorOccurred, this, [this] {
        if (!m_live)  // once live, `disconnected` follows
            onClosed();
    });
}

void WebSocketLink::onConnected()
{
    m_connectLimit.stop();
    m_live = true;
    m_lastHeard.start();
    m_liveSince.start();
    m_ping.start(m_options.pingInterval);
    keepBufferSmall();
    Q_EMIT opened();
}

void WebSocketLink::onMessage(const QByteArray &bytes)
{
    m_lastHeard.start();
    const QPointer<WebSocketLink> self(this);
    Q_EMIT received(bytes);
    if (self)
        keepBufferSmall();
}

// QWebSocket gives a frame only when its buffer holds all of it, so a frame over 64 KiB would never
// come. While nothing comes the buffer may be large; under a flood it is small.
void WebSocketLink::keepBufferSmall()
{
    if (!m_socket || !m_live)
        return;
    m_socket->setReadBufferSize(smallBuffer);
    m_grow.start();
}

void WebSocketLink::onPingTime()
{
    if (!m_live || !m_socket)
        return;
    const auto left = m_options.deadAfter - std::chrono::milliseconds(m_lastHeard.elapsed());
    if (left.count() <= 0) {
        fail(makeError(Kind::ConnectionLost, u"the server has fallen silent"_s));
        return;
    }
    m_socket->ping();
    m_ping.start(std::min(m_options.pingInterval, left));
}

void WebSocketLink::onClosed()
{
    if (!m_socket)
        return;
    if (m_live) {
        fail(closeError());
        return;
    }
    const Error error = upgradeError();
    if (retryElsewhere(error))
        open(m_url);
    else if (error.kind == Kind::Redirected)
        askWhere(error);
    else
        fail(error);
}

// QWebSocket does not say where a server points. So the address is asked for as a page, once, and
// without the key.
void WebSocketLink::askWhere(const Error &error)
{
    drop();
    QUrl page = m_url.adjusted(QUrl::RemoveQuery);
    page.setScheme(m_url.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    QNetworkRequest request(page);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setTransferTimeout(m_options.connectTimeout);
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setProxy(proxyForSocket(m_url));
    QNetworkReply *reply = m_network->get(request);
    reply->setReadBufferSize(smallBuffer);
    const auto tell = [this, reply, page, error] {
        reply->disconnect(this);
        const QUrl target = page.resolved(QUrl::fromEncoded(reply->rawHeader("Location")));
        Error named = error;
        named.detail =
            target == page
                ? u"the server does not say where it points"_s
                : target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
        fail(named);
    };
    connect(reply, &QNetworkReply::metaDataChanged, this, tell);
    connect(reply, &QNetworkReply::finished, this, tell);
}

// Contract section 1: each of the other ways is tried once, and kept from then on.
bool WebSocketLink::retryElsewhere(const Error &error)
{
    if (error.httpStatus == 401)
        return !std::exchange(m_keyInQuery, true);
    if (m_socket->error() == QAbstractSocket::HostNotFoundError &&
        m_url.host() != m_profile.baseUrl.host())
        return !std::exchange(m_unpinned, true);
    return false;
}

QUrl WebSocketLink::onFleetHost(QUrl url) const
{
    const QUrl &base = m_profile.baseUrl;
    url.setScheme(base.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    url.setHost(base.host());
    url.setPort(base.port());
    return url;
}

Error WebSocketLink::upgradeError() const
{
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

Error WebSocketLink::closeError() const
{
    const auto code = m_socket->closeCode();
    const QString reason = m_socket->closeReason();
    if (!m_closeFrame)
        return makeError(Kind::ConnectionLost, u"the connection was cut"_s);
    switch (code) {
        case QWebSocketProtocol::CloseCodeNormal: {
            Error over = makeError(Kind::Cancelled, u"closed by the server"_s);
            over.code = reason;
            return over;
        }
        case QWebSocketProtocol::CloseCodeTooMuchData:
            return makeError(Kind::TooLarge, u"a message of the server is over 16 MiB"_s);
        case QWebSocketProtocol::CloseCodeProtocolError:
        case QWebSocketProtocol::CloseCodeDatatypeNotSupported:
        case QWebSocketProtocol::CloseCodeWrongDatatype:
            return makeError(Kind::NotVoidRun, reason);
        default:
            return makeError(Kind::ConnectionLost,
                             u"closed by the server: %1 %2"_s.arg(QString::number(code), reason));
    }
}

void WebSocketLink::fail(const Error &error)
{
    m_heldFor = m_live ? m_liveSince.elapsed() : 0;
    drop();
    Error named = error;
    named.subject = m_url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
    Q_EMIT ended(named);
}

void WebSocketLink::send(const QByteArray &bytes)
{
    if (m_live && m_socket)
        m_socket->sendBinaryMessage(bytes);
}

void WebSocketLink::flush()
{
    if (m_socket)
        m_socket->flush();
}

void WebSocketLink::drop()
{
    m_live = false;
    for (QTimer *timer : {&m_connectLimit, &m_ping, &m_grow})
        timer->stop();
    if (m_network)  // we may be inside a signal of its
        m_network.release()->deleteLater();
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket->setParent(nullptr);  // it may be inside a signal of its own
    m_socket->deleteLater();
    m_socket = nullptr;
}

void WebSocketLink::discard()
{
    m_network.reset();
    const QWebSocket *socket = m_socket;
    drop();
    delete socket;
}

void WebSocketLink::close()
{
    m_live = false;
    for (QTimer *timer : {&m_connectLimit, &m_ping, &m_grow})
        timer->stop();
    if (m_network)
        m_network.release()->deleteLater();
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->flush();
    m_socket->close();
}

}  // namespace voidrun
