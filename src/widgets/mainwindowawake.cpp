// SPDX-License-Identifier: MIT
// The window's toggle that keeps a sandbox awake while something lives in it.
#include <QTabBar>
#include <QToolButton>

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

namespace voidrun
{

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
        if (KeepAwake *awake = keepAwake())
            awake->setOn(m_currentSandbox, on);
        if (ProcessPanel *panel = m_processes.value(m_currentSandbox))
            panel->model()->setFollowed(on);
    });
}

KeepAwake *MainWindow::keepAwake() const
{
    return m_connection ? m_connection->findChild<KeepAwake *>() : nullptr;
}

bool MainWindow::isBusy(const QString &sandboxId) const
{
    const ProcessPanel *processes = m_processes.value(sandboxId);
    if (m_connection->runs()->liveCount(sandboxId) > 0 ||
        (processes && !processes->model()->running().isEmpty()))
        return true;
    for (const TerminalView *view : m_ui->terminalPanel->terminals()) {
        const TerminalSession *session = view->session();
        if (session->sandboxId() == sandboxId &&
            session->connectionId() == m_connection->profile().id &&
            session->state() == TerminalSession::State::Live)
            return true;
    }
    return false;
}

void MainWindow::updateKeepAwake()
{
    KeepAwake *awake = keepAwake();
    if (!awake) {
        m_awakeButton->hide();
        return;
    }
    const SandboxModel *sandboxes = m_connection->sandboxes();
    for (int row = 0; row < sandboxes->rowCount(); ++row) {
        const QString id = sandboxes->index(row, 0).data(SandboxModel::IdRole).toString();
        if (awake->isOn(id))
            awake->setBusy(id, isBusy(id));
    }
    const auto sandbox = sandboxes->sandbox(m_currentSandbox);
    const bool isOn = awake->isOn(m_currentSandbox);
    m_awakeButton->setChecked(isOn);
    m_awakeButton->setVisible(sandbox && (sandbox->autoSleep || isOn));
}

}  // namespace voidrun
