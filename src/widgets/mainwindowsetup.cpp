// SPDX-License-Identifier: MIT
// How the window is put together: panels, actions, what leads to what.
#include <QDesktopServices>
#include <QDockWidget>
#include <QScreen>
#include <QSettings>
#include <QToolButton>

#include "appearance.h"
#include "editingflow.h"
#include "filepanel.h"
#include "icons.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/openedits.h"
#include "models/sandboxmodel.h"
#include "noticebar.h"
#include "openeditspanel.h"
#include "sandboxpanel.h"
#include "terminalview.h"
#include "transferflow.h"
#include "transferpanel.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int TitleBar = 40;  // of the window manager, about
}

void MainWindow::setUpPanels(Appearance *appearance)
{
    m_sandboxPanel = new SandboxPanel(m_connections);
    auto *sandboxDock = new QDockWidget(tr("Sandboxes"), this);
    sandboxDock->setObjectName(u"sandboxDock"_s);
    sandboxDock->setWidget(m_sandboxPanel);
    addDockWidget(Qt::LeftDockWidgetArea, sandboxDock);
    m_transferDock = new QDockWidget(tr("Transfers"), this);
    m_transferDock->setObjectName(u"transferDock"_s);
    m_transferDock->setWidget(new TransferPanel(m_transfers));
    addDockWidget(Qt::BottomDockWidgetArea, m_transferDock);
    m_transferDock->hide();
    m_editDock = new QDockWidget(tr("Open edits"), this);
    m_editDock->setObjectName(u"editDock"_s);
    m_editDock->setWidget(new OpenEditsPanel(m_edits));
    addDockWidget(Qt::BottomDockWidgetArea, m_editDock);
    tabifyDockWidget(m_transferDock, m_editDock);
    m_editDock->hide();
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    resizeDocks({sandboxDock}, {270}, Qt::Horizontal);
    resizeDocks({m_transferDock}, {150}, Qt::Vertical);
    m_ui->viewMenu->addSeparator();
    m_ui->viewMenu->addAction(sandboxDock->toggleViewAction());
    m_ui->viewMenu->addAction(m_transferDock->toggleViewAction());
    m_ui->viewMenu->addAction(m_editDock->toggleViewAction());
    appearance->fillMenu(m_ui->appearanceMenu);

    QFont bold = m_ui->sandboxLabel->font();
    bold.setWeight(QFont::DemiBold);
    bold.setPointSizeF(bold.pointSizeF() * 1.2);
    m_ui->sandboxLabel->setFont(bold);
    m_ui->stateLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->noSandboxLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->terminalButton->setIcon(themedIcon(u"terminal"_s));
    m_ui->workSplitter->setSizes({340, 300});
    m_ui->statusbar->hide();
}

