// SPDX-License-Identifier: MIT
#include "transferjob.h"

namespace voidrun
{

namespace
{

// Errors that the next file would meet as well.
bool concernsAll(Error::Kind kind)
{
    switch (kind) {
        case Error::Kind::Unreachable:
        case Error::Kind::Timeout:
        case Error::Kind::Tls:
        case Error::Kind::Redirected:
        case Error::Kind::MissingKey:
        case Error::Kind::MissingBaseUrl:
        case Error::Kind::Unauthorized:
            return true;
        default:
            return false;
    }
}

}  // namespace

TransferJob::TransferJob(Client *client, const Item &item, const Made &made)
    : m_client(client), m_item(item), m_made(made)
{
}

TransferJob::~TransferJob() = default;

void TransferJob::resolve(Conflict answer)
{
    if (m_item.state != State::Asking || answer == Conflict::Ask)
        return;
    m_item.request.conflict = answer;
    m_item.conflicts.clear();
    m_item.state = State::Waiting;
    check();
    Q_EMIT progressed();
}

void TransferJob::cancel()
{
    m_cancelled = true;
    const QSet<ReplyBase *> replies = m_replies;
    for (ReplyBase *reply : replies)
        reply->abort();
    Q_EMIT progressed();
}

void TransferJob::settle()
{
    if (TransferModel::isFinal(m_item.state) || m_active > 0)
        return;
    if (m_cancelled) {
        m_item.state = State::Cancelled;
    } else if (m_hopeless) {
        m_item.state = State::Failed;
        m_item.filesFailed = std::max(m_item.filesFailed, m_item.filesTotal - m_item.filesDone);
    } else if (isThrough()) {
        m_item.state = m_item.filesFailed > 0 ? State::Failed : State::Done;
    } else {
        return;
    }
    m_item.bytesPerSecond = 0;
    afterEnd();
    Q_EMIT progressed();
}

void TransferJob::ask(const QStringList &names)
{
    m_item.state = State::Asking;
    m_item.conflicts = names;
    Q_EMIT progressed();
}

void TransferJob::fail(const Error &error)
{
    if (error.kind == Error::Kind::Cancelled && m_cancelled)
        return;
    if (m_item.filesFailed++ == 0)
        m_item.error = error;
    if (concernsAll(error.kind))
        m_hopeless = true;
    Q_EMIT progressed();
}

void TransferJob::failForGood(const Error &error)
{
    fail(error);
    m_hopeless = true;
}

void TransferJob::addBytes(qint64 bytes)
{
    m_item.bytesDone += bytes;
    Q_EMIT progressed();
}

void TransferJob::addResult(const QString &source, const QString &name, const QString &path)
{
    m_made.insert(source, name);
    if (!m_item.results.contains(path))
        m_item.results.append(path);
}

void TransferJob::release()
{
    --m_active;
    Q_EMIT progressed();
}

void TransferJob::follow(ReplyBase *reply, const std::shared_ptr<qint64> &counted)
{
    connect(reply, &ReplyBase::progress, this, [this, counted](qint64 done) {
        addBytes(done - *counted);
        *counted = done;
    });
}

}  // namespace voidrun
