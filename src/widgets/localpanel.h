// SPDX-License-Identifier: MIT
#pragma once

#include <QFileSystemModel>
#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;
class QTreeView;

namespace voidrun
{

// The folders of this computer as a drop target: what is dragged here from a sandbox is asked for
// with dropped(). QFileSystemModel reads folders in a thread of its own.
class LocalFileModel : public QFileSystemModel
{
    Q_OBJECT

public:
    explicit LocalFileModel(QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;
    QStringList mimeTypes() const override;
    // The originals stay, whatever was proposed.
    Qt::DropActions supportedDropActions() const override
    {
        return Qt::CopyAction | Qt::MoveAction;
    }

Q_SIGNALS:
    void dropped(const QMimeData *data, const QString &folder);
};

// The files of this computer beside those of a sandbox: drag from one to the other. Changes nothing
// on this computer but by the downloads that it asks for. GUI thread.
class LocalPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LocalPanel(QWidget *parent = nullptr);

    QString folder() const;
    void openFolder(const QString &folder);
    QStringList selectedPaths() const;

Q_SIGNALS:
    // Files of a sandbox were dropped or pasted; the data is that of the drag or the clipboard.
    void guestFilesDropped(const QMimeData *data, const QString &folder);
    void uploadRequested(const QStringList &paths);
    void folderChanged(const QString &folder);

private:
    void updateButtons();
    void showContextMenu(const QPoint &position);

    LocalFileModel *m_model;
    QTreeView *m_view;
    QLineEdit *m_pathEdit;
    QToolButton *m_up;
    QToolButton *m_upload;
};

}  // namespace voidrun
