// SPDX-License-Identifier: MIT
// What the actions of a FilePanel do.
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QInputDialog>
#include <QMimeData>
#include <QShortcut>

#include "clipping.h"
#include "deleteflow.h"
#include "dragoutdata.h"
#include "dragoutflow.h"
#include "fileactions.h"
#include "filepanel.h"
#include "fileproxymodel.h"
#include "models/filedetails.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/runcommand.h"
#include "moveflow.h"
#include "namedialog.h"
#include "placesmenu.h"
#include "previewdialog.h"
#include "propertiesdialog.h"
#include "question.h"
#include "sandboxlistview.h"
#include "ui_filepanel.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto PreviewDelay = 150ms;  // a look at each file that is passed over helps nobody
const QString CutMark = u"application/x-kde-cutselection"_s;  // "1": paste moves

}  // namespace

void FilePanel::connectActions()
{
    const auto on = [this](QAction *action, auto run) {
        connect(action, &QAction::triggered, this, run);
    };
    on(m_actions->back, [this] {
        if (m_back.isEmpty())
            return;
        m_forward.append(m_model->rootPath());
        navigate(m_back.takeLast(), false);
    });
    on(m_actions->forward, [this] {
        if (m_forward.isEmpty())
            return;
        m_back.append(m_model->rootPath());
        navigate(m_forward.takeLast(), false);
    });
    on(m_actions->up, [this] { openFolder(guestpath::parent(m_model->rootPath())); });
    on(m_actions->goTo, [this] { m_ui->pathBar->edit(); });
    on(m_actions->refresh, [this] { refresh(); });
    on(m_actions->open, [this] { activate(m_ui->fileView->currentIndex()); });
    on(m_actions->editHere, [this] { Q_EMIT editRequested(selectedPaths().value(0), true); });
    on(m_actions->run, [this] { Q_EMIT runRequested(selectedPaths().value(0)); });
    on(m_actions->download, [this] { downloadSelected(); });
    on(m_actions->terminal, [this] {
        const QStringList paths = selectedPaths();
        Q_EMIT terminalRequested(paths.isEmpty() ? m_model->rootPath() : paths.first());
    });
    on(m_actions->watch, [this] {
        const QStringList paths = selectedPaths();
        Q_EMIT watchRequested(paths.isEmpty() ? m_model->rootPath() : paths.first());
    });
    on(m_actions->runInTerminal, [this] {
        const FileEntry entry = selectedEntries().value(0);
        if (const QString command = runCommand(entry); !command.isEmpty())
            Q_EMIT runInTerminalRequested(guestpath::parent(entry.path), command);
    });
    on(m_actions->cut, [this] { copyToClipboard(true); });
    on(m_actions->copy, [this] { copyToClipboard(false); });
    on(m_actions->paste, [this] { paste(); });
    on(m_actions->duplicate, [this] { m_model->copy(selectedPaths(), m_model->rootPath()); });
    on(m_actions->copyPath,
       [this] { QGuiApplication::clipboard()->setText(selectedPaths().join(u'\n')); });
    on(m_actions->rename, [this] {
        m_ui->fileView->edit(m_ui->fileView->currentIndex().siblingAtColumn(FsModel::NameColumn));
    });
    on(m_actions->remove, [this] { m_deleteFlow->askDelete(selectedEntries(), false); });
    on(m_actions->removeForGood, [this] { m_deleteFlow->askDelete(selectedEntries(), true); });
    on(m_actions->undo, [this] { m_deleteFlow->undo(); });
    on(m_actions->putBack, [this] { m_model->putBack(selectedPaths()); });
    on(m_actions->emptyTrash, [this] { m_deleteFlow->askEmptyTrash(); });
    connect(m_deleteFlow, &DeleteFlow::undoChanged, this, &FilePanel::updateState);
    connect(m_deleteFlow, &DeleteFlow::notice, this, &FilePanel::notice);
    connect(m_deleteFlow, &DeleteFlow::offer, this, &FilePanel::offer);
    connect(m_clipping, &Clipping::written, this,
            [this](const QString &path, const QString &targetFolder) {
                Q_EMIT uploadRequested({path}, targetFolder);
            });
    connect(m_clipping, &Clipping::failed, this, &FilePanel::problem);
    connect(m_placesMenu, &PlacesMenu::folderChosen, this, &FilePanel::openFolder);
    connect(m_placesMenu, &PlacesMenu::problem, this, &FilePanel::problem);
    m_ui->fileView->addAction(m_actions->preview);
    on(m_actions->preview, [this] { togglePreview(); });
    m_previewTimer.setSingleShot(true);
    m_previewTimer.setInterval(PreviewDelay);
    connect(&m_previewTimer, &QTimer::timeout, this, &FilePanel::updatePreview);
    on(m_actions->extractHere, [this] { extractSelected(); });
    on(m_actions->extractTo, [this] { askExtractTo(); });
    connect(m_actions, &FileActions::compressRequested, this, &FilePanel::compressSelected);
    on(m_actions->properties, [this] { showProperties(); });
    on(m_actions->newFolder, [this] { askName(true); });
    on(m_actions->newFile, [this] { askName(false); });
    on(m_actions->uploadFiles, [this] { askUpload(false); });
    on(m_actions->uploadFolder, [this] { askUpload(true); });
    on(m_actions->filter, [this] { showFilter(); });
    on(m_actions->search, [this] { searchBelow(); });
    connect(m_actions->showHidden, &QAction::toggled, this, [this](bool shown) {
        setHiddenShown(shown);
        Q_EMIT hiddenShownChanged(shown);
    });
    auto *escape = new QShortcut(Qt::Key_Escape, m_ui->filterBar);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &FilePanel::hideFilter);
}

