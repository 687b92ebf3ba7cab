// SPDX-License-Identifier: MIT
#include "filepanel.h"

#include <QDir>
#include <QFileDialog>
#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QShortcut>

#include "dragoutflow.h"
#include "errortext.h"
#include "filenamedelegate.h"
#include "fileproxymodel.h"
#include "icons.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "question.h"
#include "ui_filepanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype History = 100;  // folders remembered for Back
constexpr int NamesListed = 12;     // names spelled out in a confirmation

}  // namespace

FilePanel::FilePanel(FsModel *model, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::FilePanel>()),
      m_model(model),
      m_proxy(new FileProxyModel(this)),
      m_dragOut(new DragOutFlow(this))
{
    model->setParent(this);
    m_ui->setupUi(this);
    m_proxy->setSourceModel(model);
    m_ui->fileView->setModel(m_proxy);
    m_ui->fileView->setItemDelegateForColumn(FsModel::NameColumn, new FileNameDelegate(this));
    m_ui->fileView->sortByColumn(FsModel::NameColumn, Qt::AscendingOrder);
    QHeaderView *header = m_ui->fileView->header();
    header->setSectionResizeMode(FsModel::NameColumn, QHeaderView::Stretch);
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->resizeSection(FsModel::SizeColumn, 8 * em);
    header->resizeSection(FsModel::ModifiedColumn, 14 * em);
    header->resizeSection(FsModel::PermissionsColumn, 9 * em);
    setUpActions();

    connect(model, &FsModel::loadingStarted, this, &FilePanel::updateState);
    connect(model, &FsModel::loadingFinished, this, [this] {
        m_error = {};
        updateState();
        if (!m_selectWhenLoaded.isEmpty())
            selectPath(m_selectWhenLoaded);
    });
    connect(model, &FsModel::loadingFailed, this, [this](const QString &path, const Error &error) {
        if (path == m_model->rootPath())
            m_error = error;
        else
            Q_EMIT problem(
                tr("The folder “%1” could not be opened. %2").arg(path, errorText(error)));
        updateState();
    });
    connect(model, &FsModel::operationFailed, this,
            [this](const QString &path, const Error &error) {
                Q_EMIT problem(tr("“%1” could not be changed. %2").arg(path, errorText(error)));
            });
    connect(model, &FsModel::folderMade, this, &FilePanel::selectPath);
    connect(model, &FsModel::renamed, this,
            [this](const QString &, const QString &to) { selectPath(to); });
    connect(model, &FsModel::rowsInserted, this, &FilePanel::updateState);
    connect(model, &FsModel::rowsRemoved, this, &FilePanel::updateState);
    connect(model, &FsModel::modelReset, this, &FilePanel::updateState);
    connect(model, &FsModel::uploadRequested, this,
            [this](const QList<QUrl> &files, const QString &folder) {
                QStringList paths;
                for (const QUrl &url : files)
                    paths.append(url.toLocalFile());
                Q_EMIT uploadRequested(paths, folder);
            });
    connect(m_ui->fileView, &FileTreeView::filesDropped, this,
            [this](const QList<QUrl> &files, const QModelIndex &target) {
                QStringList paths;
                for (const QUrl &url : files)
                    paths.append(url.toLocalFile());
                Q_EMIT uploadRequested(paths, m_model->path(m_proxy->mapToSource(target)));
            });
    connect(m_ui->fileView, &FileTreeView::dragOutStarted, m_dragOut, &DragOutFlow::start);
    connect(m_ui->fileView, &FileTreeView::dragOutEnded, m_dragOut, &DragOutFlow::end);
    connect(m_dragOut, &DragOutFlow::fetchRequested, this, &FilePanel::dragOutFetchRequested);
    connect(m_dragOut, &DragOutFlow::cancelled, this, &FilePanel::dragOutCancelled);
    connect(m_dragOut, &DragOutFlow::problem, this, &FilePanel::problem);
    connect(m_dragOut, &DragOutFlow::droppedTooEarly, this, [this](const QStringList &paths) {
        Q_EMIT notice(
            tr("They were not fetched yet when you dropped them, so they are downloaded "
               "to your downloads folder instead."));
        Q_EMIT downloadRequested(paths);
    });
    connect(m_ui->fileView, &QTreeView::activated, this, &FilePanel::activate);
    connect(m_ui->fileView, &QWidget::customContextMenuRequested, this,
            &FilePanel::showContextMenu);
    connect(m_ui->fileView->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &FilePanel::updateState);
    updateState();
}

