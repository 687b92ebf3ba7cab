// SPDX-License-Identifier: MIT
#include "localpanel.h"

#include <QClipboard>
#include <QCompleter>
#include <QDir>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QShortcut>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "icons.h"
#include "models/fsmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

LocalFileModel::LocalFileModel(QObject *parent) : QFileSystemModel(parent)
{
    setReadOnly(true);  // a person's own files are not renamed or moved here
    setOption(DontUseCustomDirectoryIcons);
    setRootPath(u"/"_s);
}

QStringList LocalFileModel::mimeTypes() const
{
    return {u"text/uri-list"_s, FsModel::pathsMimeType()};
}

QVariant LocalFileModel::data(const QModelIndex &index, int role) const
{
    if (role == Qt::DecorationRole && index.column() == 0)
        return themedIcon(iconNameForFile(fileName(index), isDir(index), false));
    return QFileSystemModel::data(index, role);
}

// The model changes nothing by itself; what is dropped on a folder is downloaded into it.
Qt::ItemFlags LocalFileModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QFileSystemModel::flags(index);
    return isDir(index) ? flags | Qt::ItemIsDropEnabled : flags;
}

bool LocalFileModel::canDropMimeData(const QMimeData *data, Qt::DropAction, int, int,
                                     const QModelIndex &) const
{
    return FsModel::hasGuestPaths(data);
}

bool LocalFileModel::dropMimeData(const QMimeData *data, Qt::DropAction, int, int,
                                  const QModelIndex &parent)
{
    if (!FsModel::hasGuestPaths(data))
        return false;
    const QFileInfo target = fileInfo(parent);
    Q_EMIT dropped(data, target.isDir() ? target.filePath() : target.path());
    return true;
}

LocalPanel::LocalPanel(QWidget *parent)
    : QWidget(parent),
      m_model(new LocalFileModel(this)),
      m_view(new QTreeView(this)),
      m_pathEdit(new QLineEdit(this)),
      m_up(new QToolButton(this)),
      m_upload(new QToolButton(this))
{
    m_up->setIcon(themedIcon(u"up"_s));
    m_up->setAutoRaise(true);
    m_up->setToolTip(tr("Parent folder"));
    m_up->setAccessibleName(tr("Parent folder"));
    m_upload->setIcon(themedIcon(u"upload"_s));
    m_upload->setText(tr("Upload"));
    m_upload->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_upload->setAutoRaise(true);
    m_upload->setToolTip(tr("Upload what is selected into the sandbox beside"));
    m_pathEdit->setAccessibleName(tr("Folder on this computer"));
    auto *completer = new QCompleter(m_model, this);
    m_pathEdit->setCompleter(completer);
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Files on this computer"));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setRootIsDecorated(false);
    m_view->setItemsExpandable(false);
    m_view->setUniformRowHeights(true);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    m_view->setDragDropMode(QAbstractItemView::DragDrop);
    m_view->setDefaultDropAction(Qt::CopyAction);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (const int more : {2, 3})  // kind and time: the name needs the room
        m_view->hideColumn(more);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 6, 8, 6);
    bar->setSpacing(2);
    bar->addWidget(m_up);
    bar->addWidget(m_pathEdit, 1);
    bar->addWidget(m_upload);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_view);
    connect(m_up, &QToolButton::clicked, this, [this] { openFolder(QFileInfo(folder()).path()); });
    connect(m_upload, &QToolButton::clicked, this,
            [this] { Q_EMIT uploadRequested(selectedPaths()); });
    connect(m_pathEdit, &QLineEdit::returnPressed, this, [this] {
        openFolder(m_pathEdit->text());
        m_view->setFocus();
    });
    connect(m_model, &LocalFileModel::dropped, this, &LocalPanel::guestFilesDropped);
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (m_model->isDir(index))
            openFolder(m_model->filePath(index));
        else
            Q_EMIT uploadRequested(selectedPaths());
    });
    connect(m_view, &QWidget::customContextMenuRequested, this, &LocalPanel::showContextMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LocalPanel::updateButtons);
    openFolder(QDir::homePath());
}

QString LocalPanel::folder() const
{
    return m_model->filePath(m_view->rootIndex());
}

void LocalPanel::openFolder(const QString &folder)
{
    const QModelIndex index = m_model->index(folder);
    if (!index.isValid() || !m_model->isDir(index)) {
        m_pathEdit->setText(this->folder());
        return;
    }
    m_view->setRootIndex(index);
    m_view->clearSelection();
    m_pathEdit->setText(m_model->filePath(index));
    updateButtons();
    Q_EMIT folderChanged(m_model->filePath(index));
}

QStringList LocalPanel::selectedPaths() const
{
    QStringList paths;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        paths.append(m_model->filePath(index));
    return paths;
}

void LocalPanel::updateButtons()
{
    m_up->setEnabled(folder() != QDir::rootPath());
    m_upload->setEnabled(m_view->selectionModel()->hasSelection());
}

void LocalPanel::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QStringList paths = selectedPaths();
    QAction *upload =
        menu->addAction(themedIcon(u"upload"_s), tr("&Upload into the sandbox beside"), this,
                        [this, paths] { Q_EMIT uploadRequested(paths); });
    upload->setEnabled(!paths.isEmpty());
    QAction *copy = menu->addAction(tr("&Copy"), this, [this] {
        QModelIndexList rows = m_view->selectionModel()->selectedRows();
        QGuiApplication::clipboard()->setMimeData(m_model->mimeData(rows));
    });
    copy->setEnabled(!paths.isEmpty());
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    QAction *paste = menu->addAction(tr("&Paste files of the sandbox here"), this, [this] {
        if (const QMimeData *now = QGuiApplication::clipboard()->mimeData())
            Q_EMIT guestFilesDropped(now, folder());
    });
    paste->setEnabled(data && FsModel::hasGuestPaths(data));
    QAction *hidden = menu->addAction(tr("Show &hidden files"), this, [this](bool shown) {
        m_model->setFilter(shown ? m_model->filter() | QDir::Hidden
                                 : m_model->filter() & ~QDir::Hidden);
    });
    hidden->setCheckable(true);
    hidden->setChecked(m_model->filter() & QDir::Hidden);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

}  // namespace voidrun