void MainWindow::connectPanels()
{
    connect(m_sandboxPanel, &SandboxPanel::connectionChosen, this, &MainWindow::connectionChosen);
    connect(m_sandboxPanel, &SandboxPanel::addConnectionRequested, this,
            [this] { askConnection(nullptr); });
    connect(m_sandboxPanel, &SandboxPanel::changeConnectionRequested, this,
            [this](const QString &id) { askConnection(m_connections->profile(id)); });
    connect(m_sandboxPanel, &SandboxPanel::removeConnectionRequested, this,
            &MainWindow::askRemoveConnection);
    connect(m_sandboxPanel, &SandboxPanel::messageButtonClicked, this,
            &MainWindow::statusButtonClicked);
    connect(m_sandboxPanel, &SandboxPanel::newSandboxRequested, m_ui->newSandboxAction,
            &QAction::trigger);
    connect(m_sandboxPanel, &SandboxPanel::deleteRequested, this, &MainWindow::askDelete);
    connect(m_sandboxPanel, &SandboxPanel::terminalRequested, this,
            [this](const QString &id) { openTerminal(id); });
    connect(m_sandboxPanel, &SandboxPanel::watchRequested, this, &MainWindow::askWatch);
    const auto onSandboxes = [this](auto signal, auto call) {
        connect(m_sandboxPanel, signal, this, [this, call](const QString &id) {
            if (m_connection)
                (m_connection->sandboxes()->*call)(id);
        });
    };
    onSandboxes(&SandboxPanel::sleepRequested, &SandboxModel::sleep);
    onSandboxes(&SandboxPanel::wakeRequested, &SandboxModel::wake);
    onSandboxes(&SandboxPanel::startRequested, &SandboxModel::start);
    connect(m_sandboxPanel, &SandboxPanel::autoSleepRequested, this,
            [this](const QString &id, bool autoSleep) {
                if (m_connection)
                    m_connection->sandboxes()->setAutoSleep(id, autoSleep);
            });
    connect(m_sandboxPanel, &SandboxPanel::sandboxChosen, this, &MainWindow::chooseSandbox);
    connect(m_sandboxPanel, &SandboxPanel::filesDropped, this,
            [this](const QString &id, const QList<QUrl> &files) {
                QStringList paths;
                for (const QUrl &url : files)
                    paths.append(url.toLocalFile());
                offerRun(upload(id, paths, QString(guestpath::WorkFolder)), paths);
            });
    connect(m_sandboxPanel, &SandboxPanel::guestFilesDropped, this,
            [this](const QString &id, const QMimeData *data) {
                if (FsModel::sandboxOf(data) != id)
                    copyFromSandbox(data, id, QString(guestpath::WorkFolder));
            });
    connect(m_ui->startPage, &StartPage::mainButtonClicked, this, [this] {
        if (m_connection && m_statusTitle.isEmpty())
            m_ui->newSandboxAction->trigger();
        else
            Q_EMIT statusButtonClicked();
    });
    connect(m_ui->startPage, &StartPage::secondButtonClicked, this, [this] {
        const bool change = m_connection && !m_statusTitle.isEmpty();
        askConnection(change ? m_connections->profile(m_connection->profile().id) : nullptr);
    });
    connect(m_ui->terminalButton, &QPushButton::clicked, m_ui->newTerminalAction,
            &QAction::trigger);
}

