// SPDX-License-Identifier: MIT
// The window's pages for a sandbox beside its files: running things in it.
#include <QApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

#include "background.h"
#include "icons.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/guestpath.h"
#include "models/keepawake.h"
#include "models/runnable.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "noticebar.h"
#include "processpanel.h"
#include "runpanel.h"
#include "sandboxpanel.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int BarMargin = 10;  // px, as the header's

}  // namespace

void MainWindow::setUpPages()
{
    m_pageBar = new QTabBar(this);
    m_pageBar->setObjectName(u"pageBar"_s);
    m_pageBar->setAccessibleName(tr("Pages of the sandbox"));
    m_pageBar->setDocumentMode(true);
    m_pageBar->setDrawBase(false);
    m_pageBar->setExpanding(false);
    m_pageBar->addTab(themedIcon(u"folder"_s), tr("Files and terminals"));
    m_pageBar->addTab(themedIcon(u"play"_s), tr("Run"));
    m_pageBar->addTab(themedIcon(u"running"_s), tr("Processes"));
    m_pageStack = new QStackedWidget(this);
    m_ui->workLayout->replaceWidget(m_ui->workSplitter, m_pageStack);
    m_pageStack->addWidget(m_ui->workSplitter);
    m_runStack = new QStackedWidget(m_pageStack);
    m_pageStack->addWidget(m_runStack);
    m_processStack = new QStackedWidget(m_pageStack);
    m_pageStack->addWidget(m_processStack);
    // Below the name, over which notices come.
    auto *barLayout = new QHBoxLayout;
    barLayout->setContentsMargins(BarMargin, 0, BarMargin, 0);
    barLayout->addWidget(m_pageBar);
    barLayout->addStretch();
    m_ui->workLayout->insertLayout(m_ui->workLayout->indexOf(m_pageStack), barLayout);
    m_runningButton = new QToolButton(this);
    m_runningButton->setObjectName(u"runningButton"_s);
    m_runningButton->setIcon(themedIcon(u"running"_s));
    m_runningButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_runningButton->setPopupMode(QToolButton::InstantPopup);
    m_runningButton->setToolTip(tr("What runs, to stop it"));
    m_runningButton->setMenu(new QMenu(m_runningButton));
    m_ui->headerLayout->insertWidget(m_ui->headerLayout->indexOf(m_ui->secondPaneButton),
                                     m_runningButton);
    connect(m_runningButton->menu(), &QMenu::aboutToShow, this, &MainWindow::fillRunningMenu);
    connect(m_pageBar, &QTabBar::currentChanged, this, [this](int page) {
        m_pageStack->setCurrentIndex(page);
        showSandboxPage();
    });
    addGoAction(u"goToRunAction"_s, tr("Go to r&un"), Qt::Key_5, Page::Run);
    addGoAction(u"goToProcessesAction"_s, tr("Go to &processes"), Qt::Key_6, Page::Processes);
    connect(m_transfers, &TransferModel::transferFinished, this, &MainWindow::offerRunOfUploaded);
    setUpKeepAwake();
    updateRunning();
}

void MainWindow::addGoAction(const QString &name, const QString &text, Qt::Key key, Page page)
{
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    action->setShortcut(Qt::CTRL | key);
    m_ui->viewMenu->insertAction(m_ui->goToTransfersAction, action);
    connect(action, &QAction::triggered, this, [this, page] {
        showPage(page);
        QStackedWidget *stack = page == Page::Run ? m_runStack : m_processStack;
        if (QWidget *panel = stack->currentWidget())
            panel->setFocus();
    });
}

void MainWindow::showPage(Page page)
{
    m_pageBar->setCurrentIndex(int(page));
}

// The page of the chosen sandbox.
void MainWindow::showSandboxPage()
{
    const int page = m_pageBar->currentIndex();
    if (page == int(Page::Run)) {
        if (RunPanel *panel = runOf(m_currentSandbox))
            m_runStack->setCurrentWidget(panel);
    } else if (page == int(Page::Processes)) {
        if (ProcessPanel *panel = processesOf(m_currentSandbox))
            m_processStack->setCurrentWidget(panel);
    }
    // Nothing of another sandbox is shown, or listed, below this one's name.
    for (QStackedWidget *stack : {m_runStack, m_processStack}) {
        if (QWidget *panel = stack->currentWidget())
            panel->setVisible(!m_currentSandbox.isEmpty());
    }
}

RunPanel *MainWindow::currentRun() const
{
    return m_runs.value(m_currentSandbox);
}

RunPanel *MainWindow::runOf(const QString &sandboxId)
{
    if (RunPanel *panel = m_runs.value(sandboxId))
        return panel;
    if (!m_connection || sandboxId.isEmpty())
        return nullptr;
    auto *panel = new RunPanel(m_connection, sandboxId);
    m_runs.insert(sandboxId, panel);
    m_runStack->addWidget(panel);
    connect(panel, &RunPanel::problem, this, &MainWindow::showProblem);
    connect(panel, &RunPanel::notice, this, &MainWindow::showNotice);
    connect(panel, &RunPanel::runElsewhereRequested, this, &MainWindow::run);
    connect(panel, &RunPanel::editElsewhereRequested, this, &MainWindow::edit);
    connect(panel, &RunPanel::backgroundRequested, this,
            [this, sandboxId](const RunRequest &request) {
                showPage(Page::Processes);
                if (ProcessPanel *processes = processesOf(sandboxId))
                    processes->askStart(&request);
            });
    return panel;
}

ProcessPanel *MainWindow::currentProcesses() const
{
    return m_processes.value(m_currentSandbox);
}

