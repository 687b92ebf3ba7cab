// SPDX-License-Identifier: MIT
#include "rescueflow.h"

#include <array>

#include "api/client.h"
#include "guestpath.h"
#include "ownerror.h"
#include "sandboxmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// The first whose archive is not there yet is taken: nothing in the sandbox is replaced.
struct Candidate {
    ArchiveFormat format;
    QLatin1StringView ending;
};
constexpr std::array<Candidate, 4> candidates{{{ArchiveFormat::TarGz, ".tar.gz"_L1},
                                               {ArchiveFormat::Zip, ".zip"_L1},
                                               {ArchiveFormat::TarBz2, ".tar.bz2"_L1},
                                               {ArchiveFormat::Tar, ".tar"_L1}}};

}  // namespace

RescueFlow::RescueFlow(Client *client, SandboxModel *sandboxes, TransferModel *transfers,
                       TransferRequest request, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_sandboxes(sandboxes),
      m_transfers(transfers),
      m_request(std::move(request))
{
    connect(transfers, &TransferModel::transferFinished, this, &RescueFlow::finishDownload);
    connect(sandboxes, &SandboxModel::sandboxDeleted, this, [this](const QString &id) {
        if (id != m_request.sandboxId || m_step != Step::Deleting || m_isOver)
            return;
        m_isOver = true;
        Q_EMIT finished(m_saved);
    });
    connect(sandboxes, &SandboxModel::deletingFailed, this,
            [this](const QString &id, const QString &, const Error &error) {
                if (id == m_request.sandboxId && m_step == Step::Deleting)
                    fail(error);
            });
}

void RescueFlow::start()
{
    enter(Step::Packing);
    chooseArchive(0);
}

void RescueFlow::enter(Step step)
{
    m_step = step;
    Q_EMIT stepStarted(step);
}

void RescueFlow::chooseArchive(qsizetype attempt)
{
    if (!m_client)
        return fail(ownError(Error::Kind::Cancelled, Error::Reason::Closed));
    if (attempt == std::ssize(candidates))
        return fail(ownError(Error::Kind::Conflict, Error::Reason::NameTaken, m_archive));
    const Candidate &candidate = candidates.at(static_cast<size_t>(attempt));
    m_archive = guestpath::WorkFolder + candidate.ending;
    auto *reply = m_client->stat(m_request.sandboxId, m_archive);
    m_reply = reply;
    reply->onFinished(this, [this, attempt, candidate](const Result<FileStat> &result) {
        if (m_isOver)
            return;
        if (result)
            chooseArchive(attempt + 1);
        else if (meansMissing(result.error()))
            pack(candidate.format);
        else
            fail(result.error());
    });
}

void RescueFlow::pack(ArchiveFormat format)
{
    if (!m_client)
        return fail(ownError(Error::Kind::Cancelled, Error::Reason::Closed));
    m_isPacked = true;  // from now on there may be something to tidy up
    auto *reply = m_client->compress(m_request.sandboxId, QString(guestpath::WorkFolder), format);
    m_reply = reply;
    reply->onFinished(this, [this](const Result<QString> &result) {
        if (m_isOver)
            return;
        if (result)
            download();
        else
            fail(result.error());
    });
}

void RescueFlow::download()
{
    if (!m_transfers)
        return fail(ownError(Error::Kind::Cancelled, Error::Reason::Closed));
    enter(Step::Downloading);
    TransferRequest request = m_request;
    request.direction = TransferRequest::Direction::Download;
    request.conflict = TransferRequest::Conflict::KeepBoth;
    request.sources = {m_archive};
    m_transfer = m_transfers->start(request);
}

void RescueFlow::finishDownload(int id)
{
    if (id != m_transfer || m_step != Step::Downloading || m_isOver)
        return;
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item || item->state != TransferModel::State::Done || item->results.isEmpty()) {
        const bool isCancelled = !item || item->state == TransferModel::State::Cancelled;
        return fail(isCancelled ? ownError(Error::Kind::Cancelled, Error::Reason::None)
                                : item->error);
    }
    m_saved = item->results.first();
    removeSandbox();
}

void RescueFlow::removeSandbox()
{
    if (!m_sandboxes)
        return fail(ownError(Error::Kind::Cancelled, Error::Reason::Closed));
    enter(Step::Deleting);
    m_sandboxes->remove(m_request.sandboxId);
}

void RescueFlow::cancel()
{
    if (m_isOver || m_step == Step::Deleting)
        return;
    m_isOver = true;
    if (m_reply)
        m_reply->abort();
    if (m_step == Step::Downloading && m_transfers)
        m_transfers->cancel(m_transfer);
    tidyUp();
    Q_EMIT cancelled();
}

void RescueFlow::fail(const Error &error)
{
    if (m_isOver)
        return;
    m_isOver = true;
    if (m_step == Step::Downloading && m_transfers)
        m_transfers->cancel(m_transfer);  // it may be waiting for its server
    tidyUp();
    Q_EMIT failed(m_step, error);
}

// Our archive in a sandbox that stays is of no use. Where it cannot be removed, it does no harm.
void RescueFlow::tidyUp()
{
    if (m_isPacked && m_client)
        m_client->remove(m_request.sandboxId, m_archive);
}

}  // namespace voidrun
