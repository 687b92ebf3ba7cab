// SPDX-License-Identifier: MIT
// The window's files: a panel for each sandbox, the second pane, and copying between sandboxes.
#include <QSettings>

#include "editingflow.h"
#include "filepanel.h"
#include "localpanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/crosscopyflow.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/places.h"
#include "noticebar.h"
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
    if (FilePanel *files = m_files.value(sandboxId))
        return files;
    if (!m_connection)
        return nullptr;
    FilePanel *files = makeFiles(sandboxId);
    m_files.insert(sandboxId, files);
    m_ui->fileStack->addWidget(files);
    // By Tab they come before the terminals, as they do on the screen.
    QWidget *before = m_ui->terminalButton;
    for (QWidget *child : files->findChildren<QWidget *>()) {
        if (!(child->focusPolicy() & Qt::TabFocus))
            continue;
        setTabOrder(before, child);
        before = child;
    }
    files->openFolder(QString(guestpath::WorkFolder));
    return files;
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
            [this, sandboxId](const QMimeData *data, const QString &folder) {
                copyFromSandbox(data, sandboxId, folder);
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

void MainWindow::copyFromSandbox(const QMimeData *data, const QString &sandboxId,
                                 const QString &folder)
{
    const QString source = FsModel::sandboxOf(data);
    const QStringList paths = FsModel::guestPathsOf(data, source);
    if (nameOf(source).isEmpty())
        return showProblem(
            tr("These files are in a sandbox of another connection. Download them, "
               "then drop them here."));
    const TransferRequest from =
        requestFor(TransferRequest::Direction::Download, source, paths, {});
    const TransferRequest to =
        requestFor(TransferRequest::Direction::Upload, sandboxId, {}, folder);
    auto *flow = new CrossCopyFlow(m_transfers, from, to, this);
    if (!flow->start()) {
        flow->deleteLater();
        showProblem(tr("There is no room on this computer for the files on their way."));
    }
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
            files->openFolder(QString(guestpath::WorkFolder));
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
                    if (nameOf(source).isEmpty())
                        return showProblem(
                            tr("These files are in a sandbox of another "
                               "connection. Choose that connection first."));
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
