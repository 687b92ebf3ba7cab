// SPDX-License-Identifier: MIT
#include "terminalstream.h"

#include <QPointer>
#include <QThread>

#include <optional>

#include "terminalqueue.h"
#include "terminalsocket.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

// Owner's thread only, but for the queue.
struct TerminalStream::Shared {
    std::shared_ptr<TerminalQueue> queue = std::make_shared<TerminalQueue>();
    State state = State::Connecting;
    std::optional<Error> end;  // came, and is told when all output was read
    bool tellPosted = false;
    BufferSource bufferSource;
};

// The thread and the socket in it.
class TerminalStream::Worker
{
public:
    Worker(const ConnectionProfile &profile, const QUrl &url, bool persistent,
           const StreamOptions &options, const std::shared_ptr<TerminalQueue> &queue)
        : m_queue(queue), m_socket(new TerminalSocket(profile, url, persistent, options, queue))
    {
        m_thread.setObjectName("terminal"_L1);
        m_socket->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_socket, &QObject::deleteLater);
        QObject::connect(&m_thread, &QThread::started, m_socket, &TerminalSocket::open);
    }

    ~Worker()
    {
        m_queue->close();  // before the wait: the worker may be waiting for room
        m_thread.quit();
        m_thread.wait();
    }

    TerminalSocket *socket() const { return m_socket; }
    void start() { m_thread.start(); }

private:
    const std::shared_ptr<TerminalQueue> m_queue;
    QThread m_thread;
    TerminalSocket *m_socket;  // deleted in its thread, at its end
};

TerminalStream::TerminalStream(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                               QObject *parent)
    : TerminalStream(profile, url, persistent, StreamOptions(), parent)
{
}

TerminalStream::TerminalStream(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                               const StreamOptions &options, QObject *parent)
    : QObject(parent),
      m_shared(std::make_shared<Shared>()),
      m_worker(new Worker(profile, url, persistent, options, m_shared->queue),
               [](Worker *worker) { delete worker; })
{
    const TerminalSocket *socket = m_worker->socket();
    connect(
        socket, &TerminalSocket::outputWaiting, this, [this] { announce(); }, Qt::QueuedConnection);
    connect(
        socket, &TerminalSocket::stateChanged, this, [this](State state) { setState(state); },
        Qt::QueuedConnection);
    connect(
        socket, &TerminalSocket::ended, this,
        [this](const Error &error) {
            if (!m_shared->end)
                m_shared->end = error;
            finishWhenRead();
        },
        Qt::QueuedConnection);
    connect(
        socket, &TerminalSocket::bufferWanted, this,
        [this](int attachment) { fetchBuffer(attachment); }, Qt::QueuedConnection);
    m_worker->start();
}

TerminalStream::~TerminalStream() = default;

void TerminalStream::setBufferSource(const BufferSource &source)
{
    m_shared->bufferSource = source;
}

void TerminalStream::fetchBuffer(int attachment)
{
    const auto done = [this, attachment](const std::optional<QByteArray> &buffer) {
        TerminalSocket *socket = m_worker->socket();
        QMetaObject::invokeMethod(
            socket, [socket, attachment, buffer] { socket->takeBuffer(attachment, buffer); },
            Qt::QueuedConnection);
    };
    if (m_shared->bufferSource)
        m_shared->bufferSource(this, done);
    else
        done(std::nullopt);
}

TerminalStream::State TerminalStream::state() const
{
    return m_shared->state;
}

void TerminalStream::setState(State state)
{
    if (m_shared->state == state || m_shared->state == State::Ended || m_shared->end)
        return;
    m_shared->state = state;
    Q_EMIT stateChanged(state);
}

void TerminalStream::announce()
{
    m_shared->queue->noticed();
    if (m_shared->queue->bytesAvailable() > 0)
        Q_EMIT dataAvailable();
}

QByteArray TerminalStream::read(qsizetype maxBytes)
{
    TerminalQueue::Taken taken = m_shared->queue->read(maxBytes);
    if (taken.tellAgain)
        QMetaObject::invokeMethod(this, [this] { announce(); }, Qt::QueuedConnection);
    finishWhenRead();
    return std::move(taken.bytes);
}

qsizetype TerminalStream::bytesAvailable() const
{
    return m_shared->queue->bytesAvailable();
}

bool TerminalStream::write(const QByteArray &bytes)
{
    if (m_shared->end)
        return false;
    const auto written = m_shared->queue->write(bytes);
    if (written == TerminalQueue::Written::QueuedFirst)
        QMetaObject::invokeMethod(m_worker->socket(), &TerminalSocket::sendPending,
                                  Qt::QueuedConnection);
    return written != TerminalQueue::Written::Refused;
}

void TerminalStream::reconnect()
{
    if (m_shared->state != State::Reconnecting)
        return;
    setState(State::Connecting);
    QMetaObject::invokeMethod(m_worker->socket(), &TerminalSocket::open, Qt::QueuedConnection);
}

void TerminalStream::close()
{
    if (m_shared->end)
        return;
    Error error;
    error.kind = Error::Kind::Cancelled;
    error.detail = u"closed"_s;
    m_shared->end = error;
    m_shared->queue->close();
    QMetaObject::invokeMethod(m_worker->socket(), &TerminalSocket::close, Qt::QueuedConnection);
    finishWhenRead();
}

void TerminalStream::finishWhenRead()
{
    if (!m_shared->end || m_shared->tellPosted || bytesAvailable() > 0)
        return;
    m_shared->tellPosted = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_shared->state = State::Ended;
            const QPointer<TerminalStream> self(this);
            const Error error = *m_shared->end;
            Q_EMIT stateChanged(State::Ended);
            if (self)
                Q_EMIT finished(error);
        },
        Qt::QueuedConnection);
}

}  // namespace voidrun
