// SPDX-License-Identifier: MIT
#include "filepanel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QVBoxLayout>

#include "clipping.h"
#include "deleteflow.h"
#include "dragoutdata.h"
#include "dragoutflow.h"
#include "errortext.h"
#include "fileactions.h"
#include "filenamedelegate.h"
#include "fileproxymodel.h"
#include "icons.h"
#include "models/filesearch.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/guesttrash.h"
#include "models/places.h"
#include "models/runnable.h"
#include "moveflow.h"
#include "placesmenu.h"
#include "previewdialog.h"
#include "searchpage.h"
#include "ui_filepanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr qsizetype History = 100;              // folders remembered for Back
constexpr int FirstCopyTicket = 1'000'000'000;  // far from those of drags

// Some at the top of the model, which has them first.
QStringList foldersIn(const FsModel *model)
{
    constexpr int Most = 1000;
    QStringList folders;
    for (int row = 0; row < model->rowCount() && folders.size() < Most; ++row) {
        const QModelIndex index = model->index(row, 0);
        if (!index.data(FsModel::IsDirRole).toBool())
            break;
        folders.append(model->path(index));
    }
    return folders;
}

}  // namespace

FilePanel::FilePanel(FsModel *model, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::FilePanel>()),
      m_model(model),
      m_proxy(new FileProxyModel(this)),
      m_actions(new FileActions(this)),
      m_dragOut(new DragOutFlow(this)),
      m_copyOut(new DragOutFlow(this, FirstCopyTicket)),
      m_deleteFlow(new DeleteFlow(model, this)),
      m_moveFlow(new MoveFlow(model, this)),
      m_clipping(new Clipping(this)),
      m_search(model->createSearch(this)),
      m_searchPage(new SearchPage(this)),
      m_placesMenu(new PlacesMenu(this))
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
    m_emptyUpload = new QToolButton(m_ui->fileView->viewport());
    setUpBar();
    connectModel();
    connectView();
    connectActions();
    connectSearch();
    updateState();
}

FilePanel::~FilePanel() = default;

// Names come first where there is little room.
void FilePanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const int em = fontMetrics().horizontalAdvance(u'm');
    m_ui->fileView->setColumnHidden(FsModel::PermissionsColumn, width() < 50 * em);
    m_ui->fileView->setColumnHidden(FsModel::ModifiedColumn, width() < 35 * em);
}

void FilePanel::setSandboxName(const QString &name)
{
    m_deleteFlow->setSandboxName(name);
    m_moveFlow->setSandboxName(name);
}

void FilePanel::setPlaces(Places *places)
{
    m_places = places;
    m_placesMenu->setPlaces(places);
}

void FilePanel::setUpBar()
{
    const std::pair<QToolButton *, QAction *> buttons[] = {
        {m_ui->backButton, m_actions->back},
        {m_ui->forwardButton, m_actions->forward},
        {m_ui->upButton, m_actions->up},
        {m_ui->refreshButton, m_actions->refresh},
        {m_ui->newFolderButton, m_actions->newFolder},
        {m_ui->runFileButton, m_actions->run},
        {m_ui->downloadButton, m_actions->download},
        {m_ui->deleteButton, m_actions->remove}};
    for (const auto &[button, action] : buttons) {
        button->setDefaultAction(action);
        button->setAccessibleName(action->iconText());
    }
    auto *menu = new QMenu(this);
    menu->addActions({m_actions->uploadFiles, m_actions->uploadFolder});
    m_ui->uploadButton->setMenu(menu);
    m_ui->uploadButton->setIcon(themedIcon(u"upload"_s));
    // In the middle of a folder that is empty, below the words.
    m_emptyUpload->setText(m_ui->uploadButton->text());
    m_emptyUpload->setIcon(m_ui->uploadButton->icon());
    m_emptyUpload->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_emptyUpload->setPopupMode(QToolButton::InstantPopup);
    m_emptyUpload->setMenu(menu);
    m_emptyUpload->setAccessibleName(tr("Upload into this folder"));
    auto *middle = new QVBoxLayout(m_ui->fileView->viewport());
    middle->addStretch();
    middle->addSpacing(6 * fontMetrics().height());
    middle->addWidget(m_emptyUpload, 0, Qt::AlignHCenter);
    middle->addStretch();
    m_ui->placesButton->setMenu(m_placesMenu);
    m_ui->placesButton->setIcon(themedIcon(u"star"_s));
    m_ui->searchButton->setDefaultAction(m_actions->search);
    m_ui->filterCloseButton->setIcon(themedIcon(u"close"_s));
    m_ui->filterBar->hide();
}

