// SPDX-License-Identifier: MIT
// The window's watching: which folders, and what happened in them.
#include <QApplication>
#include <QDockWidget>
#include <QMenu>

#include "desktopnotifier.h"
#include "filepanel.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "models/watchmodel.h"
#include "models/watchnotices.h"
#include "sandboxpanel.h"
#include "ui_mainwindow.h"
#include "watchdialog.h"
#include "watchpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int PanelHeight = 230;  // px; rows of both lists below their bars
}

void MainWindow::setUpWatching()
{
    auto *panel = new WatchPanel(m_watches);
    m_watchDock = new QDockWidget(tr("Watching"), this);
    m_watchDock->setObjectName(u"watchDock"_s);
    m_watchDock->setWidget(panel);
    addDockWidget(Qt::BottomDockWidgetArea, m_watchDock);
    tabifyDockWidget(m_editDock, m_watchDock);
    m_watchDock->hide();
    m_watchDock->toggleViewAction()->setObjectName(u"watchPanelAction"_s);
    m_ui->viewMenu->addAction(m_watchDock->toggleViewAction());
    auto *go = new QAction(tr("Go to &watching"), this);
    go->setObjectName(u"goToWatchingAction"_s);
    go->setShortcut(Qt::CTRL | Qt::Key_7);
    m_ui->viewMenu->insertAction(m_ui->goToTransfersAction, go);
    connect(go, &QAction::triggered, this, [this] {
        showWatching();
        watchPanel()->setFocus();
    });
    connect(panel, &WatchPanel::watchRequested, this, [this] { askWatch(m_currentSandbox); });
    connect(panel, &WatchPanel::foldersDropped, this, &MainWindow::watchDropped);
    connect(panel, &WatchPanel::fileRequested, this, &MainWindow::showWatchedFile);
    connect(panel, &WatchPanel::notice, this, &MainWindow::showNotice);
    connect(panel, &WatchPanel::problem, this, &MainWindow::showProblem);
    setUpWatchNotices();
}

void MainWindow::setUpWatchNotices()
{
    m_watchNotices = new WatchNotices(m_watches, this);
    m_notifier = new DesktopNotifier(this);
    connect(m_watchDock, &QDockWidget::visibilityChanged, m_watchNotices,
            &WatchNotices::setListSeen);
    const auto follow = [this](Qt::ApplicationState state) {
        m_watchNotices->setInFront(state == Qt::ApplicationActive);
    };
    connect(qApp, &QGuiApplication::applicationStateChanged, this, follow);
    follow(QGuiApplication::applicationState());
    connect(m_watchNotices, &WatchNotices::unseenChanged, this, &MainWindow::updateUnseen);
    connect(m_watchNotices, &WatchNotices::noticesOver, m_notifier, &DesktopNotifier::withdrawAll);
    connect(m_watchNotices, &WatchNotices::noticeReady, this, [this](const WatchNotice &notice) {
        const QString folder = guestpath::fileName(notice.folder) + u'/';
        m_notifier->show(
            notice.watch,
            tr("%n file(s) changed in %1", nullptr, notice.files).arg(visibleText(folder)),
            tr("In the sandbox “%1”.").arg(visibleText(notice.sandboxName)), tr("Show"));
    });
    connect(m_notifier, &DesktopNotifier::activated, this, [this] {
        setWindowState(windowState() & ~Qt::WindowMinimized);
        show();
        raise();
        activateWindow();
        showWatching();
    });
}

// How many changed files nobody has looked at: in the panel's title and at the sandboxes.
void MainWindow::updateUnseen()
{
    const int unseen = m_watchNotices->unseen();
    m_watchDock->setWindowTitle(unseen > 0 ? tr("Watching (%n new)", nullptr, unseen)
                                           : tr("Watching"));
    m_sandboxPanel->setBadges(m_watchNotices->unseenBySandbox());
}

// A list of files follows its folder while the sandbox runs.
void MainWindow::updateFollowing()
{
    const SandboxModel *sandboxes = m_connection->sandboxes();
    for (FilePanel *files : findChildren<FilePanel *>()) {
        const QString id = files->model()->sandboxId();
        // A watch that begins while the sandbox falls asleep would wake it.
        const bool fallsAsleep = sandboxes->activity(id) == SandboxModel::Activity::FallingAsleep;
        if (const auto sandbox = sandboxes->sandbox(id))
            files->setSandboxRuns(sandbox->isRunning() && !fallsAsleep);
    }
}

WatchPanel *MainWindow::watchPanel() const
{
    return qobject_cast<WatchPanel *>(m_watchDock->widget());
}

void MainWindow::showWatching()
{
    const bool wasHidden = !m_watchDock->isVisible();
    m_watchDock->show();
    m_watchDock->raise();
    if (wasHidden && m_watchDock->height() < PanelHeight)
        resizeDocks({m_watchDock}, {PanelHeight}, Qt::Vertical);
}

void MainWindow::watchFolder(const QString &sandboxId, const WatchRequest &request)
{
    if (!m_connection)
        return;
    showWatching();
    if (m_watches->add(m_connection, sandboxId, request) == 0)
        showProblem(
            tr("%n folder(s) are watched already, and more are not allowed. Stop watching "
               "one of them first.",
               nullptr, WatchModel::MaxWatches));
}

void MainWindow::askWatch(const QString &sandboxId)
{
    if (!m_connection || m_connection->sandboxes()->rowCount() == 0)
        return showProblem(tr("There is no sandbox whose folders could be watched."));
    QStringList folders{QString(guestpath::WorkFolder), u"/tmp"_s, u"/root"_s};
    if (const FilePanel *files = m_files.value(keyOf(sandboxId))) {
        folders.removeAll(files->folder());
        folders.prepend(files->folder());
    }
    auto *dialog = new WatchDialog(m_connection->sandboxes(), sandboxId, folders, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &WatchDialog::watchRequested, this, &MainWindow::watchFolder);
    dialog->open();
}

void MainWindow::watchDropped(const QString &sandboxId, const QStringList &paths)
{
    if (nameOf(sandboxId).isEmpty())
        return showProblem(
            tr("These folders are in a sandbox of another connection. Choose that connection "
               "first."));
    for (const QString &path : paths) {
        const FilePanel *files = m_files.value(keyOf(sandboxId));
        const QModelIndex index = files ? files->model()->indexOf(path) : QModelIndex();
        if (index.isValid() && !index.data(FsModel::IsDirRole).toBool())
            showProblem(tr("“%1” is a file. Watch the folder that it is in.")
                            .arg(visibleText(guestpath::fileName(path))));
        else
            watchFolder(sandboxId, {.path = path});
    }
}

// Shows a file that changed, or the folder that it was in. Somebody asked, so it may wake.
void MainWindow::showWatchedFile(const QString &connectionId, const QString &sandboxId,
                                 const QString &path)
{
    if (!m_connection || m_connection->profile().id != connectionId || nameOf(sandboxId).isEmpty())
        return showProblem(
            tr("This file is in a sandbox of another connection, or of one that is gone. Choose "
               "its connection first."));
    m_sandboxPanel->setCurrentSandbox(sandboxId);
    showPage(Page::Files);
    showFiles(sandboxId);
    FilePanel *files = currentFiles();
    const QString folder = guestpath::parent(path);
    if (files->folder() != folder)
        files->openFolder(folder);
    else
        files->refresh();
    if (path != u"/"_s)
        files->selectPath(path);
    files->focusList();
}

}  // namespace voidrun
