// SPDX-License-Identifier: MIT
// The window's toggle that keeps a sandbox awake while something lives in it.
#include <QTabBar>
#include <QToolButton>

#include <algorithm>
#include <utility>

#include "icons.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/keepawake.h"
#include "models/processesmodel.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "processpanel.h"
#include "terminalpanel.h"
#include "terminalview.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{
constexpr auto LongestRelease = 3s;
}

void MainWindow::setUpKeepAwake()
{
    m_awakeButton = new QToolButton(this);
    m_awakeButton->setObjectName(u"awakeButton"_s);
    m_awakeButton->setText(tr("Keep awake"));
    m_awakeButton->setToolTip(
        tr("Does not let it fall asleep while a run, a process or a terminal lives in it"));
    m_awakeButton->setIcon(themedIcon(u"asleep"_s));
    m_awakeButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_awakeButton->setCheckable(true);
    m_awakeButton->setAutoRaise(true);
    m_ui->headerLayout->insertWidget(m_ui->headerLayout->indexOf(m_runningButton), m_awakeButton);
    connect(m_awakeButton, &QToolButton::clicked, this, [this](bool on) {
        KeepAwake *awake = keepAwake(m_connection);
        ProcessPanel *processes = processesOf(m_currentSandbox);
        if (!awake || !processes)
            return;
        awake->setOn(m_currentSandbox, on);
        processes->model()->setFollowed(on);
        // What runs there already counts too; the person asks for it here.
        if (on && processes->model()->rest() != ProcessesModel::Rest::Asleep)
            processes->model()->refresh();
        updateRunning();
    });
}

KeepAwake *MainWindow::keepAwake(const Connection *connection)
{
    return connection ? connection->findChild<KeepAwake *>() : nullptr;
}

void MainWindow::makeKeepAwake()
{
    auto *awake = new KeepAwake(m_connection->sandboxes(), m_settings, m_connection->profile().id,
                                m_connection);
    connect(awake, &KeepAwake::changed, this, &MainWindow::updateKeepAwake);
    connect(awake, &KeepAwake::released, this, [this](const QString &sandboxId) {
        if (m_isReleasing && !isReleasing())
            QTimer::singleShot(0, this, [this] { close(); });
        else if (const QString name = nameOf(sandboxId); !name.isEmpty())
            showNotice(tr("“%1” may sleep again.").arg(name));
    });
}

bool MainWindow::isReleasing() const
{
    const QList<Connection *> open = openConnections();
    return std::ranges::any_of(open, [](const Connection *connection) {
        const KeepAwake *awake = keepAwake(connection);
        return awake && awake->isReleasing();
    });
}

// Before the window closes: what was kept awake may sleep again. True while servers have not said
// yes, for a short time at most; close() is called again then.
bool MainWindow::releaseAwake()
{
    for (const Connection *connection : openConnections()) {
        if (KeepAwake *awake = keepAwake(connection))
            awake->releaseAll();
    }
    if (!isReleasing() || std::exchange(m_isReleasing, true))
        return false;
    m_closeConfirmed = true;
    showNotice(tr("Sandboxes that were kept awake are allowed to sleep again…"));
    QTimer::singleShot(LongestRelease, this, [this] {
        if (isVisible())
            close();
    });
    return true;
}

bool MainWindow::isBusy(const Connection &connection, const QString &sandboxId) const
{
    const ProcessPanel *processes = m_processes.value(sandboxId);
    if (connection.runs()->liveCount(sandboxId) > 0 ||
        (processes && !processes->model()->running().isEmpty()))
        return true;
    for (const TerminalView *view : m_ui->terminalPanel->terminals()) {
        const TerminalSession *session = view->session();
        if (session->sandboxId() == sandboxId &&
            session->connectionId() == connection.profile().id && session->isLive())
            return true;
    }
    return false;
}

void MainWindow::updateKeepAwake()
{
    for (const Connection *connection : openConnections()) {
        KeepAwake *awake = keepAwake(connection);
        const SandboxModel *sandboxes = connection->sandboxes();
        for (int row = 0; awake && row < sandboxes->rowCount(); ++row) {
            const QString id = sandboxes->index(row, 0).data(SandboxModel::IdRole).toString();
            if (awake->isOn(id))
                awake->setBusy(id, isBusy(*connection, id));
        }
    }
    const KeepAwake *awake = keepAwake(m_connection);
    if (!awake) {
        m_awakeButton->hide();
        return;
    }
    const auto sandbox = m_connection->sandboxes()->sandbox(m_currentSandbox);
    const bool isOn = awake->isOn(m_currentSandbox);
    m_awakeButton->setChecked(isOn);
    m_awakeButton->setVisible(sandbox && (sandbox->autoSleep || isOn));
}

}  // namespace voidrun
