// SPDX-License-Identifier: MIT
#pragma once

#include <QDrag>
#include <QPointer>
#include <QTimer>
#include <QTreeView>
#include <QUrl>

namespace voidrun
{

class DragOutData;

// The file list's view. Drops: local files onto a folder row go into that folder, anywhere else
// into the folder shown; a drag of its own rows moves them. Drags out start at once; the files are
// asked for with dragOutStarted() and given to the data when they were fetched. A folder under
// which a drag stays opens. GUI thread.
class FileTreeView : public QTreeView
{
    Q_OBJECT

public:
    explicit FileTreeView(QWidget *parent = nullptr);
    ~FileTreeView() override;

    // Painted in the middle while there are no rows.
    void setEmptyText(const QString &text);

Q_SIGNALS:
    // `leftWindow` is false for the start and true when the pointer has left the view. The data
    // lives until dragOutEnded().
    void dragOutStarted(voidrun::DragOutData *data, bool leftWindow);
    void dragOutEnded(voidrun::DragOutData *data, bool dropped, bool insideWindow);
    void filesDropped(const QList<QUrl> &localFiles, const QModelIndex &target);
    // Paths of this or another sandbox, for which `action` is chosenAction()'s, or an image, a link
    // or text of another program.
    void contentDropped(const QMimeData *data, const QModelIndex &target, Qt::DropAction action);
    void springOpened(const QModelIndex &folder);

protected:
    void startDrag(Qt::DropActions supportedActions) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Drag { Own, LocalFiles, Content, Nothing };
    Drag kindOf(const QDropEvent *event) const;
    static Qt::DropAction actionOf(const QDropEvent *event, Drag kind);
    QModelIndex folderAt(const QPoint &position) const;  // invalid: the folder shown
    void setDropFolder(const QModelIndex &folder, bool active);

    QString m_emptyText;
    QPersistentModelIndex m_dropFolder;
    bool m_dropActive = false;
    QTimer m_spring;
    DragOutData *m_dragOut = nullptr;
    QPointer<QDrag> m_drag;
};

}  // namespace voidrun
