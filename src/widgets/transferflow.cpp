// SPDX-License-Identifier: MIT
#include "transferflow.h"

#include <QMessageBox>
#include <QPushButton>

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

void TransferFlow::askConflicts(int id, const QStringList &names)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item)
        return;
    constexpr qsizetype Listed = 12;
    QStringList listed = names.first(qMin(names.size(), Listed));
    if (names.size() > Listed)
        listed.append(tr("and %n more", nullptr, int(names.size() - Listed)));
    auto *box = new QMessageBox(m_window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Already there"));
    box->setTextFormat(Qt::PlainText);
    const bool up = item->request.direction == TransferRequest::Direction::Upload;
    const QString where = up ? tr("%1 of %2").arg(item->request.target, item->request.sandboxName)
                             : item->request.target;
    box->setText(
        names.size() == 1
            ? tr("“%1” already exists in “%2”.").arg(names.first(), where)
            : tr("%n items already exist in “%1”.", nullptr, int(names.size())).arg(where));
    const QString consequence =
        item->kindsDiffer ? tr("A file and a folder of one name cannot replace each other.")
                          : tr("Overwriting replaces files and adds to folders.");
    box->setInformativeText((names.size() == 1 ? QString() : listed.join(u'\n') % u"\n\n"_s) %
                            consequence);
    using Conflict = TransferRequest::Conflict;
    const auto add = [this, box, id](const QString &text, QMessageBox::ButtonRole role,
                                     Conflict answer) {
        QPushButton *button = box->addButton(text, role);
        connect(button, &QPushButton::clicked, this,
                [this, id, answer] { m_transfers->resolve(id, answer); });
        return button;
    };
    if (!item->kindsDiffer)
        add(tr("Overwrite"), QMessageBox::DestructiveRole, Conflict::Overwrite);
    box->setDefaultButton(add(tr("Keep both"), QMessageBox::AcceptRole, Conflict::KeepBoth));
    add(tr("Skip"), QMessageBox::NoRole, Conflict::Skip);
    box->addButton(QMessageBox::Cancel);
    // Cancel, Escape and the window's own button.
    connect(box, &QDialog::finished, this, [this, box, id] {
        const QAbstractButton *clicked = box->clickedButton();
        if (!clicked || clicked == box->button(QMessageBox::Cancel))
            m_transfers->cancel(id);
    });
    connect(m_transfers, &TransferModel::transferFinished, box, [box, id](int finished) {
        if (finished == id)
            box->close();
    });
    box->open();
}

void TransferFlow::finishDragOut(const TransferModel::Item &item, const DragOut &drag)
{
    const bool done = item.state == TransferModel::State::Done;
    if (drag.panel)
        drag.panel->dragOutFetched(drag.ticket, done ? item.results : QStringList());
    if (item.state == TransferModel::State::Failed)
        Q_EMIT failed(tr("The files could not be fetched from “%1”. %2")
                          .arg(item.request.sandboxName, errorText(item.error)));
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
                                 ? u" "_s % tr("(%n more failed.)", nullptr, item->filesFailed - 1)
                                 : QString();
        Q_EMIT failed((up ? tr("“%1” could not be uploaded to “%2”. %3")
                          : tr("“%1” could not be downloaded from “%2”. %3"))
                          .arg(what, item->request.sandboxName, errorText(item->error)) %
                      more);
    } else if (item->state == TransferModel::State::Done && !up) {
        Q_EMIT downloaded(tr("Downloaded to “%1”.").arg(item->request.target),
                          item->request.target);
    }
}

}  // namespace voidrun
