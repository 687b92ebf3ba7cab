// SPDX-License-Identifier: MIT
#include "sandboxlistview.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QMouseEvent>

#include "models/fsmodel.h"
#include "sandboxdelegate.h"

namespace voidrun
{

QList<QUrl> localFilesOf(const QMimeData *data)
{
    QList<QUrl> files;
    for (const QUrl &url : data->urls()) {
        if (url.isLocalFile())
            files.append(url);
    }
    return files;
}

SandboxListView::SandboxListView(QWidget *parent) : QListView(parent)
{
    setItemDelegate(new SandboxDelegate(this));
    setMouseTracking(true);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setAcceptDrops(true);
    viewport()->setAutoFillBackground(false);
}

QRect SandboxListView::terminalButtonRect(const QModelIndex &index) const
{
    return SandboxDelegate::terminalButtonRect(visualRect(index), layoutDirection());
}

void SandboxListView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    // The choice does not slide to a neighbour: showing that one would touch its guest, and nobody
    // asked for it.
    const int current = currentIndex().row();
    if (current >= start && current <= end)
        setCurrentIndex({});
    QListView::rowsAboutToBeRemoved(parent, start, end);
}

void SandboxListView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    if (current.isValid())  // also when the keyboard brought it here
        selectionModel()->select(current, QItemSelectionModel::ClearAndSelect);
    Q_EMIT currentRowChanged(current);
}

void SandboxListView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    m_pressedButton = QModelIndex();
    if (event->button() == Qt::LeftButton && index.isValid() &&
        terminalButtonRect(index).contains(event->position().toPoint()))
        m_pressedButton = index;
    QListView::mousePressEvent(event);
}

void SandboxListView::mouseReleaseEvent(QMouseEvent *event)
{
    // The row that was pressed counts, wherever rows have moved to in between.
    const QPersistentModelIndex pressed = m_pressedButton;
    m_pressedButton = QModelIndex();
    QListView::mouseReleaseEvent(event);
    if (pressed.isValid() && terminalButtonRect(pressed).contains(event->position().toPoint()))
        Q_EMIT terminalRequested(pressed);
}

void SandboxListView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint point = event->position().toPoint();
    const QModelIndex index = indexAt(point);
    const bool over = index.isValid() && terminalButtonRect(index).contains(point);
    const QPersistentModelIndex hovered =
        over ? QPersistentModelIndex(index) : QPersistentModelIndex();
    if (hovered != m_hoveredButton) {
        m_hoveredButton = hovered;
        viewport()->setToolTip(over ? tr("Open a terminal") : QString());
        viewport()->update();
    }
    QListView::mouseMoveEvent(event);
}

void SandboxListView::leaveEvent(QEvent *event)
{
    m_hoveredButton = QModelIndex();
    viewport()->update();
    QListView::leaveEvent(event);
}

void SandboxListView::setBadges(const QHash<QString, int> &badges)
{
    if (m_badges == badges)
        return;
    m_badges = badges;
    viewport()->update();
}

void SandboxListView::setDropTarget(const QModelIndex &index)
{
    if (m_dropTarget == index)
        return;
    m_dropTarget = index;
    viewport()->update();
}

void SandboxListView::dragEnterEvent(QDragEnterEvent *event)
{
    if (FsModel::hasGuestPaths(event->mimeData()) || !localFilesOf(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void SandboxListView::dragMoveEvent(QDragMoveEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    setDropTarget(index);
    if (index.isValid()) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
    } else {
        event->ignore();
    }
}

void SandboxListView::dragLeaveEvent(QDragLeaveEvent *event)
{
    setDropTarget({});
    event->accept();
}

void SandboxListView::dropEvent(QDropEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    setDropTarget({});
    if (!index.isValid())
        return;
    event->setDropAction(Qt::CopyAction);  // the originals stay, whatever was proposed
    event->accept();
    if (FsModel::hasGuestPaths(event->mimeData()))
        Q_EMIT guestFilesDropped(index, event->mimeData());
    else
        Q_EMIT filesDropped(index, localFilesOf(event->mimeData()));
}

}  // namespace voidrun
