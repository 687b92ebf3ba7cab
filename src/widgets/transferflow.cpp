// SPDX-License-Identifier: MIT
#include "transferflow.h"

#include "conflictdialog.h"
#include "errortext.h"
#include "filepanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

TransferFlow::TransferFlow(TransferModel *transfers, QWidget *window)
    : QObject(window), m_transfers(transfers), m_window(window)
{
    connect(transfers, &TransferModel::transferStarted, this, [this](int id) {
        const TransferModel::Item *item = m_transfers->item(id);
        if (item && !item->request.staging)
            Q_EMIT started();
    });
    connect(transfers, &TransferModel::conflictsFound, this, &TransferFlow::askConflicts);
    connect(transfers, &TransferModel::transferFinished, this, &TransferFlow::finish);
    connect(transfers, &TransferModel::transfersRestored, this, &TransferFlow::started);
}

TransferFlow::~TransferFlow() = default;

void TransferFlow::startDragOut(TransferRequest request, FilePanel *panel, int ticket)
{
    request.conflict = TransferRequest::Conflict::Overwrite;  // the folder is its own
    request.staging = true;
    m_dragOuts.insert(m_transfers->start(request), {panel, ticket});
}

void TransferFlow::cancelDragOut(const FilePanel *panel, int ticket)
{
    for (const auto &[id, drag] : m_dragOuts.asKeyValueRange()) {
        if (drag.panel == panel && drag.ticket == ticket) {
            m_transfers->cancel(id);
            return;
        }
    }
}

void TransferFlow::askConflicts(int id)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item || item->comparisons.isEmpty())
        return;
    auto *dialog = new ConflictDialog(*item, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        dialog, &ConflictDialog::answered, this,
        [this, id](const ConflictDialog::Answers &answers) { m_transfers->resolve(id, answers); });
    // Cancel, Escape and the window's own button.
    connect(dialog, &QDialog::rejected, this, [this, id] { m_transfers->cancel(id); });
    const auto leave = [dialog, id](int ended) {
        if (ended == id)
            dialog->close();
    };
    connect(m_transfers, &TransferModel::transferFinished, dialog, leave);
    connect(m_transfers, &TransferModel::transferPaused, dialog, leave);
    dialog->open();
}

void TransferFlow::finishDragOut(const TransferModel::Item &item, const DragOut &drag)
{
    const bool done = item.state == TransferModel::State::Done;
    if (drag.panel)
        drag.panel->dragOutFetched(drag.ticket, done ? item.results : QStringList());
    if (item.state == TransferModel::State::Failed)
        Q_EMIT failed(tr("The files could not be fetched from “%1”. %2")
                          .arg(item.request.sandboxName, errorText(item.error)),
                      item.error, item.request.profile.id);
}

void TransferFlow::finish(int id)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item)
        return;
    const DragOut drag = m_dragOuts.take(id);
    if (item->request.staging)
        return finishDragOut(*item, drag);
    const bool up = item->request.direction == TransferRequest::Direction::Upload;
    if (item->state == TransferModel::State::Failed) {
        const QString what =
            item->error.subject.isEmpty() ? item->request.sources.value(0) : item->error.subject;
        const QString more = item->filesFailed > 1
                                 ? u' ' % tr("(%n more failed.)", nullptr, item->filesFailed - 1)
                                 : QString();
        Q_EMIT failed((up ? tr("“%1” could not be uploaded to “%2”. %3")
                          : tr("“%1” could not be downloaded from “%2”. %3"))
                              .arg(what, item->request.sandboxName, errorText(item->error)) %
                          more,
                      item->error, item->request.profile.id);
    } else if (item->state == TransferModel::State::Done && !up &&
               !item->request.isBetweenSandboxes) {
        Q_EMIT downloaded(tr("Downloaded to “%1”.").arg(item->request.target),
                          item->request.target);
    }
}

}  // namespace voidrun
