// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <QIODevice>

#include "errorcodec.h"
#include "networkerror.h"
#include "retrypolicy.h"
#include "transport.h"
#include "uploadbody.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace
{

constexpr int maxRedirects = 5;
constexpr qint64 downloadBuffer = 1024LL * 1024;  // bytes that wait in the network layer
constexpr qint64 pieceSize = 256LL * 1024;
constexpr int progressInterval = 100;  // ms

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    const auto port = [](const QUrl &url) {
        return url.port(url.scheme() == "https"_L1 ? 443 : 80);
    };
    return a.scheme() == b.scheme() && a.host() == b.host() && port(a) == port(b) &&
           b.userInfo().isEmpty();
}

}  // namespace

Exchange::Exchange(Transport &transport, const Request &request)
    : QObject(&transport), m_transport(transport), m_request(request)
{
    for (QTimer *timer : {&m_limit, &m_overall, &m_pause})
        timer->setSingleShot(true);
    m_pause.setTimerType(Qt::PreciseTimer);  // never before the server allows it
    connect(&m_limit, &QTimer::timeout, this, [this] {
        failOrRepeat(makeError(Error::Kind::Timeout,
                               m_connecting ? u"the server did not accept a connection in time"_s
                                            : u"the server was silent for too long"_s,
                               address()));
    });
    connect(&m_overall, &QTimer::timeout, this, [this] {
        failOrRepeat(
            makeError(Error::Kind::Timeout, u"the call took longer than its limit"_s, address()));
    });
    connect(&m_pause, &QTimer::timeout, this, [this] { attempt(m_transport.urlFor(m_request)); });
}

Exchange::~Exchange()
{
    dropReply();
}

void Exchange::start()
{
    const Result<QByteArray> key = m_transport.checkedKey();
    if (key)
        m_key = *key;
    // A call that needs no key still goes nowhere without an address, and never with a bad key.
    else if (m_request.needsKey || key.error().kind != Error::Kind::MissingKey) {
        QMetaObject::invokeMethod(
            this, [this, error = key.error()] { complete(std::unexpected(error)); },
            Qt::QueuedConnection);
        return;
    }
    m_pause.start(0);
}

void Exchange::abort()
{
    complete(std::unexpected(makeError(Error::Kind::Cancelled, u"cancelled"_s, m_request.subject)));
}

