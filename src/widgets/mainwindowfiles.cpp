// SPDX-License-Identifier: MIT
// The window's files: a panel for each sandbox, the second pane, and copying between sandboxes.
#include <QSettings>

#include "editingflow.h"
#include "errortext.h"
#include "filepanel.h"
#include "localpanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/crosscopyflow.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/places.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "noticebar.h"
#include "sandboxdelegate.h"
#include "sidepane.h"
#include "transferflow.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr auto HiddenKey = "files/showHidden"_L1;
constexpr auto LocalFolderKey = "files/localFolder"_L1;
}  // namespace

FilePanel *MainWindow::filesOf(const QString &sandboxId)
{
    if (FilePanel *files = m_files.value(keyOf(sandboxId)))
        return files;
    if (!m_connection)
        return nullptr;
    FilePanel *files = makeFiles(sandboxId);
    m_files.insert(keyOf(sandboxId), files);
    m_ui->fileStack->addWidget(files);
    // By Tab they come before the terminals, as they do on the screen.
    QWidget *before = m_ui->terminalButton;
    for (QWidget *child : files->findChildren<QWidget *>()) {
        if (!(child->focusPolicy() & Qt::TabFocus))
            continue;
        setTabOrder(before, child);
        before = child;
    }
    openAtFirst(files);
    return files;
}

// In both panes.
QList<FilePanel *> MainWindow::panelsOf(const Connection *connection) const
{
    QList<FilePanel *> panels;
    for (const auto &[key, files] : m_files.asKeyValueRange()) {
        if (key.first == connection->profile().id)
            panels.append(files);
    }
    if (m_sidePane && connection == m_connection)
        panels += m_sidePane->panels();
    return panels;
}

// Looking at a sandbox that sleeps does not wake it; the panel's button does.
void MainWindow::openAtFirst(FilePanel *files)
{
    const std::optional<Sandbox> sandbox =
        m_connection->sandboxes()->sandbox(files->model()->sandboxId());
    if (!sandbox || sandbox->isRunning())
        files->openFolder(QString(guestpath::WorkFolder));
    else
        updateRest(files);
}

// In place of the files of a sandbox that does not run, or that nobody asked for yet: looking at a
// sandbox touches nothing in it. `files` is one of the connection that is shown.
void MainWindow::updateRest(FilePanel *files) const
{
    const std::optional<Sandbox> sandbox =
        m_connection->sandboxes()->sandbox(files->model()->sandboxId());
    if (!sandbox)
        return;
    const QString name = visibleText(sandbox->name);
    if (sandbox->isRunning() && files->isAskedFor())
        files->setRest({}, {});
    else if (sandbox->isRunning())
        files->setRest(tr("“%1” is running.").arg(name), tr("Show its files"));
    else if (sandbox->isAsleep())
        files->setRest(sandboxAsleepText(name), tr("Wake it and show its files"));
    else
        files->setRest(tr("“%1” is not running (%2).").arg(name, sandboxStateText(*sandbox)),
                       tr("Wake it and show its files"));
}

void MainWindow::updateRests() const
{
    if (!m_connection)
        return;
    for (FilePanel *files : panelsOf(m_connection))
        updateRest(files);
}

FilePanel *MainWindow::makeFiles(const QString &sandboxId)
{
    auto *files = new FilePanel(m_connection->createFsModel(sandboxId, nullptr));
    files->setSandboxName(nameOf(sandboxId));
    connect(files, &FilePanel::uploadRequested, this,
            [this, sandboxId](const QStringList &paths, const QString &folder) {
                upload(sandboxId, paths, folder);
            });
    connect(files, &FilePanel::downloadRequested, this,
            [this, sandboxId](const QStringList &paths) {
                download(sandboxId, paths, downloadFolder());
            });
    connect(files, &FilePanel::copyFromSandboxRequested, this,
            [this, sandboxId](const QMimeData *data, const QString &folder, bool move) {
                copyFromSandbox(data, sandboxId, folder, move);
            });
    connect(files, &FilePanel::dragOutFetchRequested, this,
            [this, sandboxId, files](int ticket, const QStringList &paths, const QString &folder) {
                if (m_connection)
                    m_transferFlow->startDragOut(
                        requestFor(TransferRequest::Direction::Download, sandboxId, paths, folder),
                        files, ticket);
            });
    connect(files, &FilePanel::dragOutCancelled, m_transferFlow,
            [this, files](int ticket) { m_transferFlow->cancelDragOut(files, ticket); });
    connect(
        files, &FilePanel::editRequested, this, [this, sandboxId](const QString &path, bool here) {
            if (m_connection)
                m_editing->open(m_connection->profile(), sandboxId, nameOf(sandboxId), path, here);
        });
    connect(files, &FilePanel::runRequested, this,
            [this, sandboxId](const QString &path) { runFile(sandboxId, path); });
    connect(files, &FilePanel::terminalRequested, this,
            [this, sandboxId](const QString &folder) { openTerminal(sandboxId, folder); });
    connect(files, &FilePanel::watchRequested, this,
            [this, sandboxId](const QString &folder) { watchFolder(sandboxId, {.path = folder}); });
    connect(files, &FilePanel::runInTerminalRequested, this,
            [this, sandboxId](const QString &folder, const QString &command) {
                runInTerminal(sandboxId, folder, command);
            });
    files->setPlaces(placesOf(m_connection->profile().id));
    files->setHiddenShown(m_settings->value(HiddenKey).toBool());
    connect(files, &FilePanel::hiddenShownChanged, this, [this](bool shown) {
        m_settings->setValue(HiddenKey, shown);
        for (FilePanel *panel : findChildren<FilePanel *>())
            panel->setHiddenShown(shown);
    });
    connect(files->model(), &FsModel::loadingFinished, this, [this, sandboxId] {
        if (!m_connection)
            return;
        const auto sandbox = m_connection->sandboxes()->sandbox(sandboxId);
        if (sandbox && !sandbox->isRunning())
            m_connection->sandboxes()->refresh();  // the list says that it is awake
    });
    connect(files, &FilePanel::problem, this, &MainWindow::showProblem);
    connect(files, &FilePanel::failure, this,
            [this, id = m_connection->profile().id](const QString &sentence, const Error &error) {
                showFailure(sentence, error, id);
            });
    connect(files, &FilePanel::notice, this, &MainWindow::showNotice);
    connect(files, &FilePanel::offer, m_noticeBar, &NoticeBar::showNotice);
    files->follow();
    return files;
}

