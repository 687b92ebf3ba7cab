// SPDX-License-Identifier: MIT
#include "filetreeview.h"

#include <QDragEnterEvent>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>

#include "clipping.h"
#include "dragoutdata.h"
#include "dropaction.h"
#include "models/fsmodel.h"
#include "sandboxlistview.h"

namespace voidrun
{

namespace
{
constexpr int SpringDelay = 800;  // ms
}

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
    m_spring.setSingleShot(true);
    m_spring.setInterval(SpringDelay);
    connect(&m_spring, &QTimer::timeout, this, [this] {
        if (m_dropActive && m_dropFolder.isValid())
            Q_EMIT springOpened(m_dropFolder);
    });
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

FileTreeView::Drag FileTreeView::kindOf(const QDropEvent *event) const
{
    if (event->source() == this)
        return Drag::Own;
    if (FsModel::hasGuestPaths(event->mimeData()))  // whose files may not have been fetched yet
        return Drag::Content;
    if (!localFilesOf(event->mimeData()).isEmpty())
        return Drag::LocalFiles;
    return Clipping::canWrite(event->mimeData()) ? Drag::Content : Drag::Nothing;
}

// For the pointer; the originals of other programs stay.
Qt::DropAction FileTreeView::actionOf(const QDropEvent *event, Drag kind)
{
    const Qt::DropAction chosen = chosenAction(event);
    if (!FsModel::hasGuestPaths(event->mimeData()))
        return Qt::CopyAction;
    if (chosen != Qt::IgnoreAction)
        return chosen;
    return kind == Drag::Own ? Qt::MoveAction : Qt::CopyAction;
}

void FileTreeView::setDropFolder(const QModelIndex &folder, bool active)
{
    if (!active || !folder.isValid())
        m_spring.stop();
    else if (m_dropFolder != folder || !m_dropActive)
        m_spring.start();
    m_dropFolder = folder;
    m_dropActive = active;
    viewport()->update();
}

void FileTreeView::dragEnterEvent(QDragEnterEvent *event)
{
    if (kindOf(event) != Drag::Nothing)
        event->acceptProposedAction();
    else
        QTreeView::dragEnterEvent(event);
}

void FileTreeView::dragMoveEvent(QDragMoveEvent *event)
{
    QTreeView::dragMoveEvent(event);  // scrolls at the edges
    const QModelIndex folder = folderAt(event->position().toPoint());
    const Drag kind = kindOf(event);
    bool accepted = kind != Drag::Nothing;
    if (kind == Drag::Own)
        accepted = model()->canDropMimeData(event->mimeData(), Qt::MoveAction, -1, -1, folder);
    event->setDropAction(actionOf(event, kind));
    event->setAccepted(accepted);
    setDropFolder(folder, accepted);
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
    const Drag kind = kindOf(event);
    setDropFolder({}, false);
    event->setDropAction(actionOf(event, kind));
    event->accept();  // the originals of others stay
    switch (kind) {
        case Drag::Own:
            if (model()->canDropMimeData(event->mimeData(), Qt::MoveAction, -1, -1, folder))
                Q_EMIT contentDropped(event->mimeData(), folder, chosenAction(event));
            else
                event->ignore();
            break;
        case Drag::LocalFiles:
            Q_EMIT filesDropped(localFilesOf(event->mimeData()), folder);
            break;
        case Drag::Content:
            Q_EMIT contentDropped(event->mimeData(), folder, chosenAction(event));
            break;
        case Drag::Nothing:
            event->ignore();
            break;
    }
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