QString Exchange::address() const
{
    return m_url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

void Exchange::attempt(const QUrl &url)
{
    dropReply();
    m_url = url;
    m_response = Response();
    m_response.address = address();
    m_announced = -1;
    m_uploaded = 0;
    m_headSeen = false;
    m_connecting = false;
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("Accept", "application/json, */*;q=0.5");
    if (!m_key.isEmpty())
        request.setRawHeader("X-API-Key", m_key);
    if (m_request.overallTimeout.count() > 0)
        m_overall.start(m_request.overallTimeout);
    sendTo(request);
}

void Exchange::sendTo(QNetworkRequest request)
{
    QNetworkAccessManager &network = m_transport.network();
    if (m_request.method == Request::Method::Get) {
        watch(network.get(request));
        return;
    }
    if (m_request.method == Request::Method::Delete) {
        watch(network.deleteResource(request));
        return;
    }
    auto *body = m_request.source ? new UploadBody(m_request.source, this)
                                  : new UploadBody(m_request.body, this);
    connect(body, &UploadBody::failed, this, [this](const QString &why) {
        complete(std::unexpected(makeError(Error::Kind::LocalFile, why, m_request.subject)));
    });
    request.setHeader(QNetworkRequest::ContentTypeHeader,
                      m_request.source ? u"application/octet-stream"_s : u"application/json"_s);
    m_bodySize = body->announcedSize();
    request.setHeader(QNetworkRequest::ContentLengthHeader, m_bodySize);
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    watch(network.sendCustomRequest(request, m_request.verb(), body));
    if (m_reply)
        body->setParent(m_reply);
}

void Exchange::watch(QNetworkReply *reply)
{
    m_reply = reply;
    if (m_request.sink)
        reply->setReadBufferSize(downloadBuffer);
    connect(reply, &QNetworkReply::socketStartedConnecting, this, [this] {
        m_connecting = true;
        m_limit.start(m_transport.options().connectTimeout);
    });
    connect(reply, &QNetworkReply::requestSent, this, &Exchange::touch);
    connect(reply, &QNetworkReply::metaDataChanged, this, &Exchange::onHead);
    connect(reply, &QNetworkReply::readyRead, this, &Exchange::onReadyRead);
    connect(reply, &QNetworkReply::finished, this, &Exchange::onReplyFinished);
    connect(reply, &QNetworkReply::uploadProgress, this, [this](qint64 sent, qint64 total) {
        if (sent <= m_uploaded)
            return;
        m_uploaded = sent;
        touch();
        if (m_request.source)
            reportProgress(sent, total);
    });
}

void Exchange::dropReply()
{
    m_limit.stop();
    m_overall.stop();
    if (!m_reply)
        return;
    QNetworkReply *reply = m_reply;
    m_reply = nullptr;
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

void Exchange::touch()
{
    m_connecting = false;
    const bool sending = m_request.source && m_uploaded < m_bodySize;
    const bool waiting = !m_headSeen && !sending && m_request.answerTimeout.count() > 0;
    m_limit.start(waiting ? m_request.answerTimeout : m_transport.options().idleTimeout);
}

void Exchange::onHead()
{
    if (!m_reply)
        return;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || m_headSeen)
        return;
    m_headSeen = true;
    touch();
    m_response.status = status;
    m_response.contentType = m_reply->header(QNetworkRequest::ContentTypeHeader)
                                 .toString()
                                 .section(u';', 0, 0)
                                 .trimmed()
                                 .toLower()
                                 .toLatin1();
    qint64 headerBytes = 0;
    for (const auto &[name, value] : m_reply->rawHeaderPairs())
        headerBytes += name.size() + value.size() + 4;
    if (headerBytes > m_transport.options().maxHeaderBytes) {
        complete(std::unexpected(makeError(
            Error::Kind::TooLarge, u"the headers of the answer are over 64 KiB"_s, address())));
        return;
    }
    bool isNumber = false;
    const qint64 length =
        m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong(&isNumber);
    m_announced = isNumber && length >= 0 ? length : -1;
    const QByteArray encoding = m_reply->rawHeader("Content-Encoding").trimmed().toLower();
    if (!encoding.isEmpty() && encoding != "identity")
        complete(std::unexpected(codec::notVoidRun(
            m_response, u"the answer is compressed (%1), which was not asked for"_s.arg(
                            QString::fromLatin1(encoding)))));
}

void Exchange::onReadyRead()
{
    const QPointer<Exchange> self(this);
    onHead();
    if (!self || !m_reply || m_result)
        return;
    touch();
    const bool toSink = m_request.sink && isSuccess();
    const TransportOptions &options = m_transport.options();
    const qint64 cap = isSuccess() ? options.maxJsonBytes : options.maxErrorBytes;
    while (m_reply && m_reply->bytesAvailable() > 0) {
        const QByteArray piece = m_reply->read(pieceSize);
        if (piece.isEmpty())
            break;
        m_response.bytes += piece.size();
        if (toSink) {
            if (m_request.sink->write(piece) != piece.size()) {
                complete(std::unexpected(makeError(
                    Error::Kind::LocalFile, m_request.sink->errorString(), m_request.subject)));
                return;
            }
            continue;
        }
        if (m_response.bytes > cap) {
            if (!isSuccess())
                break;  // enough of an error's text; the rest is not read
            complete(std::unexpected(makeError(
                Error::Kind::TooLarge,
                u"the answer is over %1 MiB"_s.arg(options.maxJsonBytes / 1048576), address())));
            return;
        }
        m_response.body += piece;
    }
    if (toSink)
        reportProgress(m_response.bytes, m_announced);
    else if (!isSuccess() && m_response.bytes > cap)
        finishWithStatus();
}

void Exchange::onReplyFinished()
{
    const QPointer<Exchange> self(this);
    onReadyRead();
    if (!self || m_result || !m_reply)
        return;
    const QNetworkReply::NetworkError code = m_reply->error();
    // A redirect of a body that cannot be sent again is still a redirect.
    const bool refusedResend =
        code == QNetworkReply::ContentReSendError && isRedirect(m_response.status);
    if (isTransportError(code) && !refusedResend) {
        if (code == QNetworkReply::HostNotFoundError && m_transport.unpin(m_request.sandboxId)) {
            attempt(m_transport.urlFor(m_request));  // nothing was sent
            return;
        }
        failOrRepeat(transportError(*m_reply, m_headSeen, address()));
        return;
    }
    if (!m_headSeen) {
        failOrRepeat(makeError(Error::Kind::ConnectionLost, m_reply->errorString(), address()));
        return;
    }
    if (m_announced >= 0 && m_response.bytes != m_announced && isSuccess()) {
        failOrRepeat(makeError(Error::Kind::ConnectionLost,
                               u"%1 of %2 bytes came"_s.arg(m_response.bytes).arg(m_announced),
                               address()));
        return;
    }
    m_response.lengthKnown = m_announced >= 0;
    finishWithStatus();
}

void Exchange::finishWithStatus()
{
    if (isRedirect(m_response.status)) {
        const QByteArray location = m_reply->rawHeader("Location");
        followRedirect(m_url.resolved(QUrl::fromEncoded(location)));
        return;
    }
    if (!isSuccess()) {
        const QByteArray retryAfter = m_reply->rawHeader("Retry-After");
        failOrRepeat(codec::errorOf(m_response, m_request.subject), parseRetryAfter(retryAfter));
        return;
    }
    if (m_request.expect != Request::Expect::Bytes &&
        codec::isHtml(m_response.contentType, m_response.body)) {
        complete(std::unexpected(
            codec::notVoidRun(m_response, u"the server answered with a web page"_s)));
        return;
    }
    reportProgress(m_request.source ? m_uploaded : m_response.bytes,
                   m_request.source ? m_uploaded : m_response.bytes);
    complete(m_response);
}

void Exchange::followRedirect(const QUrl &target)
{
    const QString shown =
        target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    if (m_request.method != Request::Method::Get || !isSameOrigin(m_url, target) ||
        ++m_redirects > maxRedirects) {
        Error error = makeError(Error::Kind::Redirected, shown, address());
        error.httpStatus = m_response.status;
        complete(std::unexpected(error));
        return;
    }
    attempt(target);
}

void Exchange::failOrRepeat(const Error &error, milliseconds retryAfter)
{
    const bool untouched = !m_request.sink || m_response.bytes == 0 || !isSuccess();
    const auto pause = m_request.repeatable && untouched
                           ? retryPause(error, m_repeats, retryAfter, m_transport.options())
                           : std::nullopt;
    if (!pause) {
        complete(std::unexpected(error));
        return;
    }
    dropReply();
    ++m_repeats;
    m_redirects = 0;
    m_pause.start(*pause);
}

void Exchange::reportProgress(qint64 done, qint64 total)
{
    const bool atEnd = total >= 0 && done >= total;
    if (!atEnd && m_lastProgress.isValid() && !m_lastProgress.hasExpired(progressInterval))
        return;
    m_lastProgress.start();
    Q_EMIT progress(done, total);
}

void Exchange::complete(Result<Response> result)
{
    if (m_result)
        return;
    m_result = std::move(result);
    m_pause.stop();
    dropReply();
    // A slot may delete the client, and this with it.
    const QPointer<Exchange> self(this);
    Q_EMIT finished();
    if (self)
        deleteLater();
}

}  // namespace voidrun