QString FilePanel::runCommand(const FileEntry &entry)
{
    constexpr uint AnyMayExecute = 0111;
    return entry.isDir ? QString() : runCommandFor(entry.path, entry.mode & AnyMayExecute);
}

void FilePanel::upload(const QList<QUrl> &files, const QString &folder)
{
    QStringList paths;
    for (const QUrl &url : files)
        paths.append(url.toLocalFile());
    Q_EMIT uploadRequested(paths, folder);
}

void FilePanel::downloadSelected()
{
    const QStringList paths = selectedPaths();
    if (!paths.isEmpty())
        Q_EMIT downloadRequested(paths);
}

// As paths of this sandbox for ourselves, as text for terminals and editors, and as files for other
// programs once they were fetched; large ones are not.
void FilePanel::copyToClipboard(bool cut)
{
    QModelIndexList rows;
    for (const QModelIndex &index : m_ui->fileView->selectionModel()->selectedRows())
        rows.append(m_proxy->mapToSource(index));
    QMimeData *data = m_model->mimeData(rows);
    if (!data)
        return;
    data->setText(selectedPaths().join(u'\n'));
    data->setData(CutMark, cut ? "1" : "0");
    auto *offered = new DragOutData(data, DragOutData::Offer::WhenFetched);
    m_copyOut->end(nullptr, false, true);  // what was copied before is not asked for any more
    QGuiApplication::clipboard()->setMimeData(offered);  // takes it
    if (!cut)
        m_copyOut->startCopy(offered);
}

void FilePanel::paste()
{
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    if (!data)
        return;
    const bool isCut = FsModel::hasGuestPaths(data) && data->data(CutMark) == "1";
    take(data, m_model->rootPath(), isCut ? Qt::MoveAction : Qt::CopyAction);
    if (isCut)
        QGuiApplication::clipboard()->clear();  // what was moved is not there to be moved again
}

