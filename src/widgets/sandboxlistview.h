// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QListView>
#include <QUrl>

namespace voidrun
{

// The list of sandboxes at the left: a click on a row's terminal button opens a terminal, and local
// files, and those of other sandboxes, dropped on a row go into that sandbox. GUI thread.
class SandboxListView : public QListView
{
    Q_OBJECT

public:
    explicit SandboxListView(QWidget *parent = nullptr);

    // Where the terminal button of a row is, in viewport coordinates.
    QRect terminalButtonRect(const QModelIndex &index) const;
    QPersistentModelIndex hoveredButton() const { return m_hoveredButton; }
    QPersistentModelIndex dropTarget() const { return m_dropTarget; }
    // By sandbox: how many changed files nobody has looked at.
    void setBadges(const QHash<QString, int> &badges);
    int badge(const QString &sandboxId) const { return m_badges.value(sandboxId); }

Q_SIGNALS:
    void terminalRequested(const QModelIndex &index);
    void filesDropped(const QModelIndex &index, const QList<QUrl> &localFiles);
    void guestFilesDropped(const QModelIndex &index, const QMimeData *data);
    void currentRowChanged(const QModelIndex &index);

protected:
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void setDropTarget(const QModelIndex &index);

    QPersistentModelIndex m_hoveredButton;
    QPersistentModelIndex m_pressedButton;
    QPersistentModelIndex m_dropTarget;
    QHash<QString, int> m_badges;
};

// The local files among `urls`; empty when there is none.
QList<QUrl> localFilesOf(const QMimeData *data);

}  // namespace voidrun
