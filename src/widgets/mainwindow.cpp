// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>
#include <QStandardPaths>

#include "editingflow.h"
#include "errortext.h"
#include "filepanel.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/openedits.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/transfermodel.h"
#include "models/visibletext.h"
#include "newsandboxdialog.h"
#include "noticebar.h"
#include "question.h"
#include "sandboxdelegate.h"
#include "sandboxpanel.h"
#include "sidepane.h"
#include "terminalview.h"
#include "transferflow.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int RefreshInterval = 5000;  // ms between looks at the list of sandboxes
constexpr int StateIcon = 16;

}  // namespace

MainWindow::MainWindow(QSettings *settings, ConnectionModel *connections, TransferModel *transfers,
                       OpenEdits *edits, Appearance *appearance, QWidget *parent)
    : QMainWindow(parent),
      m_ui(std::make_unique<Ui::MainWindow>()),
      m_settings(settings),
      m_connections(connections),
      m_transfers(transfers),
      m_edits(edits)
{
    m_ui->setupUi(this);
    m_noticeBar = new NoticeBar(m_ui->centralwidget);
    setUpPanels(appearance);
    setUpPages();
    connectPanels();
    setUpActions();
    setUpTransfers();
    setUpEditing();
    restoreLayout();
    updatePages();
    updateActions();
}

MainWindow::~MainWindow()
{
    setConnection(nullptr);
    for (Connection *connection : openConnections())
        connection->runs()->disconnect(this);
    delete m_editing;
    m_edits->disconnect(this);
    m_transfers->disconnect(this);
    m_ui->terminalPanel->disconnect(this);
}

TerminalPanel *MainWindow::terminalPanel() const
{
    return m_ui->terminalPanel;
}

Connection *MainWindow::connection() const
{
    return m_connection;
}

FilePanel *MainWindow::currentFiles() const
{
    return m_files.value(m_currentSandbox);
}

void MainWindow::setConnection(Connection *connection)
{
    m_currentSandbox.clear();
    m_noticeBar->hide();
    m_ui->fileStack->setCurrentWidget(m_ui->noSandboxLabel);
    if (m_connection) {
        m_connection->disconnect(this);
        m_connection->sandboxes()->disconnect(this);
        m_connection->sandboxes()->setRefreshInterval(0);
    }
    m_connection = connection;
    if (connection) {
        if (!m_open.contains(connection))
            m_open.append(connection);
        // Terminals whose connection had ended go on with the new one.
        for (TerminalView *view : m_ui->terminalPanel->terminals())
            connection->adopt(view->session());
    }
    m_sandboxPanel->setSandboxes(connection ? connection->sandboxes() : nullptr);
    if (m_sidePane)
        m_sidePane->setSandboxes(connection ? connection->sandboxes() : nullptr);
    if (connection) {
        m_sandboxPanel->setCurrentConnection(connection->profile().id);
        m_statusTitle.clear();
        m_sandboxPanel->showMessage({});
        connectSandboxes();
        connectRuns();
    }
    updateRunning();
    updatePages();
    updateHeader();
    updateActions();
}

void MainWindow::releaseConnection(Connection *connection)
{
    if (m_connection == connection)
        setConnection(nullptr);
    m_open.removeIf(
        [connection](const QPointer<Connection> &open) { return !open || open == connection; });
    connection->runs()->disconnect(this);
    for (const QString &sandboxId : m_runs.keys() + m_processes.keys()) {
        if (connection->sandboxes()->indexOf(sandboxId).isValid())
            forgetRuns(sandboxId);
    }
