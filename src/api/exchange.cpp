// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <QIODevice>

#include <algorithm>

#include "errorcodec.h"
#include "httprequest.h"
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
constexpr int progressInterval = 100;    // ms
constexpr qsizetype shortestSecret = 8;  // shorter "keys" are also words

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
    m_answer.emplace(m_request, m_transport.options(), address());
    m_uploaded = 0;
    m_connecting = false;
    if (m_request.overallTimeout.count() > 0)
        m_overall.start(m_request.overallTimeout);
    UploadBody *body = makeBody();
    m_bodySize = body ? body->announcedSize() : 0;
    watch(sendHttp(m_transport.network(m_request.lane()), m_request, url, m_key, body));
}

UploadBody *Exchange::makeBody()
{
    if (m_request.method == Request::Method::Get || m_request.method == Request::Method::Delete)
        return nullptr;
    auto *body = m_request.source ? new UploadBody(m_request.source, this)
                                  : new UploadBody(m_request.body, this);
    connect(body, &UploadBody::failed, this, [this](const QString &why) {
        complete(std::unexpected(makeError(Error::Kind::LocalFile, why, m_request.subject)));
    });
    return body;
}

void Exchange::watch(QNetworkReply *reply)
{
    m_reply = reply;
    reply->setReadBufferSize(AnswerReader::bufferFor(m_request));
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

milliseconds Exchange::silenceLimit() const
{
    const TransportOptions &options = m_transport.options();
    if (m_answer->headSeen())
        return m_request.expect == Request::Expect::Events ? options.streamIdleTimeout
                                                           : options.idleTimeout;
    const bool sending = m_request.source && m_uploaded < m_bodySize;
    if (sending || m_request.answerTimeout.count() == 0)
        return options.idleTimeout;
    return std::min(m_request.answerTimeout, options.maxAnswerTimeout);
}

void Exchange::touch()
{
    m_connecting = false;
    m_limit.start(silenceLimit());
}

void Exchange::onHead()
{
    if (!m_reply || m_answer->headSeen())
        return;
    const auto error = m_answer->readHead(*m_reply);
    if (!m_answer->headSeen())
        return;
    touch();
    if (error)
        complete(std::unexpected(*error));
    else
        m_transport.noteReachable(true);
}

void Exchange::onReadyRead()
{
    const QPointer<Exchange> self(this);
    onHead();
    if (!self || !m_reply || m_result)
        return;
    touch();
    if (const auto error = m_answer->readBody(*m_reply)) {
        complete(std::unexpected(*error));
        return;
    }
    if (m_answer->hasEnough())
        finishWithStatus();
    else if (m_request.sink && m_answer->isSuccess())
        reportProgress(m_answer->response().bytes, m_answer->announced());
    else if (m_request.expect == Request::Expect::Events && m_answer->isSuccess())
        Q_EMIT received(m_answer->takeEvents());
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
        code == QNetworkReply::ContentReSendError && isRedirect(m_answer->response().status);
    if (isTransportError(code) && !refusedResend) {
        if (code == QNetworkReply::HostNotFoundError && m_transport.unpin(m_request.sandboxId)) {
            attempt(m_transport.urlFor(m_request));  // nothing was sent
            return;
        }
        failOrRepeat(transportError(*m_reply, m_answer->headSeen(), address()));
        return;
    }
    if (!m_answer->headSeen()) {
        failOrRepeat(makeError(Error::Kind::ConnectionLost, m_reply->errorString(), address()));
        return;
    }
    if (const auto error = m_answer->checkLength())
        failOrRepeat(*error);
    else
        finishWithStatus();
}

void Exchange::finishWithStatus()
{
    const Response &response = m_answer->response();
    if (isRedirect(response.status)) {
        const QByteArray location = m_reply->rawHeader("Location");
        followRedirect(m_url.resolved(QUrl::fromEncoded(location)));
        return;
    }
    if (!m_answer->isSuccess()) {
        const QByteArray retryAfter = m_reply->rawHeader("Retry-After");
        failOrRepeat(codec::errorOf(response, m_request.subject), parseRetryAfter(retryAfter));
        return;
    }
    const bool isDocument = m_request.expect == Request::Expect::Json ||
                            m_request.expect == Request::Expect::JsonOrText;
    if (isDocument && codec::isHtml(response.contentType, response.body)) {
        complete(
            std::unexpected(codec::notVoidRun(response, u"the server answered with a web page"_s)));
        return;
    }
    if (m_request.source && m_uploaded < m_bodySize) {
        failOrRepeat(makeError(Error::Kind::ConnectionLost,
                               u"the server answered before it had everything"_s, address()));
        return;
    }
    const qint64 moved = m_request.source ? m_uploaded : response.bytes;
    reportProgress(moved, moved);
    complete(response);
}

void Exchange::followRedirect(const QUrl &target)
{
    const QString shown =
        target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    if (m_request.method != Request::Method::Get || !isSameOrigin(m_url, target) ||
        ++m_redirects > maxRedirects) {
        Error error = makeError(Error::Kind::Redirected, shown, address());
        error.httpStatus = m_answer->response().status;
        complete(std::unexpected(error));
        return;
    }
    attempt(target);
}

void Exchange::failOrRepeat(const Error &error, milliseconds retryAfter)
{
    if (error.kind == Error::Kind::Unreachable ||
        (error.kind == Error::Kind::Timeout && m_connecting))
        m_transport.noteReachable(false);
    const bool untouched =
        !m_request.sink || m_answer->response().bytes == 0 || !m_answer->isSuccess();
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
    if (!*m_result && m_key.size() >= shortestSecret) {  // a server may say what it was sent
        Error &error = m_result->error();
        for (QString *text : {&error.code, &error.detail, &error.subject})
            text->replace(QString::fromLatin1(m_key), u"…"_s);
    }
    m_pause.stop();
    dropReply();
    // A slot may delete the client, and this with it.
    const QPointer<Exchange> self(this);
    Q_EMIT finished();
    if (self)
        deleteLater();
}

}  // namespace voidrun
