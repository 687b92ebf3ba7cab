// SPDX-License-Identifier: MIT
#include "transferflow.h"

#include "conflictdialog.h"
#include "errortext.h"
#include "filepanel.h"
#include "models/guestpath.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int Patience = 400;   // ms until a fetch is worth a word
constexpr int MaxAttempts = 5;  // of one transfer by itself
}  // namespace

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
    m_patience.setSingleShot(true);
    m_patience.setInterval(Patience);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_isTelling = true;
        tellProgress();
    });
    connect(transfers, &QAbstractItemModel::dataChanged, this, [this] {
        if (m_isTelling)
            tellProgress();
    });
}

TransferFlow::~TransferFlow() = default;

void TransferFlow::startDragOut(TransferRequest request, FilePanel *panel, int ticket)
{
    request.conflict = TransferRequest::Conflict::Overwrite;  // the folder is its own
    request.staging = true;
    m_dragOuts.insert(m_transfers->start(request), {panel, ticket});
    if (!m_isTelling && !m_patience.isActive())
        m_patience.start();
}

void TransferFlow::tellProgress()
{
    qint64 done = 0;
    qint64 total = 0;
    QStringList sources;
    QString sandbox;
    for (auto drag = m_dragOuts.keyBegin(); drag != m_dragOuts.keyEnd(); ++drag) {
        const TransferModel::Item *item = m_transfers->item(*drag);
        if (!item || !TransferModel::isActive(item->state))
            continue;
        done += item->bytesDone;
        total += item->bytesTotal;
        sources += item->request.sources;
        sandbox = item->request.sandboxName;
    }
    if (sources.isEmpty())
        return;
    const QString sentence =
        sources.size() == 1
            ? tr("Fetching “%1” from “%2” for another program…")
                  .arg(visibleText(guestpath::fileName(sources.first())), sandbox)
            : tr("Fetching %n items from “%1” for another program…", nullptr, int(sources.size()))
                  .arg(sandbox);
    Q_EMIT fetchProgressed(sentence, total > 0 ? int(done * 1000 / total) : -1);
}

void TransferFlow::cancelFetches()
{
    for (const int id : m_dragOuts.keys())
        m_transfers->cancel(id);
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
    if (m_dragOuts.isEmpty()) {
        m_patience.stop();
        m_isTelling = false;
        Q_EMIT fetchesEnded();
    }
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
        if (m_attempts.value(id) < MaxAttempts)
            m_transfers->waitForServer(id);
        return finishFailed(*item);
    }
    m_attempts.remove(id);
    if (item->state == TransferModel::State::Done && !up && !item->request.isBetweenSandboxes)
        Q_EMIT downloaded(tr("Downloaded to “%1”.").arg(item->request.target),
                          item->request.target);
}

void TransferFlow::finishFailed(const TransferModel::Item &item)
{
    const bool up = item.request.direction == TransferRequest::Direction::Upload;
    const QString what =
        item.error.subject.isEmpty() ? item.request.sources.value(0) : item.error.subject;
    QString sentence = (up ? tr("“%1” could not be uploaded to “%2”. %3")
                           : tr("“%1” could not be downloaded from “%2”. %3"))
                           .arg(what, item.request.sandboxName, errorText(item.error));
    if (item.filesFailed > 1)
        sentence += u' ' % tr("(%n more failed.)", nullptr, item.filesFailed - 1);
    if (item.waitsForServer)
        sentence +=
            u' ' %
            tr("It goes on by itself when “%1” answers again.").arg(item.request.profile.name);
    // That is news also where the outage was told.
    if (!item.waitsForServer && m_attempts.remove(item.id))
        Q_EMIT gaveUp(sentence);
    else
        Q_EMIT failed(sentence, item.error, item.request.profile.id);
}

QList<int> TransferFlow::waitingFor(const QString &connectionId) const
{
    QList<int> ids;
    for (int row = 0; row < m_transfers->rowCount(); ++row) {
        const int id = m_transfers->index(row, 0).data(TransferModel::IdRole).toInt();
        const TransferModel::Item *item = m_transfers->item(id);
        if (item->waitsForServer && item->request.profile.id == connectionId)
            ids.append(id);
    }
    return ids;
}

void TransferFlow::serverAnswered(const QString &connectionId)
{
    for (const int id : waitingFor(connectionId)) {
        ++m_attempts[id];
        m_transfers->takeUp(id);
    }
}

}  // namespace voidrun