Places *MainWindow::placesOf(const QString &connectionId)
{
    Places *&places = m_places[connectionId];
    if (!places)
        places = new Places(m_settings, connectionId, this);
    return places;
}

// Only the connection that is shown is asked for files; says so otherwise.
bool MainWindow::isWithinReach(const QString &sandboxId)
{
    if (!nameOf(sandboxId).isEmpty())
        return true;
    showProblem(
        tr("These files are in a sandbox of another connection. Download them, "
           "then drop them here."));
    return false;
}

void MainWindow::copyFromSandbox(const QMimeData *data, const QString &sandboxId,
                                 const QString &folder, bool move)
{
    const QString source = FsModel::sandboxOf(data);
    const QStringList paths = FsModel::guestPathsOf(data, source);
    if (!isWithinReach(source))
        return;
    const TransferRequest from =
        requestFor(TransferRequest::Direction::Download, source, paths, {});
    const TransferRequest to =
        requestFor(TransferRequest::Direction::Upload, sandboxId, {}, folder);
    auto *flow = new CrossCopyFlow(m_transfers, from, to, this);
    if (move)
        connect(flow, &CrossCopyFlow::arrived, this,
                [this, from, to, connection = m_connection](bool isWhole) {
                    endMove(connection, from, to, isWhole);
                });
    if (!flow->start()) {
        flow->deleteLater();
        showProblem(tr("There is no room on this computer for the files on their way."));
    }
}

// The originals go into the trash of their sandbox, where the panel that shows it can undo it.
void MainWindow::endMove(Connection *connection, const TransferRequest &from,
                         const TransferRequest &to, bool isWhole)
{
    if (!isWhole || !connection)
        return showProblem(
            tr("Not everything was moved into “%1”, so nothing was taken out of “%2”.")
                .arg(to.sandboxName, from.sandboxName));
    for (const FilePanel *files : panelsOf(connection)) {
        if (files->model()->sandboxId() == from.sandboxId)
            return files->model()->moveToTrash(from.sources);
    }
    FsModel *model = connection->createFsModel(from.sandboxId, this);
    connect(model, &FsModel::trashingFailed, this, [this](const QString &path, const Error &error) {
        showProblem(tr("“%1” was copied, but the original stays. %2")
                        .arg(visibleText(path), errorText(error)));
    });
    connect(model, &FsModel::changesFinished, model, &QObject::deleteLater);
    model->moveToTrash(from.sources);
}

// Made when it is first wanted: it reads folders of this computer.
void MainWindow::showSidePane(bool shown)
{
    if (shown && !m_sidePane) {
        m_sidePane = new SidePane;
        m_ui->fileSplitter->addWidget(m_sidePane);
        for (const int pane : {0, 1})
            m_ui->fileSplitter->setStretchFactor(pane, 1);
        const int half = m_ui->fileSplitter->width() / 2;
        m_ui->fileSplitter->setSizes({half, half});
        connect(m_sidePane, &SidePane::closed, this,
                [this] { m_ui->secondPaneAction->setChecked(false); });
        connect(m_sidePane, &SidePane::filesRequested, this, [this](const QString &sandboxId) {
            if (!m_connection)
                return;
            FilePanel *files = makeFiles(sandboxId);
            m_sidePane->addFiles(sandboxId, files);
            openAtFirst(files);
        });
        LocalPanel *local = m_sidePane->localPanel();
        local->openFolder(m_settings->value(LocalFolderKey).toString());
        connect(local, &LocalPanel::folderChanged, this,
                [this](const QString &folder) { m_settings->setValue(LocalFolderKey, folder); });
        connect(local, &LocalPanel::uploadRequested, this, [this](const QStringList &paths) {
            if (FilePanel *files = currentFiles())
                upload(m_currentSandbox, paths, files->folder());
            else
                showProblem(tr("Choose a sandbox at the left first."));
        });
        connect(local, &LocalPanel::guestFilesDropped, this,
                [this](const QMimeData *data, const QString &folder) {
                    const QString source = FsModel::sandboxOf(data);
                    if (isWithinReach(source))
                        download(source, FsModel::guestPathsOf(data, source), folder);
                });
        m_sidePane->setSandboxes(m_connection ? m_connection->sandboxes() : nullptr);
    }
    if (m_sidePane)
        m_sidePane->setVisible(shown);
}

void MainWindow::refreshFolder(const QString &sandboxId, const QString &path)
{
    for (const FilePanel *files : findChildren<FilePanel *>()) {
        if (files->model()->sandboxId() == sandboxId)
            files->model()->refreshFolder(path);
    }
}

}  // namespace voidrun
