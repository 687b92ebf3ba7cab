// SPDX-License-Identifier: MIT
#include "loopbackreply.h"

#include <QHttp1Configuration>

#include <algorithm>
#include <limits>
#include <utility>

namespace voidrun
{

using namespace Qt::StringLiterals;

LoopbackReply::LoopbackReply(LoopbackPool &pool, const LoopbackServer &server, const Call &call,
                             QObject *parent)
    : QNetworkReply(parent),
      m_pool(&pool),
      m_server(server),
      m_mayRepeat(call.operation == QNetworkAccessManager::GetOperation ||
                  call.operation == QNetworkAccessManager::DeleteOperation),
      m_most(static_cast<int>(call.request.http1Configuration().numberOfConnectionsPerHost())),
      m_sender(call.head, call.body, call.bodySize),
      m_answer(call.headLimit)
{
    setOperation(call.operation);
    setRequest(call.request);
    setUrl(call.request.url());
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    QMetaObject::invokeMethod(
        this, [this, isSendable = !call.head.isEmpty()] { start(isSendable); },
        Qt::QueuedConnection);
}

LoopbackReply::~LoopbackReply()
{
    release(false);
}

void LoopbackReply::start(bool isSendable)
{
    if (isFinished())
        return;
    if (isSendable)
        ask(LoopbackPool::Kind::Any);
    else
        fail(ProtocolInvalidOperationError, u"a line of the request would be two"_s);
}

void LoopbackReply::ask(LoopbackPool::Kind kind)
{
    if (!m_pool)
        return fail(UnknownNetworkError, u"the connections were closed"_s);
    m_isWaiting = true;
    m_pool->ask(this, m_server, m_most, kind,
                [this](std::unique_ptr<LoopbackSocket> socket) { take(std::move(socket)); });
}

void LoopbackReply::take(std::unique_ptr<LoopbackSocket> socket)
{
    m_isWaiting = false;
    m_socket = std::move(socket);
    m_isReused = m_socket->isConnected();
    connect(m_socket.get(), &LoopbackSocket::readable, this, &LoopbackReply::onReadable);
    connect(m_socket.get(), &LoopbackSocket::writable, this, &LoopbackReply::send);
    if (m_isReused) {
        send();
        return;
    }
    connect(m_socket.get(), &LoopbackSocket::connected, this, &LoopbackReply::send);
    connect(m_socket.get(), &LoopbackSocket::failedToConnect, this,
            &LoopbackReply::onFailedToConnect);
    m_socket->connectToServer();
    Q_EMIT socketStartedConnecting();
}

// The connection goes back, or waiting for one ends.
void LoopbackReply::release(bool reusable)
{
    if (!m_pool) {
        m_socket.reset();
    } else if (std::exchange(m_isWaiting, false)) {
        m_pool->forget(this, m_server);
    } else if (m_socket) {
        m_socket->disconnect(this);
        auto socket = std::move(m_socket);
        if (!reusable)
            socket.reset();
        m_pool->giveBack(m_server, std::move(socket));
    }
}

void LoopbackReply::onFailedToConnect()
{
    fail(m_socket->wasRefused() ? ConnectionRefusedError : UnknownNetworkError,
         m_socket->errorString());
}

void LoopbackReply::send()
{
    // Where the connection is broken, what the server said before is still there to be read; a body
    // that has no more bytes says itself why.
    const RequestSender::State state = m_sender.send(*m_socket);
    m_socket->setWriting(state == RequestSender::State::Full ||
                         state == RequestSender::State::More);
    const QPointer<LoopbackReply> self(this);
    if (m_sender.hasBody())
        Q_EMIT uploadProgress(m_sender.bodySent(), m_sender.bodySize());
    if (self && state == RequestSender::State::Done)
        Q_EMIT requestSent();
}

qint64 LoopbackReply::bytesAvailable() const
{
    return QNetworkReply::bytesAvailable() + m_body.size();
}

// Bytes that may still be read from the connection.
qint64 LoopbackReply::room() const
{
    return readBufferSize() > 0 ? readBufferSize() - m_body.size()
                                : std::numeric_limits<qint64>::max();
}

void LoopbackReply::setReadBufferSize(qint64 size)
{
    QNetworkReply::setReadBufferSize(size);
    if (m_socket && m_socket->isConnected())
        m_socket->setReading(room() > 0);
}

qint64 LoopbackReply::readData(char *data, qint64 maxSize)
{
    const qint64 count = m_body.take(data, maxSize);
    if (m_socket && count > 0)
        m_socket->setReading(room() > 0);
    return count == 0 && isFinished() ? -1 : count;
}

// One piece a turn, so that other events have theirs.
void LoopbackReply::onReadable()
{
    if (room() <= 0) {
        m_socket->setReading(false);
        return;
    }
    const std::span<char> piece = m_pool->piece();
    const qint64 count =
        m_socket->read(piece.data(), std::min<qint64>(room(), static_cast<qint64>(piece.size())));
    if (count == LoopbackSocket::NothingYet)
        return;
    if (count < 0)
        return onEnd(count);
    m_anyByte = true;
    const qsizetype taken = m_answer.feed(QByteArrayView(piece.data(), count), m_body.end());
    if (!m_answer.problem().isEmpty()) {
        if (m_answer.isHeadTooLong())
            setAttribute(headTooLongAttribute, true);
        fail(ProtocolFailure, m_answer.problem());
    } else if (m_answer.isComplete()) {
        // The next call goes out before this one is told.
        const QPointer<LoopbackReply> self(this);
        release(m_sender.isDone() && taken == count && m_answer.keepsConnection());
        if (self)
            onAnswer();
    } else {
        onAnswer();
    }
}

// Of the answer something has come: tell it.
void LoopbackReply::onAnswer()
{
    if (!m_answer.isHeadComplete())
        return;
    const QPointer<LoopbackReply> self(this);
    if (!m_headSaid) {
        publishHead();
        // Whoever refuses a body needs no more of it.
        if (m_socket && m_answer.head().status >= 300)
            m_socket->setWriting(false);
        Q_EMIT metaDataChanged();
    }
    if (!self || isFinished())
        return;
    // A server cannot have stored what it has not got.
    if (m_answer.isComplete() && !m_sender.isDone() && m_answer.head().status < 300)
        return fail(RemoteHostClosedError, u"the server answered before it had everything"_s);
    if (m_answer.isComplete())
        finish();
    else if (bytesAvailable() > 0)
        Q_EMIT readyRead();
}

void LoopbackReply::publishHead()
{
    m_headSaid = true;
    const HttpHead &head = m_answer.head();
    setHeaders(head.headers);
    setAttribute(QNetworkRequest::HttpStatusCodeAttribute, head.status);
    setAttribute(QNetworkRequest::HttpReasonPhraseAttribute, QString::fromLatin1(head.reason));
}

void LoopbackReply::onEnd(qint64 outcome)
{
    if (outcome == LoopbackSocket::Closed)
        m_answer.close();
    if (m_answer.isComplete()) {
        release(false);
        return onAnswer();
    }
    if (startedOver())
        return;
    fail(RemoteHostClosedError, m_answer.isHeadComplete()
                                    ? u"the connection was closed before the answer was whole"_s
                                    : u"the connection was closed before the answer"_s);
}

// A connection that was kept may be closed by the server just when the next call goes out. That
// call is sent once more where the server cannot have heard it, or hearing it twice does no harm.
bool LoopbackReply::startedOver()
{
    if (!m_isReused || m_anyByte || !(m_mayRepeat || m_sender.isUntouched()) || !m_sender.restart())
        return false;
    release(false);
    ask(LoopbackPool::Kind::New);
    return true;
}

void LoopbackReply::abort()
{
    if (!isFinished())
        fail(OperationCanceledError, u"cancelled"_s);
}

void LoopbackReply::fail(NetworkError code, const QString &why)
{
    setError(code, why);
    const QPointer<LoopbackReply> self(this);
    release(false);
    if (self)
        Q_EMIT errorOccurred(code);
    if (self)
        finish();
}

void LoopbackReply::finish()
{
    if (isFinished())
        return;
    setFinished(true);
    const QPointer<LoopbackReply> self(this);
    if (bytesAvailable() > 0)
        Q_EMIT readyRead();
    if (self)
        Q_EMIT finished();
}

}  // namespace voidrun
