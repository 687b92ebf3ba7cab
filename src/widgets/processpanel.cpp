// SPDX-License-Identifier: MIT
#include "processpanel.h"

#include <QDesktopServices>
#include <QHeaderView>
#include <QMenu>

#include "errortext.h"
#include "icons.h"
#include "models/connection.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "models/visibletext.h"
#include "outputpanel.h"
#include "processdialog.h"
#include "sandboxdelegate.h"
#include "ui_processpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype LongestName = 60;  // characters of a command in a sentence

QString shortName(const QString &command)
{
    const QString name = visibleText(command.simplified());
    return name.size() > LongestName ? name.left(LongestName) + u'…' : name;
}

}  // namespace

ProcessPanel::ProcessPanel(Connection *connection, const QString &sandboxId, QWidget *parent)
    : QWidget(parent),
      m_ui(std::make_unique<Ui::ProcessPanel>()),
      m_connection(connection),
      m_sandboxId(sandboxId),
      m_model(connection->createProcesses(sandboxId))
{
    m_ui->setupUi(this);
    m_ui->processView->setModel(m_model.get());
    QHeaderView *header = m_ui->processView->header();
    const int em = fontMetrics().horizontalAdvance(u'm');
    header->resizeSection(ProcessesModel::CommandColumn, 26 * em);
    header->resizeSection(ProcessesModel::StateColumn, 12 * em);
    header->resizeSection(ProcessesModel::PidColumn, 6 * em);
    m_ui->restLabel->setForegroundRole(QPalette::PlaceholderText);
    m_ui->outputPart->hide();
    m_ui->startButton->setIcon(themedIcon(u"add"_s));
    m_ui->stopButton->setIcon(themedIcon(u"stop"_s));
    m_ui->outputButton->setIcon(themedIcon(u"text"_s));
    m_ui->refreshButton->setIcon(themedIcon(u"refresh"_s));
    for (QToolButton *button : findChildren<QToolButton *>()) {
        if (button->parentWidget() != this)
            continue;
        button->setAutoRaise(true);
        button->setToolButtonStyle(button->text().isEmpty() ? Qt::ToolButtonIconOnly
                                                            : Qt::ToolButtonTextBesideIcon);
    }
    setFocusProxy(m_ui->processView);
    connectModel();
    connectButtons();
    updateState();
}

ProcessPanel::~ProcessPanel()
{
    if (m_job)
        m_job->stop();
}

OutputPanel *ProcessPanel::outputPanel() const
{
    return m_ui->outputPanel;
}

void ProcessPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->setWatched(true);
    updateState();
}

void ProcessPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_model->setWatched(false);
}

void ProcessPanel::connectModel()
{
    connect(m_model.get(), &ProcessesModel::loaded, this, [this] {
        const int row = m_model->rowCount() > 0 ? 0 : -1;
        for (int i = 0; m_wanted > 0 && i < m_model->rowCount(); ++i) {
            const QModelIndex index = m_model->index(i, 0);
            if (index.data(ProcessesModel::ProcessRole).value<GuestCommand>().pid == m_wanted)
                m_ui->processView->setCurrentIndex(index);
        }
        m_wanted = 0;
        if (row == 0 && !m_ui->processView->currentIndex().isValid())
            m_ui->processView->setCurrentIndex(m_model->index(0, 0));
        updateState();
    });
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, &ProcessPanel::updateState);
    connect(m_model.get(), &ProcessesModel::loadingFailed, this, [this](const Error &error) {
        Q_EMIT problem(tr("The processes could not be looked at. %1").arg(errorText(error)));
    });
    connect(m_model.get(), &ProcessesModel::started, this, [this](qint64 pid) { m_wanted = pid; });
    connect(m_model.get(), &ProcessesModel::stopped, this,
            [this](qint64 pid, const QStringList &ended, bool forced) {
                const GuestCommand *process = m_model->process(pid);
                const QString name = shortName(process ? process->command : ended.join(u' '));
                QStringList names;
                for (const QString &command : ended)
                    names.append(shortName(command));
                if (names.isEmpty())
                    Q_EMIT notice(tr("“%1” is stopped; nothing of it is left.").arg(name));
                else
                    Q_EMIT notice((forced ? tr("“%1” is stopped. Ended by force: %2")
                                          : tr("“%1” is stopped. Ended: %2"))
                                      .arg(name, names.join(u" · "_s)));
            });
    connect(m_model.get(), &ProcessesModel::stoppingFailed, this,
            [this](qint64, const Error &error) {
                Q_EMIT problem(tr("The process could not be stopped. %1").arg(errorText(error)));
            });
    connect(m_model.get(), &ProcessesModel::ended, this,
            [this](const QString &command, int exitCode) {
                Q_EMIT ended(exitCode == 0 ? tr("“%1” has ended well.").arg(shortName(command))
                                           : tr("“%1” has ended with exit code %2.")
                                                 .arg(shortName(command))
                                                 .arg(exitCode));
            });
    connect(m_model.get(), &ProcessesModel::publicUrlsLoaded, this, &ProcessPanel::openPorts);
}

