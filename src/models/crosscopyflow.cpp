// SPDX-License-Identifier: MIT
#include "crosscopyflow.h"

#include <algorithm>

namespace voidrun
{

namespace
{

// Of one that is done: whether each source was made on the other side with all that is in it.
bool isWhole(const TransferModel::Item &item)
{
    return item.filesFailed == 0 && item.failures.isEmpty() && item.linksSkipped == 0 &&
           std::ranges::all_of(item.request.sources, [&item](const QString &source) {
               return item.made.contains(source);
           });
}

}  // namespace

CrossCopyFlow::CrossCopyFlow(TransferModel *transfers, TransferRequest from, TransferRequest to,
                             QObject *parent)
    : QObject(parent), m_transfers(transfers), m_from(std::move(from)), m_to(std::move(to))
{
    connect(transfers, &TransferModel::transferFinished, this, &CrossCopyFlow::goOn);
}

bool CrossCopyFlow::start()
{
    m_folder = std::make_unique<PassingFolder>(m_transfers->passingFolder());
    if (m_folder->path().isEmpty())
        return false;
    m_from.direction = TransferRequest::Direction::Download;
    m_from.conflict = TransferRequest::Conflict::Overwrite;  // the folder is its own
    m_from.target = m_folder->path();
    m_from.isBetweenSandboxes = true;
    m_fetching = m_transfers->start(m_from);
    return true;
}

void CrossCopyFlow::goOn(int id)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (id == m_sending) {
        if (item && item->state == TransferModel::State::Done)
            Q_EMIT arrived(m_isFetchedWhole && isWhole(*item));
        // A retry needs the folder; until then it stays.
        if (item && item->state != TransferModel::State::Failed)
            deleteLater();
        return;
    }
    if (id != m_fetching || !item)
        return;
    if (item->state == TransferModel::State::Cancelled)
        return deleteLater();
    if (item->state != TransferModel::State::Done)
        return;  // a retry may still bring it
    m_isFetchedWhole = isWhole(*item);
    m_to.direction = TransferRequest::Direction::Upload;
    m_to.isBetweenSandboxes = true;  // not to be taken up after a restart
    m_to.sources = item->results;
    m_sending = m_transfers->start(m_to);
}

}  // namespace voidrun