void MainWindow::setUpActions()
{
    m_ui->newSandboxAction->setIcon(themedIcon(u"add"_s));
    m_ui->deleteSandboxAction->setIcon(themedIcon(u"delete"_s));
    m_ui->refreshAction->setIcon(themedIcon(u"refresh"_s));
    m_ui->newTerminalAction->setIcon(themedIcon(u"terminal"_s));
    connect(m_ui->newSandboxAction, &QAction::triggered, this,
            [this] { askNewSandbox(nullptr, {}); });
    connect(m_ui->deleteSandboxAction, &QAction::triggered, this,
            [this] { askDelete(m_currentSandbox); });
    connect(m_ui->refreshAction, &QAction::triggered, this, [this] {
        if (m_connection)
            m_connection->sandboxes()->refresh();
        if (FilePanel *files = currentFiles(); files && !files->isResting())
            files->refresh();
    });
    connect(m_ui->quitAction, &QAction::triggered, this, &QWidget::close);
    connect(m_ui->newTerminalAction, &QAction::triggered, this,
            [this] { openTerminal(m_currentSandbox); });
    m_ui->secondPaneAction->setIcon(themedIcon(u"split"_s));
    connect(m_ui->secondPaneAction, &QAction::toggled, this, &MainWindow::showSidePane);
    m_ui->secondPaneButton->setDefaultAction(m_ui->secondPaneAction);
    setUpTerminals();
    setUpGoActions();
    connect(m_ui->aboutAction, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::setUpGoActions()
{
    connect(m_ui->goToSandboxesAction, &QAction::triggered, m_sandboxPanel,
            &SandboxPanel::focusList);
    connect(m_ui->goToFilesAction, &QAction::triggered, this, [this] {
        showPage(Page::Files);
        if (FilePanel *files = currentFiles())
            files->focusList();
    });
    connect(m_ui->goToTerminalAction, &QAction::triggered, this, [this] {
        showPage(Page::Files);
        if (TerminalView *view = m_ui->terminalPanel->currentTerminal())
            view->setFocus();
    });
    connect(m_ui->goToTransfersAction, &QAction::triggered, this, [this] {
        m_transferDock->show();
        m_transferDock->widget()->setFocus();
    });
}

void MainWindow::setUpTransfers()
{
    m_transferFlow = new TransferFlow(m_transfers, this);
    connect(m_transferFlow, &TransferFlow::started, m_transferDock, &QWidget::show);
    connect(m_transferFlow, &TransferFlow::failed, this, &MainWindow::showFailure);
    connect(m_transferFlow, &TransferFlow::gaveUp, this, &MainWindow::showProblem);
    connect(m_transferFlow, &TransferFlow::downloaded, this,
            [this](const QString &sentence, const QString &folder) {
                m_noticeBar->showNotice(sentence, tr("Show"), [folder] {
                    QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
                });
            });
    connect(m_transferFlow, &TransferFlow::fetchProgressed, this,
            [this](const QString &sentence, int permille) {
                m_noticeBar->showProgress(sentence, permille,
                                          [this] { m_transferFlow->cancelFetches(); });
            });
    connect(m_transferFlow, &TransferFlow::fetchesEnded, m_noticeBar, &NoticeBar::hideProgress);
    connect(
        m_transfers, &TransferModel::guestFolderChanged, this,
        [this](const QString &sandboxId, const QString &path) { refreshFolder(sandboxId, path); });
}

void MainWindow::setUpEditing()
{
    m_editing = new EditingFlow(m_edits, this);
    const auto *panel = qobject_cast<OpenEditsPanel *>(m_editDock->widget());
    connect(panel, &OpenEditsPanel::openRequested, m_edits, &OpenEdits::reopen);
    connect(panel, &OpenEditsPanel::saveRequested, m_edits, &OpenEdits::saveNow);
    connect(panel, &OpenEditsPanel::differenceRequested, m_editing, &EditingFlow::showDifference);
    connect(panel, &OpenEditsPanel::stopRequested, m_editing, &EditingFlow::stop);
    connect(m_editing, &EditingFlow::problem, this, &MainWindow::showProblem);
    connect(m_editing, &EditingFlow::failure, this, &MainWindow::showFailure);
    connect(m_editing, &EditingFlow::notice, this, &MainWindow::showNotice);
    connect(m_editing, &EditingFlow::folderFound, this,
            [this](const QString &sandboxId, const QString &path) {
                if (FilePanel *files = m_files.value(keyOf(sandboxId)))
                    files->openFolder(path);
            });
    connect(m_editing, &EditingFlow::listRequested, this, [this] {
        m_editDock->show();
        m_editDock->raise();
        m_editDock->widget()->setFocus();
    });
    m_ui->statusbar->addWidget(m_editing->createIndicator(m_ui->statusbar));
    m_ui->statusbar->setSizeGripEnabled(false);
    // There as long as there is something to tell, so that nothing moves when a change is sent.
    const auto show = [this] { m_ui->statusbar->setVisible(m_edits->rowCount() > 0); };
    connect(m_edits, &QAbstractItemModel::rowsInserted, this, show);
    connect(m_edits, &QAbstractItemModel::rowsRemoved, this, show);
    show();
}

void MainWindow::restoreLayout()
{
    restoreGeometry(m_settings->value(u"window/geometry"_s).toByteArray());
    restoreState(m_settings->value(u"window/state"_s).toByteArray());
    m_ui->workSplitter->restoreState(m_settings->value(u"window/splitter"_s).toByteArray());
    if (m_transfers->rowCount() == 0)
        m_transferDock->hide();
    const QRect available = screen()->availableGeometry();
    if (!available.contains(frameGeometry())) {
        resize(size().boundedTo(available.size() - QSize(0, TitleBar)));
        move(available.topLeft() + QPoint((available.width() - width()) / 2, 0));
    }
}

}  // namespace voidrun
