// SPDX-License-Identifier: MIT
#include "filetreeview.h"

#include <QDragEnterEvent>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>

#include "dragoutdata.h"
#include "models/fsmodel.h"
#include "sandboxlistview.h"

namespace voidrun
{

FileTreeView::FileTreeView(QWidget *parent) : QTreeView(parent)
{
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::EditKeyPressed);
    setUniformRowHeights(true);
    setAlternatingRowColors(false);
    setAllColumnsShowFocus(true);
    setSortingEnabled(true);
    setDragEnabled(true);
    setAcceptDrops(true);
    setDropIndicatorShown(false);  // folders light up instead
    setDefaultDropAction(Qt::MoveAction);
    setDragDropMode(QAbstractItemView::DragDrop);
    setAutoScroll(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFrameShape(QFrame::NoFrame);
    setExpandsOnDoubleClick(false);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(60);
}

FileTreeView::~FileTreeView()
{
    // A drag may be under way when its sandbox goes; Qt still needs the object until it is over.
    if (m_drag) {
        m_drag->setParent(nullptr);
        QDrag::cancel();
    }
}

void FileTreeView::startDrag(Qt::DropActions)
{
    QModelIndexList rows;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        if (index.flags() & Qt::ItemIsDragEnabled)
            rows.append(index);
    }
    if (rows.isEmpty())
        return;
    auto *data = new DragOutData(model()->mimeData(rows));
    auto *drag = new QDrag(this);
    drag->setMimeData(data);
    drag->setPixmap(rows.first().data(Qt::DecorationRole).value<QIcon>().pixmap(24, 24));
    drag->setHotSpot({-8, -8});
    m_dragOut = data;
    m_drag = drag;
    const QPointer<FileTreeView> alive(this);
    const QPointer<DragOutData> dataAlive(data);
    Q_EMIT dragOutStarted(data, false);
    const Qt::DropAction action = drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::CopyAction);
    if (!alive)
        return;
    m_dragOut = nullptr;
    const bool inside = m_drag && m_drag->target();
    Q_EMIT dragOutEnded(dataAlive, action != Qt::IgnoreAction, inside);
}

QModelIndex FileTreeView::folderAt(const QPoint &position) const
{
    const QModelIndex index = indexAt(position).siblingAtColumn(0);
    return index.data(FsModel::IsDirRole).toBool() ? index : QModelIndex();
}

void FileTreeView::setDropFolder(const QModelIndex &folder, bool active)
{
    m_dropFolder = folder;
    m_dropActive = active;
    viewport()->update();
}

void FileTreeView::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->source() == this || !localFilesOf(event->mimeData()).isEmpty())
        event->acceptProposedAction();
    else
        QTreeView::dragEnterEvent(event);
}

void FileTreeView::dragMoveEvent(QDragMoveEvent *event)
{
    QTreeView::dragMoveEvent(event);  // scrolls at the edges
    const QModelIndex folder = folderAt(event->position().toPoint());
    if (event->source() == this) {
        const bool ontoItself = folder.isValid() && selectionModel()->isSelected(folder);
        event->setDropAction(Qt::MoveAction);
        event->setAccepted(folder.isValid() && !ontoItself);
        setDropFolder(folder, event->isAccepted());
        return;
    }
    const bool files = event->mimeData()->hasUrls();
    event->setDropAction(Qt::CopyAction);
    event->setAccepted(files);
    setDropFolder(folder, files);
}

void FileTreeView::dragLeaveEvent(QDragLeaveEvent *event)
{
    QTreeView::dragLeaveEvent(event);
    setDropFolder({}, false);
    if (m_dragOut)
        Q_EMIT dragOutStarted(m_dragOut, true);
}

void FileTreeView::dropEvent(QDropEvent *event)
{
    const QModelIndex folder = folderAt(event->position().toPoint());
    setDropFolder({}, false);
    if (event->source() == this) {
        event->setDropAction(Qt::MoveAction);
        if (folder.isValid() &&
            model()->dropMimeData(event->mimeData(), Qt::MoveAction, -1, -1, folder))
            event->accept();
        else
            event->ignore();
        return;
    }
    const QList<QUrl> files = localFilesOf(event->mimeData());
    if (files.isEmpty()) {
        event->ignore();
        return;
    }
    event->setDropAction(Qt::CopyAction);  // the originals stay
    event->accept();
    Q_EMIT filesDropped(files, folder);
}

void FileTreeView::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && state() != QAbstractItemView::EditingState && currentIndex().isValid()) {
        Q_EMIT activated(currentIndex());
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

void FileTreeView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.isValid()) {
        Q_EMIT activated(index);
        event->accept();
        return;
    }
    QTreeView::mouseDoubleClickEvent(event);
}

void FileTreeView::setEmptyText(const QString &text)
{
    if (m_emptyText == text)
        return;
    m_emptyText = text;
    viewport()->update();
}

void FileTreeView::paintEvent(QPaintEvent *event)
{
    QTreeView::paintEvent(event);
    if (!m_dropActive && m_emptyText.isEmpty())
        return;
    QPainter painter(viewport());
    if (!m_emptyText.isEmpty()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    }
    if (!m_dropActive)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    QColor color = palette().color(QPalette::Active, QPalette::Highlight);
    painter.setPen(QPen(color, 2));
    color.setAlpha(32);
    painter.setBrush(color);
    QRectF area = viewport()->rect();
    if (m_dropFolder.isValid()) {
        area = visualRect(m_dropFolder);
        area.setLeft(0);
        area.setRight(viewport()->width());
    }
    painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 5, 5);
}

}  // namespace voidrun
