// SPDX-License-Identifier: MIT
#include "transferjob.h"

#include "guestpath.h"

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

TransferJob::TransferJob(Client *client, const Item &item, const PartTags *tags)
    : m_client(client), m_item(item), m_tags(tags)
{
}

TransferJob::~TransferJob() = default;

void TransferJob::resolve(Conflict answer)
{
    if (m_item.state != State::Asking || answer == Conflict::Ask)
        return;
    m_item.request.conflict = answer;
    resolve(m_item.request.answers);
}

void TransferJob::resolve(const QHash<QString, Conflict> &answers)
{
    if (m_item.state != State::Asking)
        return;
    m_item.request.answers = answers;
    m_item.conflicts.clear();
    m_item.comparisons.clear();
    m_item.state = State::Waiting;
    check();
    Q_EMIT progressed();
}

void TransferJob::cancel()
{
    m_cancelled = true;
    abortAll();
}

void TransferJob::pause()
{
    m_paused = true;
    abortAll();
}

void TransferJob::abortAll()
{
    const QSet<ReplyBase *> replies = m_replies;
    for (ReplyBase *reply : replies)
        reply->abort();
    Q_EMIT progressed();
}

void TransferJob::settle()
{
    if (!TransferModel::isActive(m_item.state) || m_active > 0)
        return;
    if (m_cancelled) {
        m_item.state = State::Cancelled;
    } else if (m_paused) {
        m_item.state = State::Paused;
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

void TransferJob::ask(const QList<TransferConflict> &conflicts)
{
    m_item.state = State::Asking;
    m_item.comparisons = conflicts;
    m_item.conflicts.clear();
    for (const TransferConflict &conflict : conflicts)
        m_item.conflicts.append(conflict.name);
    Q_EMIT progressed();
}

void TransferJob::ask(const GuestCheck &check, const CheckAnswer &answer)
{
    ExecRequest request;
    request.command = check.command();
    request.timeout = 120;
    call(m_client->exec(m_item.request.sandboxId, request),
         [check, answer](const Result<ExecResult> &result) {
             answer(result ? check.parse(result->stdOut) : QList<GuestCheck::Found>());
         });
}

void TransferJob::sweep(const QString &folder, const QList<FileEntry> &entries)
{
    constexpr int MaxSwept = 100;
    int swept = 0;
    for (const FileEntry &entry : entries) {
        if (m_tags->isLeftOver(entry.name, entry.modTime) && swept++ < MaxSwept)
            removeLater(guestpath::join(folder, entry.name));
    }
}

bool TransferJob::isSameTime(const QDateTime &copy, const QDateTime &original)
{
    if (!copy.isValid() || !original.isValid())
        return false;
    const qint64 ms = copy.toMSecsSinceEpoch();
    return ms == original.toMSecsSinceEpoch() ||
           (ms % 1000 == 0 && ms / 1000 == original.toSecsSinceEpoch());
}

void TransferJob::removeLater(const QString &path)
{
    if (!m_hopeless)
        m_client->remove(m_item.request.sandboxId, path);
}

void TransferJob::fail(const Error &error)
{
    if (error.kind == Error::Kind::Cancelled && (m_cancelled || m_paused))
        return;
    if (m_item.filesFailed++ == 0)
        m_item.error = error;
    if (m_item.failures.size() < TransferModel::MaxFailures)
        m_item.failures.append(error);
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
    m_item.made.insert(source, name);
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