void FilePanel::connectModel()
{
    connect(m_model, &FsModel::loadingStarted, this, &FilePanel::updateState);
    connect(m_model, &FsModel::loadingFinished, this, [this] {
        m_error = {};
        if (m_places && m_model->folderState() == FsModel::FolderState::Loaded)
            m_places->addRecent(m_model->rootPath());
        updateState();
        updateKnownFolders();
        if (!m_selectWhenLoaded.isEmpty())
            selectPath(m_selectWhenLoaded);
    });
    connect(m_model, &FsModel::loadingFailed, this,
            [this](const QString &path, const Error &error) {
                m_isWaking = false;
                if (path == m_model->rootPath())
                    m_error = error;
                else
                    Q_EMIT failure(
                        tr("The folder “%1” could not be opened. %2").arg(path, errorText(error)),
                        error);
                updateState();
            });
    connect(
        m_model, &FsModel::operationFailed, this, [this](const QString &path, const Error &error) {
            Q_EMIT failure(tr("“%1” could not be changed. %2").arg(path, errorText(error)), error);
        });
    const auto selectMade = [this](const QString &path) {
        selectPath(path);
        focusList();  // the next key is meant for it
    };
    connect(m_model, &FsModel::folderMade, this, selectMade);
    connect(m_model, &FsModel::fileMade, this, selectMade);
    const auto selectTarget = [this](const QString &, const QString &to) {
        if (guestpath::parent(to) == m_model->rootPath())
            selectPath(to);
    };
    connect(m_model, &FsModel::renamed, this, selectTarget);
    connect(m_model, &FsModel::copied, this, selectTarget);
    connect(m_model, &FsModel::compressed, this,
            [this, selectTarget](const QString &path, const QString &archive) {
                Q_EMIT notice(tr("“%1” was compressed into “%2”.")
                                  .arg(guestpath::fileName(path), guestpath::fileName(archive)));
                selectTarget(path, archive);
            });
    connect(m_model, &FsModel::extracted, this,
            [this, selectTarget](const QString &archive, const QString &folder) {
                Q_EMIT notice(
                    tr("“%1” was extracted to “%2”.").arg(guestpath::fileName(archive), folder));
                selectTarget(archive, folder);
            });
    connect(m_model, &FsModel::uploadRequested, this, &FilePanel::upload);
    for (const auto signal : {&FsModel::rowsInserted, &FsModel::rowsRemoved})
        connect(m_model, signal, this, &FilePanel::updateState);
    connect(m_model, &FsModel::modelReset, this, &FilePanel::updateState);
}

void FilePanel::connectView()
{
    FileTreeView *view = m_ui->fileView;
    connect(view, &FileTreeView::filesDropped, this,
            [this](const QList<QUrl> &files, const QModelIndex &target) {
                upload(files, m_model->path(m_proxy->mapToSource(target)));
            });
    connect(view, &FileTreeView::contentDropped, this,
            [this](const QMimeData *data, const QModelIndex &target, Qt::DropAction action) {
                take(data, m_model->path(m_proxy->mapToSource(target)), action);
            });
    connect(view, &FileTreeView::springOpened, this, [this](const QModelIndex &folder) {
        openFolder(m_model->path(m_proxy->mapToSource(folder)));
    });
    connect(m_ui->pathBar, &PathBar::dropped, this, &FilePanel::take);
    connect(view, &FileTreeView::dragOutStarted, m_dragOut, &DragOutFlow::start);
    connect(view, &FileTreeView::dragOutEnded, m_dragOut, &DragOutFlow::end);
    connectFetching(m_dragOut);
    connectFetching(m_copyOut);
    connect(m_copyOut, &DragOutFlow::fetchedInto, this, [](const DragOutData *data) {
        if (QGuiApplication::clipboard()->mimeData() == data)
            QGuiApplication::clipboard()->setMimeData(data->clone());
    });
    connect(m_copyOut, &DragOutFlow::tooLarge, this,
            [this](const QStringList &paths, qint64 bytes) {
                const QString size =
                    bytes < 0 ? tr("of unknown size") : locale().formattedDataSize(bytes);
                Q_EMIT offer(tr("Copied for VoidRun only: too large for other programs to paste "
                                "(%1). Download it for those.")
                                 .arg(size),
                             tr("Download"), [self = QPointer(this), paths] {
                                 if (self)
                                     Q_EMIT self->downloadRequested(paths);
                             });
            });
    connect(m_dragOut, &DragOutFlow::droppedTooEarly, this, [this](const QStringList &paths) {
        Q_EMIT notice(
            tr("They were not fetched yet when you dropped them, so they are downloaded "
               "to your downloads folder instead."));
        Q_EMIT downloadRequested(paths);
    });
    connect(view, &QTreeView::activated, this, &FilePanel::activate);
    connect(view, &QWidget::customContextMenuRequested, this, &FilePanel::showContextMenu);
    connect(view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        updateState();
        if (m_preview)
            m_previewTimer.start();
    });
    connect(m_ui->pathBar, &PathBar::pathChosen, this, [this](const QString &path) {
        openFolder(path);
        focusList();
    });
    connect(m_ui->pathBar, &PathBar::foldersWanted, this, &FilePanel::completeBelow);
    connect(m_ui->pathBar, &PathBar::editingEnded, this, [this] {
        delete m_completion;
        updateKnownFolders();
        focusList();
    });
    connect(m_ui->filterEdit, &QLineEdit::textChanged, m_proxy, &FileProxyModel::setNameFilter);
    connect(m_ui->filterEdit, &QLineEdit::textChanged, this, &FilePanel::updateState);
    connect(m_ui->filterEdit, &QLineEdit::returnPressed, m_actions->search, &QAction::trigger);
    connect(m_ui->filterCloseButton, &QToolButton::clicked, this, &FilePanel::hideFilter);
    connect(m_ui->messageButton, &QPushButton::clicked, this, [this] {
        if (!isResting() && m_error.kind == Error::Kind::NotFound)
            openFolder(wayOut());
        else
            refresh();
    });
}