// What was pasted, or dropped on a folder; `action` as chosenAction() gives it.
void FilePanel::take(const QMimeData *data, const QString &folder, Qt::DropAction action)
{
    const QStringList paths = FsModel::guestPathsOf(data, m_model->sandboxId());
    if (!paths.isEmpty()) {
        const bool isCopy = action == Qt::CopyAction;
        m_moveFlow->start(isCopy ? MoveFlow::Kind::Copy : MoveFlow::Kind::Move, paths, folder);
    } else if (FsModel::hasGuestPaths(data)) {
        Q_EMIT copyFromSandboxRequested(data, folder, action == Qt::MoveAction);
    } else if (const QList<QUrl> files = localFilesOf(data); !files.isEmpty()) {
        upload(files, folder);
    } else if (Clipping::canWrite(data)) {
        m_clipping->write(data, folder);
    } else {
        Q_EMIT notice(tr("There is nothing on the clipboard that could become a file."));
    }
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

void FilePanel::askName(bool folder)
{
    const QString parentPath = m_model->rootPath();
    auto *dialog = new NameDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(folder ? tr("New folder") : tr("New file"));
    dialog->setQuestion(
        (folder ? tr("Name of the new folder in “%1”") : tr("Name of the new file in “%1”"))
            .arg(parentPath));
    dialog->setIsTaken([this, parentPath](const QString &name) {
        return m_model->indexOf(guestpath::join(parentPath, name)).isValid();
    });
    connect(dialog, &NameDialog::nameAccepted, this,
            [this, parentPath, folder](const QString &name) {
                if (folder)
                    m_model->makeFolder(parentPath, name);
                else
                    m_model->makeFile(parentPath, name);
            });
    dialog->open();
}

void FilePanel::compressSelected(ArchiveFormat format)
{
    const QStringList paths = selectedPaths();
    for (const QString &path : paths)
        m_model->compress(path, format);
    if (!paths.isEmpty())
        Q_EMIT notice(tr("Compressing %n item(s)…", nullptr, int(paths.size())));
}

// Into a folder of its own: nothing that is there can be replaced.
void FilePanel::extractSelected()
{
    const QString archive = selectedPaths().value(0);
    Q_EMIT notice(tr("Extracting “%1”…").arg(guestpath::fileName(archive)));
    m_model->extract(archive, m_model->freeFolderFor(archive));
}

void FilePanel::askExtractTo()
{
    const QString archive = selectedPaths().value(0);
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Extract “%1”").arg(guestpath::fileName(archive)));
    dialog->setLabelText(
        tr("Into this folder of the sandbox. It is made where there is none; files "
           "in it that are in the archive too are replaced."));
    dialog->setTextValue(m_model->freeFolderFor(archive));
    dialog->setOkButtonText(tr("Extract"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, archive](const QString &text) {
        const QString folder = text.trimmed();
        if (folder.isEmpty())
            return;
        Q_EMIT notice(tr("Extracting “%1”…").arg(guestpath::fileName(archive)));
        m_model->extract(archive, folder.startsWith(u'/')
                                      ? folder
                                      : guestpath::join(m_model->rootPath(), folder));
    });
    dialog->open();
}

// Of what is selected, or of the folder that is shown.
void FilePanel::showProperties()
{
    const QList<FileEntry> selected = selectedEntries();
    const FileEntry entry = selected.isEmpty() ? m_model->entry({}) : selected.first();
    auto *dialog = new PropertiesDialog(entry, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    FileDetails *details = m_model->createDetails(entry.path, dialog);
    connect(details, &FileDetails::loaded, dialog, &PropertiesDialog::showStat);
    connect(details, &FileDetails::measured, dialog, &PropertiesDialog::showFolderSize);
    connect(details, &FileDetails::failed, dialog, &PropertiesDialog::showProblem);
    connect(dialog, &PropertiesDialog::modeChosen, this,
            [this, path = entry.path](uint mode) { m_model->changeMode(path, mode); });
    connect(m_model, &FsModel::modeChanged, details, &FileDetails::load);
    connect(m_model, &FsModel::operationFailed, dialog,
            [dialog, path = entry.path](const QString &failed, const Error &error) {
                if (failed == path)
                    dialog->showProblem(error);
            });
    details->load();
    dialog->open();
}

// Beside the list, which keeps the keys: they choose the next file to look at.
void FilePanel::togglePreview()
{
    if (m_preview) {
        m_preview->close();
        return;
    }
    m_preview = new PreviewDialog(m_model->createReader(nullptr), this);
    m_preview->setAttribute(Qt::WA_DeleteOnClose);
    m_preview->setAttribute(Qt::WA_ShowWithoutActivating);
    connect(m_preview, &PreviewDialog::downloadRequested, this, &FilePanel::downloadRequested);
    updatePreview();
    m_preview->show();
}

void FilePanel::updatePreview()
{
    if (!m_preview || selectedCount() != 1)
        return;
    const QList<FileEntry> selected = selectedEntries();
    if (!selected.isEmpty() && selected.first() != m_preview->entry())
        m_preview->showFile(selected.first());
}

}  // namespace voidrun
