// SPDX-License-Identifier: MIT
// What the window knows to be running, over any connection, and how it is stopped from anywhere.
#include <QMenu>
#include <QToolButton>

#include "icons.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/processesmodel.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "processpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype LongestEntry = 40;  // characters of a run in the menu
constexpr int ManyEntries = 15;         // more are not listed one by one

QString shortName(const QString &text)
{
    QString name = visibleText(text.simplified());
    if (name.size() > LongestEntry)
        name = name.left(LongestEntry) + u'…';
    return name.replace(u'&', u"&&"_s);
}

}  // namespace

QList<Connection *> MainWindow::openConnections() const
{
    QList<Connection *> open;
    for (const QPointer<Connection> &connection : m_open) {
        if (connection)
            open.append(connection);
    }
    return open;
}

Connection *MainWindow::connectionOf(const QString &sandboxId) const
{
    for (Connection *connection : openConnections()) {
        if (connection->sandboxes()->indexOf(sandboxId).isValid())
            return connection;
    }
    return nullptr;
}

QList<RunJob *> MainWindow::liveRuns() const
{
    QList<RunJob *> live;
    for (const Connection *connection : openConnections())
        live += connection->runs()->live();
    return live;
}

// Those that were listed; what a list said before its sandbox fell asleep is over.
QList<ProcessesModel *> MainWindow::runningProcesses() const
{
    QList<ProcessesModel *> running;
    for (const ProcessPanel *panel : m_processes) {
        ProcessesModel *model = panel->model();
        if (!model->running().isEmpty() && model->rest() != ProcessesModel::Rest::Asleep)
            running.append(model);
    }
    return running;
}

void MainWindow::updateRunning()
{
    qsizetype count = liveRuns().size();
    for (const ProcessesModel *model : runningProcesses())
        count += model->running().size();
    m_runningButton->setVisible(count > 0);
    m_runningButton->setText(tr("%n running", nullptr, int(count)));
    updateKeepAwake();
}

void MainWindow::fillRunningMenu()
{
    QMenu *menu = m_runningButton->menu();
    menu->clear();
    const auto add = [&](const QString &what, const QString &sandbox, auto stop) {
        if (menu->actions().size() < ManyEntries)
            connect(menu->addAction(themedIcon(u"stop"_s),
                                    tr("Stop “%1” in %2").arg(shortName(what), shortName(sandbox))),
                    &QAction::triggered, this, stop);
    };
    for (const QPointer<RunJob> job : liveRuns()) {
        add(job->request().text, job->request().sandboxName, [job] {
            if (job)
                job->stop();
        });
    }
    for (const QPointer<ProcessesModel> model : runningProcesses()) {
        const Connection *connection = connectionOf(model->sandboxId());
        const auto sandbox = connection ? connection->sandboxes()->sandbox(model->sandboxId())
                                        : std::optional<Sandbox>();
        for (const qint64 pid : model->running()) {
            add(model->process(pid)->command, sandbox ? sandbox->name : QString(), [model, pid] {
                if (model)
                    model->stop(pid);
            });
        }
    }
    menu->addSeparator();
    connect(menu->addAction(tr("Stop all")), &QAction::triggered, this, [this] {
        for (const Connection *connection : openConnections())
            connection->runs()->stopAll();
        for (ProcessesModel *model : runningProcesses())
            model->stopAll();
    });
}

// One line for each kind, with what becomes of it when the window closes.
QStringList MainWindow::whatRuns() const
{
    QStringList lines;
    if (const auto runs = liveRuns().size(); runs > 0)
        lines.append(tr("%n run(s), which end", nullptr, int(runs)));
    qsizetype ending = 0;
    qsizetype lasting = 0;
    for (const ProcessesModel *model : runningProcesses()) {
        const Connection *connection = connectionOf(model->sandboxId());
        const bool isLocal = connection && connection->profile().isLocalEngine;
        (isLocal ? ending : lasting) += model->running().size();
    }
    if (ending > 0)
        lines.append(tr("%n background process(es), which end", nullptr, int(ending)));
    if (lasting > 0)
        lines.append(tr("%n background process(es), which go on", nullptr, int(lasting)));
    return lines;
}

}  // namespace voidrun