void FilePanel::connectFetching(DragOutFlow *flow)
{
    connect(flow, &DragOutFlow::fetchRequested, this, &FilePanel::dragOutFetchRequested);
    connect(flow, &DragOutFlow::cancelled, this, &FilePanel::dragOutCancelled);
    connect(flow, &DragOutFlow::problem, this, &FilePanel::problem);
}

QString FilePanel::folder() const
{
    return m_model->rootPath();
}

bool FilePanel::isAskedFor() const
{
    return m_model->folderState() != FsModel::FolderState::NotLoaded;
}

void FilePanel::setRest(const QString &text, const QString &button)
{
    if (text.isEmpty())
        m_isWaking = false;
    if (m_isWaking || (text == m_restText && button == m_restButton))
        return;
    m_restText = text;
    m_restButton = button;
    updateState();
}

// Listing a folder wakes the sandbox; until it says that it runs, it is not said to sleep.
void FilePanel::leaveRest()
{
    m_isWaking = m_isWaking || isResting();
    m_restText.clear();
}

void FilePanel::openFolder(const QString &path)
{
    navigate(path, true);
}

void FilePanel::navigate(const QString &path, bool remember)
{
    const QString old = m_model->rootPath();
    m_error = {};
    leaveRest();
    hideFilter();
    m_search->cancel();
    m_model->setRootPath(path);
    m_placesMenu->setFolder(m_model->rootPath());
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
    if (!isAskedFor())
        return openFolder(QString(guestpath::WorkFolder));
    m_error = {};
    leaveRest();
    m_model->refresh();
    updateState();
}

void FilePanel::setHiddenShown(bool shown)
{
    m_actions->showHidden->setChecked(shown);
    m_proxy->setHiddenShown(shown);
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
    m_copyOut->fetched(ticket, localFiles);
}

void FilePanel::activate(const QModelIndex &index)
{
    if (m_ui->fileView->selectionModel()->selectedRows().size() > 1)
        return downloadSelected();  // Enter means all that is marked
    const FileEntry entry = index.data(FsModel::EntryRole).value<FileEntry>();
    if (entry.isDir)
        openFolder(m_model->path(m_proxy->mapToSource(index)));
    else
        Q_EMIT editRequested(entry.path, false);
}

QList<FileEntry> FilePanel::selectedEntries() const
{
    QList<FileEntry> entries;
    for (const QModelIndex &index : m_ui->fileView->selectionModel()->selectedRows())
        entries.append(index.data(FsModel::EntryRole).value<FileEntry>());
    return entries;
}

// All of a large folder may be: only counted.
int FilePanel::selectedCount() const
{
    int count = 0;
    for (const QItemSelectionRange &range : m_ui->fileView->selectionModel()->selection())
        count += range.height();
    return count;
}

QStringList FilePanel::selectedPaths() const
{
    QStringList paths;
    for (const FileEntry &entry : selectedEntries())
        paths.append(entry.path);
    return paths;
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
    const QString root = isAskedFor() ? m_model->rootPath() : QString(guestpath::WorkFolder);
    m_ui->pathBar->setPath(root);
    const int selected = selectedCount();
    const FileEntry only = selected == 1 ? selectedEntries().value(0) : FileEntry();
    const bool isFile = selected == 1 && !only.isDir;
    const bool isLoaded = !isResting() && m_model->folderState() == FsModel::FolderState::Loaded;
    m_actions->update({.canGoBack = !m_back.isEmpty(),
                       .canGoForward = !m_forward.isEmpty(),
                       .canGoUp = root != "/"_L1,
                       .isLoaded = isLoaded,
                       .canPaste = true,
                       .selected = selected,
                       .isFolder = only.isDir,
                       .isArchive = isFile && FsModel::isArchive(only.path),
                       .isRunnable = isFile && runnable::isRunnable(only.name),
                       .canRunInTerminal = isFile && !runCommand(only).isEmpty(),
                       .canUndo = m_deleteFlow->canUndo(),
                       .isTrash = guesttrash::isInTrash(root)});
    m_ui->uploadButton->setEnabled(isLoaded);
    m_actions->refresh->setEnabled(!isResting());  // it would wake the sandbox
    updateList();
}