void ProcessPanel::connectButtons()
{
    connect(m_ui->startButton, &QPushButton::clicked, this, [this] { askStart(); });
    connect(m_ui->outputButton, &QToolButton::clicked, this, [this] { showOutput(current()); });
    connect(m_ui->processView, &QAbstractItemView::activated, this,
            [this] { showOutput(current()); });
    connect(m_ui->notifyButton, &QToolButton::clicked, this,
            [this] { m_model->notifyAboutEnd(current()); });
    connect(m_ui->browserButton, &QToolButton::clicked, m_model.get(),
            &ProcessesModel::loadPublicUrls);
    connect(m_ui->stopButton, &QToolButton::clicked, this, [this] { m_model->stop(current()); });
    connect(m_ui->stopAllButton, &QToolButton::clicked, m_model.get(), &ProcessesModel::stopAll);
    connect(m_ui->refreshButton, &QToolButton::clicked, m_model.get(), &ProcessesModel::refresh);
    connect(m_ui->processView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ProcessPanel::updateState);
    connect(m_ui->outputPanel, &OutputPanel::notice, this, &ProcessPanel::notice);
    connect(m_ui->outputPanel, &OutputPanel::problem, this, &ProcessPanel::problem);
}

qint64 ProcessPanel::current() const
{
    const QModelIndex index = m_ui->processView->currentIndex();
    return index.isValid() ? index.data(ProcessesModel::ProcessRole).value<GuestCommand>().pid : 0;
}

void ProcessPanel::updateState()
{
    const GuestCommand *process = m_model->process(current());
    const QModelIndex index = m_ui->processView->currentIndex();
    const bool runs = process && process->running;
    m_ui->outputButton->setEnabled(process);
    m_ui->stopButton->setEnabled(runs && !index.data(ProcessesModel::StoppingRole).toBool());
    m_ui->stopAllButton->setEnabled(!m_model->running().isEmpty());
    const bool isNotified = index.data(ProcessesModel::NotifyRole).toBool();
    m_ui->notifyButton->setEnabled(runs && !isNotified);
    m_ui->notifyButton->setText(runs && isNotified ? tr("You will be told")
                                                   : tr("Tell me when it ends"));
    QString sentence;
    const auto sandbox =
        m_connection ? m_connection->sandboxes()->sandbox(m_sandboxId) : std::optional<Sandbox>();
    if (sandbox && sandbox->isAsleep())
        sentence = sandboxAsleepText(visibleText(sandbox->name)) % u' ' % tr("Looking wakes it.");
    else if (m_model->rest() == ProcessesModel::Rest::Asleep)
        sentence = tr("The sandbox is not running. Looking would wake it.");
    else if (m_model->rest() == ProcessesModel::Rest::WouldKeepAwake)
        sentence = tr("Looking again and again would keep it awake; press the button to look.");
    else if (m_model->isLoaded() && m_model->rowCount() == 0)
        sentence = tr("Nothing was started in the background.");
    m_ui->restLabel->setText(sentence);
}

void ProcessPanel::askStart(const RunRequest *request)
{
    auto *dialog = new ProcessDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (request)
        dialog->setRequest(*request);
    connect(dialog, &ProcessDialog::startRequested, m_model.get(), &ProcessesModel::start);
    connect(m_model.get(), &ProcessesModel::started, dialog, &ProcessDialog::showStarted);
    connect(m_model.get(), &ProcessesModel::startingFailed, dialog, &ProcessDialog::showFailure);
    dialog->open();
}

void ProcessPanel::showOutput(qint64 pid)
{
    const GuestCommand *process = m_model->process(pid);
    if (!process || !m_connection)
        return;
    if (m_job)
        m_job->stop();
    RunRequest request;
    request.sandboxId = m_sandboxId;
    request.text = process->command;
    m_job = m_connection->runs()->attach(request, pid);
    m_ui->outputPanel->setLog(m_job->output());
    m_ui->outputLabel->setText(tr("Output of “%1”").arg(shortName(process->command)));
    m_ui->outputPart->show();
    connect(m_job, &RunJob::ended, this, [this, job = m_job] {
        if (job == m_job && job->outcome().kind == RunOutcome::Kind::Unknown)
            Q_EMIT problem(
                tr("Its output is not followed any more. %1").arg(errorText(job->outcome().error)));
        if (job == m_job && isVisible() && m_model->rest() != ProcessesModel::Rest::Asleep)
            m_model->refresh();
    });
}

void ProcessPanel::openPorts(const QList<PublicUrl> &urls)
{
    if (urls.isEmpty()) {
        Q_EMIT notice(
            tr("No port of this sandbox is published. Ports are chosen when a sandbox is made."));
        return;
    }
    const auto open = [](const QUrl &url) {
        const QString scheme = url.scheme();
        if (scheme == "http"_L1 || scheme == "https"_L1)
            QDesktopServices::openUrl(url);
    };
    if (urls.size() == 1)
        return open(urls.first().url);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const PublicUrl &entry : urls) {
        connect(
            menu->addAction(tr("Port %1 · %2").arg(entry.port).arg(entry.url.toDisplayString())),
            &QAction::triggered, this, [open, url = entry.url] { open(url); });
    }
    menu->popup(m_ui->browserButton->mapToGlobal(QPoint(0, m_ui->browserButton->height())));
}

}  // namespace voidrun