ProcessPanel *MainWindow::processesOf(const QString &sandboxId)
{
    if (ProcessPanel *panel = m_processes.value(sandboxId))
        return panel;
    if (!m_connection || sandboxId.isEmpty())
        return nullptr;
    auto *panel = new ProcessPanel(m_connection, sandboxId);
    m_processes.insert(sandboxId, panel);
    m_processStack->addWidget(panel);
    connect(panel->model(), &ProcessesModel::loaded, this, &MainWindow::updateRunning);
    if (const KeepAwake *awake = keepAwake(m_connection))
        panel->model()->setFollowed(awake->isOn(sandboxId));
    connect(panel, &ProcessPanel::problem, this, &MainWindow::showProblem);
    connect(panel, &ProcessPanel::notice, this, &MainWindow::showNotice);
    connect(panel, &ProcessPanel::ended, this, [this](const QString &sentence) {
        m_noticeBar->showNotice(sentence);
        QApplication::alert(this);  // does nothing while the window is in front
    });
    return panel;
}

bool MainWindow::isThere(const QString &sandboxId) const
{
    const auto sandbox =
        m_connection ? m_connection->sandboxes()->sandbox(sandboxId) : std::optional<Sandbox>();
    return sandbox && !sandbox->isGone();
}

// Chooses the sandbox too, so that what runs is what is seen.
RunPanel *MainWindow::showRunOf(const QString &sandboxId)
{
    if (m_currentSandbox != sandboxId)
        m_sandboxPanel->setCurrentSandbox(sandboxId);
    showPage(Page::Run);
    return runOf(sandboxId);
}

void MainWindow::run(const RunRequest &request)
{
    if (!m_connection)
        return;
    if (!isThere(request.sandboxId))
        return showProblem(
            tr("“%1” is gone, so nothing was run. To run it in the sandbox that is shown, choose "
               "“Change and run…” in the history.")
                .arg(visibleText(request.sandboxName)));
    if (RunPanel *panel = showRunOf(request.sandboxId))
        panel->run(request);
}

// What was run in a sandbox that is gone can be run in the one that is shown.
void MainWindow::edit(const RunRequest &request)
{
    const bool isGone = !isThere(request.sandboxId);
    RunPanel *panel = showRunOf(isGone ? m_currentSandbox : request.sandboxId);
    if (!panel)
        return;
    panel->edit(request);
    if (isGone)
        showNotice(tr("“%1” is gone. It would run in “%2” now.")
                       .arg(visibleText(request.sandboxName), nameOf(m_currentSandbox)));
}

void MainWindow::runFile(const QString &sandboxId, const QString &path)
{
    RunRequest request = runnable::requestFor(path);
    request.sandboxId = sandboxId;
    run(request);
}

// A script that was dropped on a sandbox, or a folder with an obvious one in it, can be run once it
// is there.
void MainWindow::offerRun(int transfer, const QStringList &localPaths)
{
    if (transfer == 0 || localPaths.size() != 1)
        return;
    inBackground(
        this,
        [path = localPaths.first()] {
            const QFileInfo file(path);
            if (!file.isDir())
                return runnable::isRunnable(file.fileName()) ? u"."_s : QString();
            return runnable::entryOf(QDir(path).entryList(QDir::Files), file.fileName());
        },
        [this, transfer](const QString &entry) {
            if (entry.isEmpty())
                return;
            m_entries.insert(transfer, entry);
            offerRunOfUploaded(transfer);  // it may be quicker than this
        });
}

void MainWindow::offerRunOfUploaded(int transfer)
{
    const TransferModel::Item *item = m_transfers->item(transfer);
    if (!m_entries.contains(transfer) || (item && !TransferModel::isFinal(item->state)))
        return;
    const QString entry = m_entries.take(transfer);
    if (!item || item->state != TransferModel::State::Done || item->results.size() != 1)
        return;
    const QString made = item->results.first();
    const QString path = entry == u"."_s ? made : guestpath::join(made, entry);
    const QString sandboxId = item->request.sandboxId;
    m_noticeBar->showNotice(
        tr("“%1” is in “%2”.")
            .arg(visibleText(guestpath::fileName(path)), item->request.sandboxName),
        tr("Run"), [this, sandboxId, path] { runFile(sandboxId, path); });
}

void MainWindow::connectRuns()
{
    // What runs over it counts as well while another connection is chosen.
    connect(m_connection->runs(), &RunsModel::liveChanged, this, &MainWindow::updateRunning,
            Qt::UniqueConnection);
    if (!keepAwake(m_connection))
        makeKeepAwake();
    updateRunning();
    showSandboxPage();
}

// What was run over a connection that goes can still be read, and the next one takes it over.
void MainWindow::keepRuns(Connection *connection)
{
    connection->runs()->disconnect(this);
    for (const QString &sandboxId : m_runs.keys()) {
        RunPanel *panel = m_runs.value(sandboxId);
        if (panel->connectionId() == connection->profile().id && !panel->leaveConnection())
            delete m_runs.take(sandboxId);
    }
    connection->runs()->abandonAll();
    for (const QString &sandboxId : m_processes.keys()) {
        if (connection->sandboxes()->indexOf(sandboxId).isValid())
            delete m_processes.take(sandboxId);
    }
}

void MainWindow::adoptRuns(Connection *connection)
{
    for (const QString &sandboxId : m_runs.keys()) {
        RunPanel *panel = m_runs.value(sandboxId);
        if (m_connections->profile(panel->connectionId()))
            panel->adopt(connection);
        else  // it was removed from the list of connections
            delete m_runs.take(sandboxId);
    }
}

void MainWindow::forgetRuns(const QString &sandboxId)
{
    delete m_runs.take(sandboxId);
    delete m_processes.take(sandboxId);
}

}  // namespace voidrun