// What a typed path is completed with: the folders in the one that is shown.
void FilePanel::updateKnownFolders()
{
    if (!m_completion)
        m_ui->pathBar->setKnownFolders(foldersIn(m_model));
}

// And those in the folder that is typed, which is listed for that.
void FilePanel::completeBelow(const QString &folder)
{
    delete m_completion;
    if (folder == m_model->rootPath() || isResting())
        return updateKnownFolders();
    m_completion = m_model->createOther(this);
    connect(m_completion, &FsModel::loadingFinished, this,
            [this] { m_ui->pathBar->setKnownFolders(foldersIn(m_completion)); });
    m_completion->setRootPath(folder);
}

// The list, or why there is none. An empty folder's list stays visible, so that things can be
// dropped on it; it paints the hint.
void FilePanel::updateList()
{
    const QString root = m_model->rootPath();
    const bool isLoaded = m_model->folderState() == FsModel::FolderState::Loaded;
    const bool isEmpty = m_model->rowCount() == 0;
    const bool hasFailed = m_error != Error{};
    QString hint;
    if (!hasFailed && isLoaded && isEmpty)
        hint = tr("This folder is empty.\nDrop files and folders here.");
    else if (!isEmpty && m_proxy->rowCount() == 0)
        hint = m_ui->filterEdit->text().isEmpty()
                   ? tr("There are only hidden files here.\nCtrl+H shows them.")
                   : tr("No name here contains “%1”.").arg(m_ui->filterEdit->text());
    m_ui->fileView->setEmptyText(hint);
    m_emptyUpload->setVisible(!hasFailed && isLoaded && isEmpty);
    if (isResting())
        return showMessage(m_restText, m_restButton);
    if (m_ui->stack->currentWidget() == m_searchPage)
        return;
    if (!isEmpty || (!hasFailed && isLoaded)) {
        m_ui->stack->setCurrentWidget(m_ui->listPage);
    } else if (hasFailed) {
        const bool missing = m_error.kind == Error::Kind::NotFound;
        showMessage(tr("The folder “%1” could not be opened.\n%2").arg(root, errorText(m_error)),
                    missing ? tr("Go to “%1”").arg(wayOut()) : tr("Try again"));
    } else {
        showMessage(tr("Opening…"), {});
    }
}

void FilePanel::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fillMenu(menu, m_ui->fileView->indexAt(position).isValid());
    menu->popup(m_ui->fileView->viewport()->mapToGlobal(position));
}

void FilePanel::connectSearch()
{
    m_ui->stack->addWidget(m_searchPage);
    connect(m_search, &FileSearch::found, m_searchPage, &SearchPage::showFound);
    connect(m_search, &FileSearch::failed, m_searchPage, &SearchPage::showFailure);
    const auto leave = [this] {
        m_search->cancel();
        hideFilter();
        m_ui->stack->setCurrentWidget(m_ui->listPage);
        updateList();
        focusList();
    };
    connect(m_searchPage, &SearchPage::closed, this, leave);
    connect(m_searchPage, &SearchPage::pathChosen, this, [this, leave](const QString &path) {
        leave();
        openFolder(guestpath::parent(path));
        selectPath(path);
    });
}

// Of files whose names contain what stands in the filter; without that, it is asked for.
void FilePanel::searchBelow()
{
    const QString text = m_ui->filterEdit->text().trimmed();
    showFilter();
    if (text.isEmpty())
        return;
    m_ui->stack->setCurrentWidget(m_searchPage);
    m_searchPage->showSearching(m_model->rootPath(), text);
    m_search->start(m_model->rootPath(), text);
}

void FilePanel::showFilter()
{
    m_ui->filterBar->show();
    m_ui->filterEdit->setFocus(Qt::ShortcutFocusReason);
    m_ui->filterEdit->selectAll();
}

void FilePanel::hideFilter()
{
    if (m_ui->filterBar->isHidden())
        return;
    m_ui->filterEdit->clear();
    m_ui->filterBar->hide();
    focusList();
}

}  // namespace voidrun