FilePanel::~FilePanel() = default;

void FilePanel::setUpActions()
{
    const auto set = [this](QToolButton *button, const QString &icon, const QString &text,
                            const QKeySequence &keys = {}) {
        button->setIcon(themedIcon(icon));
        button->setText(text);
        button->setAccessibleName(text);
        button->setToolTip(keys.isEmpty()
                               ? text
                               : tr("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText)));
        if (!keys.isEmpty()) {
            auto *shortcut = new QShortcut(keys, this);
            shortcut->setContext(Qt::WidgetWithChildrenShortcut);
            connect(shortcut, &QShortcut::activated, button, &QToolButton::click);
        }
    };
    set(m_ui->backButton, u"back"_s, tr("Back"), QKeySequence(Qt::ALT | Qt::Key_Left));
    set(m_ui->forwardButton, u"forward"_s, tr("Forward"), QKeySequence(Qt::ALT | Qt::Key_Right));
    set(m_ui->upButton, u"up"_s, tr("Parent folder"), QKeySequence(Qt::ALT | Qt::Key_Up));
    set(m_ui->refreshButton, u"refresh"_s, tr("Refresh this folder"));
    set(m_ui->newFolderButton, u"newfolder"_s, tr("New folder"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    set(m_ui->uploadButton, u"upload"_s, tr("Upload"));
    set(m_ui->downloadButton, u"download"_s, tr("Download"));
    set(m_ui->deleteButton, u"delete"_s, tr("Delete"), QKeySequence(QKeySequence::Delete));

    connect(m_ui->backButton, &QToolButton::clicked, this, [this] {
        if (m_back.isEmpty())
            return;
        m_forward.append(m_model->rootPath());
        navigate(m_back.takeLast(), false);
    });
    connect(m_ui->forwardButton, &QToolButton::clicked, this, [this] {
        if (m_forward.isEmpty())
            return;
        m_back.append(m_model->rootPath());
        navigate(m_forward.takeLast(), false);
    });
    connect(m_ui->upButton, &QToolButton::clicked, this,
            [this] { openFolder(guestpath::parent(m_model->rootPath())); });
    connect(m_ui->pathEdit, &QLineEdit::returnPressed, this, [this] {
        QString path = m_ui->pathEdit->text().trimmed();
        if (!path.startsWith(u'/'))
            path = m_model->rootPath() % u'/' % path;
        openFolder(path);
        m_ui->fileView->setFocus();
    });
    connect(m_ui->refreshButton, &QToolButton::clicked, this, &FilePanel::refresh);
    connect(m_ui->newFolderButton, &QToolButton::clicked, this, &FilePanel::askNewFolder);
    auto *menu = new QMenu(this);
    menu->addAction(themedIcon(u"file"_s), tr("&Files…"), this, [this] { askUpload(false); });
    menu->addAction(themedIcon(u"folder"_s), tr("F&older…"), this, [this] { askUpload(true); });
    m_ui->uploadButton->setMenu(menu);
    connect(m_ui->downloadButton, &QToolButton::clicked, this, &FilePanel::downloadSelected);
    connect(m_ui->deleteButton, &QToolButton::clicked, this, &FilePanel::askDelete);
    connect(m_ui->messageButton, &QPushButton::clicked, this, [this] {
        if (m_error.kind == Error::Kind::NotFound)
            openFolder(wayOut());
        else
            refresh();
    });
}

QString FilePanel::folder() const
{
    return m_model->rootPath();
}

void FilePanel::openFolder(const QString &path)
{
    navigate(path, true);
}

void FilePanel::navigate(const QString &path, bool remember)
{
    const QString old = m_model->rootPath();
    m_error = {};
    m_model->setRootPath(path);
    if (remember && old != m_model->rootPath()) {
        m_back.append(old);
        if (m_back.size() > History)
            m_back.removeFirst();
        m_forward.clear();
    }
    updateState();
}

void FilePanel::focusList()
{
    m_ui->fileView->setFocus(Qt::ShortcutFocusReason);
}

void FilePanel::refresh()
{
    m_error = {};
    m_model->refresh();
    updateState();
}

// Where to go from a folder that is not there.
QString FilePanel::wayOut() const
{
    return m_model->rootPath() == guestpath::WorkFolder ? u"/"_s : QString(guestpath::WorkFolder);
}

void FilePanel::dragOutFetched(int ticket, const QStringList &localFiles)
{
    m_dragOut->fetched(ticket, localFiles);
}

void FilePanel::downloadSelected()
{
    QStringList paths;
    for (const FileEntry &entry : selectedEntries())
        paths.append(entry.path);
    if (!paths.isEmpty())
        Q_EMIT downloadRequested(paths);
}

void FilePanel::activate(const QModelIndex &index)
{
    if (m_ui->fileView->selectionModel()->selectedRows().size() > 1)
        return downloadSelected();  // Enter means all that is marked
    const FileEntry entry = index.data(FsModel::EntryRole).value<FileEntry>();
    if (entry.isDir)
        openFolder(m_model->path(m_proxy->mapToSource(index)));
    else
        Q_EMIT downloadRequested({entry.path});
}

QList<FileEntry> FilePanel::selectedEntries() const
{
    QList<FileEntry> entries;
    for (const QModelIndex &index : m_ui->fileView->selectionModel()->selectedRows())
        entries.append(index.data(FsModel::EntryRole).value<FileEntry>());
    return entries;
}

void FilePanel::selectPath(const QString &path)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOf(path));
    m_selectWhenLoaded = index.isValid() ? QString() : path;
    if (!index.isValid())
        return;
    m_ui->fileView->setCurrentIndex(index);
    m_ui->fileView->scrollTo(index);
}

void FilePanel::showMessage(const QString &text, const QString &button)
{
    m_ui->messageLabel->setText(text);
    m_ui->messageButton->setText(button);
    m_ui->messageButton->setVisible(!button.isEmpty());
    m_ui->stack->setCurrentWidget(m_ui->messagePage);
}

void FilePanel::updateState()
{
    const QString root = m_model->rootPath();
    if (!m_ui->pathEdit->hasFocus() || !m_ui->pathEdit->isModified())
        m_ui->pathEdit->setText(root);
    const bool selected = m_ui->fileView->selectionModel()->hasSelection();
    m_ui->backButton->setEnabled(!m_back.isEmpty());
    m_ui->forwardButton->setEnabled(!m_forward.isEmpty());
    m_ui->upButton->setEnabled(root != "/"_L1);
    m_ui->downloadButton->setEnabled(selected);
    m_ui->deleteButton->setEnabled(selected);

    const FsModel::FolderState state = m_model->folderState();
    m_ui->newFolderButton->setEnabled(state == FsModel::FolderState::Loaded);
    m_ui->uploadButton->setEnabled(state == FsModel::FolderState::Loaded);
    // An empty folder's list stays visible, so that things can be dropped on it; it paints the
    // hint.
    const bool empty = m_model->rowCount() == 0;
    const bool failed = m_error != Error{};
    if (!empty || (!failed && state == FsModel::FolderState::Loaded)) {
        m_ui->stack->setCurrentWidget(m_ui->listPage);
    } else if (failed) {
        const bool missing = m_error.kind == Error::Kind::NotFound;
        showMessage(tr("The folder “%1” could not be opened.\n%2").arg(root, errorText(m_error)),
                    missing ? tr("Go to “%1”").arg(wayOut()) : tr("Try again"));
    } else {
        showMessage(tr("Opening…"), {});
    }
    m_ui->fileView->setEmptyText(!failed && state == FsModel::FolderState::Loaded && empty
                                     ? tr("This folder is empty.\nDrop files and folders here.")
                                     : QString());
}

void FilePanel::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    // The menu stays open while the list may change under it.
    const QPersistentModelIndex index =
        m_ui->fileView->indexAt(position).siblingAtColumn(FsModel::NameColumn);
    if (index.isValid()) {
        if (index.data(FsModel::IsDirRole).toBool())
            menu->addAction(themedIcon(u"folder"_s), tr("&Open"), this, [this, index] {
                if (index.isValid())
                    activate(index);
            });
        menu->addAction(themedIcon(u"download"_s), tr("&Download"), m_ui->downloadButton,
                        &QToolButton::click);
        menu->addAction(tr("&Rename"), QKeySequence(Qt::Key_F2), this, [this, index] {
            if (index.isValid())
                m_ui->fileView->edit(index);
        });
        menu->addAction(themedIcon(u"delete"_s), tr("D&elete…"), this, &FilePanel::askDelete);
        menu->addSeparator();
    }
    menu->addAction(themedIcon(u"newfolder"_s), tr("&New folder…"), this, &FilePanel::askNewFolder);
    menu->addAction(themedIcon(u"upload"_s), tr("&Upload files…"), this,
                    [this] { askUpload(false); });
    menu->addAction(tr("Upload &folder…"), this, [this] { askUpload(true); });
    menu->addSeparator();
    menu->addAction(themedIcon(u"refresh"_s), tr("Re&fresh"), this, &FilePanel::refresh);
    menu->popup(m_ui->fileView->viewport()->mapToGlobal(position));
}

void FilePanel::askUpload(bool folder)
{
    auto *dialog = new QFileDialog(this, folder ? tr("Upload a folder") : tr("Upload files"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFiles);
    dialog->setDirectory(QDir::homePath());
    const QString target = m_model->rootPath();
    connect(dialog, &QFileDialog::filesSelected, this, [this, target](const QStringList &files) {
        if (!files.isEmpty())
            Q_EMIT uploadRequested(files, target);
    });
    dialog->open();
}

void FilePanel::askNewFolder()
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New folder"));
    dialog->setLabelText(tr("Name of the new folder in “%1”").arg(m_model->rootPath()));
    dialog->setOkButtonText(tr("Create"));
    const QString parentPath = m_model->rootPath();
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, parentPath](const QString &name) {
                if (!FsModel::isValidName(name)) {
                    Q_EMIT problem(
                        tr("“%1” cannot be the name of a folder: it must not be empty, contain a "
                           "slash, or be longer than 255 bytes.")
                            .arg(name));
                    return;
                }
                if (m_model->indexOf((parentPath == "/"_L1 ? QString() : parentPath) % u'/' % name)
                        .isValid()) {
                    Q_EMIT problem(tr("There is already something called “%1” here.").arg(name));
                    return;
                }
                m_model->makeFolder(parentPath, name);
            });
    dialog->open();
}

void FilePanel::askDelete()
{
    const QList<FileEntry> entries = selectedEntries();
    if (entries.isEmpty())
        return;
    QStringList paths;
    QStringList names;
    for (const FileEntry &entry : entries) {
        paths.append(entry.path);
        if (names.size() < NamesListed)
            names.append(entry.name);
    }
    if (entries.size() > NamesListed)
        names.append(tr("and %n more", nullptr, int(entries.size()) - NamesListed));
    ask(this,
        {.title = tr("Delete"),
         .text = entries.size() == 1
                     ? tr("Delete “%1” from the sandbox?").arg(names.first())
                     : tr("Delete these %n items from the sandbox?", nullptr, int(entries.size())),
         .details = (entries.size() == 1 ? QString() : names.join(u'\n') % u"\n\n"_s) %
                    tr("This cannot be undone."),
         .action = tr("Delete"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole},
        [this, paths] { m_model->remove(paths); });
}

}  // namespace voidrun
