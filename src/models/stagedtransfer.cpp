// SPDX-License-Identifier: MIT
#include "stagedtransfer.h"

#include "ownerror.h"

namespace voidrun
{

int startStaged(TransferModel *transfers, TransferRequest request, QObject *context,
                const std::function<void(const Result<QString> &)> &done)
{
    request.staging = true;
    const int id = transfers->start(request);
    const auto finish = [transfers, id, context, done](int ended) {
        const TransferModel::Item *item = ended == id ? transfers->item(id) : nullptr;
        if (!item)
            return;
        const Result<QString> result =
            item->state == TransferModel::State::Done && !item->results.isEmpty()
                ? Result<QString>(item->results.first())
            : item->state == TransferModel::State::Failed
                ? std::unexpected(item->error)
                : std::unexpected(ownError(Error::Kind::Cancelled, Error::Reason::None));
        // Not while others are still being told of its end.
        QMetaObject::invokeMethod(
            transfers, [transfers, id] { transfers->forget(id); }, Qt::QueuedConnection);
        QMetaObject::invokeMethod(context, [done, result] { done(result); }, Qt::QueuedConnection);
    };
    QObject::connect(transfers, &TransferModel::transferFinished, context, finish);
    return id;
}

}  // namespace voidrun
