// SPDX-License-Identifier: MIT
// How a FilePanel's list stays as the folder is.
#include <QScrollBar>
#include <QShowEvent>

#include "filepanel.h"
#include "models/folderfollower.h"
#include "models/fsmodel.h"
#include "models/visibletext.h"
#include "ui_filepanel.h"

namespace voidrun
{

void FilePanel::follow()
{
    if (m_follower)
        return;
    m_follower = m_model->createFollower(this);
    connect(m_follower, &FolderFollower::outdated, this, [this](const QString &folder) {
        Q_EMIT offer(tr("“%1” may have changed unseen.").arg(visibleText(folder)), tr("Refresh"),
                     [panel = QPointer(this)] {
                         if (panel)
                             panel->refresh();
                     });
    });
    // Rows that come and go above do not move those that are seen.
    connect(m_model, &FsModel::aboutToFollow, this, [this] {
        const bool isScrolled = m_ui->fileView->verticalScrollBar()->value() > 0;
        m_topRow = isScrolled ? m_ui->fileView->indexAt(QPoint(1, 1)) : QModelIndex();
    });
    connect(m_model, &FsModel::followed, this, [this] {
        if (m_topRow.isValid())
            m_ui->fileView->scrollTo(m_topRow, QAbstractItemView::PositionAtTop);
        m_topRow = QModelIndex();
    });
    m_follower->setSeen(isVisible());
}

void FilePanel::setSandboxRuns(bool runs)
{
    if (m_follower)
        m_follower->setSandboxRuns(runs);
}

void FilePanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_follower)
        m_follower->setSeen(true);
}

// A window that is only behind others, or minimized, is still looked at.
void FilePanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (m_follower && !event->spontaneous())
        m_follower->setSeen(false);
}

}  // namespace voidrun
