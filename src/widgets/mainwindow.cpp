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
#include "models/watchmodel.h"
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
                       OpenEdits *edits, WatchModel *watches, Appearance *appearance,
                       QWidget *parent)
    : QMainWindow(parent),
      m_ui(std::make_unique<Ui::MainWindow>()),
      m_settings(settings),
      m_connections(connections),
      m_transfers(transfers),
      m_edits(edits),
      m_watches(watches)
{
    m_ui->setupUi(this);
    m_noticeBar = new NoticeBar(m_ui->centralwidget);
    setUpPanels(appearance);
    setUpPages();
    connectPanels();
    setUpActions();
    setUpTransfers();
    setUpEditing();
    setUpWatching();
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
    return m_files.value(keyOf(m_currentSandbox));
}

MainWindow::SandboxKey MainWindow::keyOf(const QString &sandboxId) const
{
    return {m_connection ? m_connection->profile().id : QString(), sandboxId};
}

void MainWindow::setConnection(Connection *connection)
{
    m_currentSandbox.clear();
    m_noticeBar->hideText();
    m_ui->fileStack->setCurrentWidget(m_ui->noSandboxLabel);
    if (m_connection) {
        m_connection->disconnect(this);
        m_connection->sandboxes()->disconnect(this);
        if (!m_transfers->isUnfinished(m_connection->profile().id))
            m_connection->sandboxes()->setRefreshInterval(0);
    }
    m_connection = connection;
    if (connection) {
        if (!m_open.contains(connection))
            m_open.append(connection);
        // Terminals whose connection had ended go on with the new one.
        for (TerminalView *view : m_ui->terminalPanel->terminals())
            connection->adopt(view->session());
        adoptRuns(connection);
        m_watches->adopt(connection);
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
    keepRuns(connection);
    for (auto files = m_files.begin(); files != m_files.end();) {
        if (files.key().first == connection->profile().id) {
            delete files.value();
            files = m_files.erase(files);
        } else {
            ++files;
        }
    }
}

void MainWindow::connectSandboxes()
{
    SandboxModel *sandboxes = m_connection->sandboxes();
    connect(m_connection, &Connection::reachableChanged, this,
            [this, profile = m_connection->profile()](bool reachable) {
                if (reachable)
                    endOutage(profile);
            });
    connect(sandboxes, &SandboxModel::loadingFinished, this, [this] {
        if (!m_statusTitle.isEmpty()) {
            m_statusTitle.clear();
            m_sandboxPanel->showMessage({});
        }
        updatePages();
        updateHeader();
        updateRests();
        // A window that has just been opened shows the first sandbox; nothing in it is touched
        // before the person chooses it.
    });
    connect(sandboxes, &SandboxModel::loadingFailed, this, [this](const Error &error) {
        const QString name = m_connection->profile().name;
        const bool gone =
            error.kind == Error::Kind::Unreachable || error.kind == Error::Kind::ConnectionLost;
        if (gone && m_connection->profile().isLocalEngine)
            Q_EMIT localEngineGone();
        else if (m_connection->sandboxes()->rowCount() > 0)
            showFailure(
                tr("The sandboxes of “%1” could not be listed. %2").arg(name, errorText(error)),
                error, m_connection->profile().id);
        else
            showStatus(tr("“%1” cannot be used").arg(name), errorText(error), tr("Try again"),
                       m_connections->isChangeable(m_connection->profile().id)
                           ? tr("Change connection…")
                           : QString());
    });
    connect(sandboxes, &SandboxModel::sandboxCreated, this, [this](const Sandbox &sandbox) {
        if (m_newDialog && m_newDialog->isWaiting())
            m_newDialog->done(QDialog::Accepted);
        updatePages();
        m_sandboxPanel->setCurrentSandbox(sandbox.id);
        openTerminal(sandbox.id);
    });
    connect(sandboxes, &SandboxModel::creatingFailed, this,
            [this](const SandboxSpec &spec, const Error &error) {
                const QString problem =
                    tr("“%1” could not be made. %2").arg(spec.name, errorText(error));
                if (m_newDialog && m_newDialog->isWaiting())
                    m_newDialog->showProblem(problem);
                else
                    askNewSandbox(&spec, problem);
                updatePages();
            });
    connect(sandboxes, &SandboxModel::sandboxDeleted, this,
            [this](const QString &id, const QString &name) {
                m_ui->terminalPanel->closeSandbox(id);
                showNotice(tr("“%1” was deleted.").arg(name));
            });
    connect(sandboxes, &SandboxModel::deletingFailed, this,
            [this](const QString &, const QString &name, const Error &error) {
                showFailure(tr("“%1” could not be deleted. %2").arg(name, errorText(error)), error,
                            m_connection->profile().id);
            });
    connect(sandboxes, &SandboxModel::changingFailed, this,
            [this](const QString &, const QString &name, const Error &error) {
                showFailure(tr("“%1” could not be changed. %2").arg(name, errorText(error)), error,
                            m_connection->profile().id);
            });
    connect(sandboxes, &SandboxModel::sandboxGone, this, [this](const QString &id) {
        delete m_files.take(keyOf(id));
        forgetRuns(id);
        if (m_currentSandbox == id)
            chooseSandbox({});
        updatePages();
    });
    connect(sandboxes, &QAbstractItemModel::dataChanged, this, [this] {
        updateHeader();
        updateRests();
        updateFollowing();
    });
    connectLostTransfers();
    sandboxes->setRefreshInterval(RefreshInterval);
    sandboxes->refresh();
}

// The list of sandboxes tells that a server answers again. It is looked at also while another
// connection is shown, as long as transfers of this one are not over.
void MainWindow::connectLostTransfers()
{
    SandboxModel *sandboxes = m_connection->sandboxes();
    sandboxes->disconnect(m_transferFlow);
    connect(sandboxes, &SandboxModel::loadingFinished, m_transferFlow,
            [this, sandboxes, id = m_connection->profile().id] {
                m_transferFlow->serverAnswered(id);
                const bool isShown = m_connection && m_connection->sandboxes() == sandboxes;
                if (!isShown && !m_transfers->isUnfinished(id))
                    sandboxes->setRefreshInterval(0);
            });
}

void MainWindow::showStatus(const QString &title, const QString &text, const QString &button,
                            const QString &secondButton)
{
    m_statusTitle = title;
    m_ui->startPage->showText(title, text, button, secondButton);
    m_sandboxPanel->showMessage(title);
    updatePages();
}

void MainWindow::updatePages()
{
    const SandboxModel *sandboxes = m_connection ? m_connection->sandboxes() : nullptr;
    const bool any = sandboxes && sandboxes->rowCount() > 0;
    if (m_statusTitle.isEmpty() && !any) {
        if (sandboxes && sandboxes->isCreating()) {
            m_ui->startPage->showText(tr("Making your sandbox…"), tr("This takes a moment."));
        } else if (sandboxes && sandboxes->loadState() == SandboxModel::LoadState::Loaded) {
            const bool local = m_connection->profile().isLocalEngine;
            m_ui->startPage->showText(
                tr("Make your first sandbox"),
                local ? tr("A sandbox is a small computer of its own, kept apart from this one. "
                           "Put files in, run things in its terminal, take the results out. It "
                           "runs on this computer: no account is needed.")
                      : tr("A sandbox is a small computer of its own. Put files in, run things in "
                           "its terminal, take the results out."),
                tr("New sandbox"), local ? tr("Use a VoidRun account…") : QString());
        } else {
            m_ui->startPage->showText(tr("Connecting…"));
        }
    }
    const bool work = any && m_statusTitle.isEmpty();
    m_ui->pages->setCurrentWidget(work ? m_ui->workPage : static_cast<QWidget *>(m_ui->startPage));
    m_ui->newSandboxAction->setEnabled(m_connection && m_statusTitle.isEmpty());
}

void MainWindow::chooseSandbox(const QString &id)
{
    if (id == m_currentSandbox && !id.isEmpty())
        return;
    m_currentSandbox = id;
    if (id.isEmpty()) {
        m_ui->fileStack->setCurrentWidget(m_ui->noSandboxLabel);
    } else {
        showFiles(id);
        m_ui->terminalPanel->showSandbox(id);
    }
    showSandboxPage();
    updateHeader();
    updateActions();
}

void MainWindow::showFiles(const QString &id)
{
    if (FilePanel *files = filesOf(id))
        m_ui->fileStack->setCurrentWidget(files);
}

QString MainWindow::nameOf(const QString &sandboxId) const
{
    if (!m_connection)
        return {};
    const std::optional<Sandbox> sandbox = m_connection->sandboxes()->sandbox(sandboxId);
    return sandbox ? visibleText(sandbox->name) : QString();
}

QString MainWindow::downloadFolder() const
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    return m_settings->value(u"downloads/folder"_s, folder).toString();
}

TransferRequest MainWindow::requestFor(TransferRequest::Direction direction,
                                       const QString &sandboxId, const QStringList &sources,
                                       const QString &target) const
{
    TransferRequest request;
    request.direction = direction;
    request.profile = m_connection->profile();
    request.sandboxId = sandboxId;
    request.sandboxName = nameOf(sandboxId);
    request.sources = sources;
    request.target = target;
    return request;
}

int MainWindow::upload(const QString &sandboxId, const QStringList &localPaths,
                       const QString &folder)
{
    if (!m_connection || localPaths.isEmpty())
        return 0;
    return m_transfers->start(
        requestFor(TransferRequest::Direction::Upload, sandboxId, localPaths, folder));
}

void MainWindow::download(const QString &sandboxId, const QStringList &guestPaths,
                          const QString &folder)
{
    if (m_connection && !guestPaths.isEmpty())
        m_transfers->start(
            requestFor(TransferRequest::Direction::Download, sandboxId, guestPaths, folder));
}

void MainWindow::updateHeader()
{
    std::optional<Sandbox> sandbox;
    if (m_connection)
        sandbox = m_connection->sandboxes()->sandbox(m_currentSandbox);
    m_ui->sandboxLabel->setText(sandbox ? visibleText(sandbox->name) : QString());
    m_ui->stateIconLabel->setVisible(sandbox.has_value());
    updateRunning();
    if (!sandbox) {
        m_ui->stateLabel->clear();
        setWindowTitle(tr("VoidRun"));
        return;
    }
    QString state = sandboxStateText(*sandbox);
    if (sandbox->isAsleep())
        state = tr("Asleep");
    else if (sandbox->cpu > 0)
        state = tr("%1 · %n CPU(s) · %2 MiB", nullptr, sandbox->cpu).arg(state).arg(sandbox->mem);
    m_ui->stateLabel->setText(state);
    m_ui->stateIconLabel->setPixmap(
        sandboxStateIcon(*sandbox).pixmap(QSize(StateIcon, StateIcon), devicePixelRatio()));
    setWindowTitle(tr("%1 — VoidRun").arg(visibleText(sandbox->name)));
}

void MainWindow::updateActions()
{
    updateKeepAwake();
    const bool sandbox = !m_currentSandbox.isEmpty();
    m_ui->deleteSandboxAction->setEnabled(sandbox);
    m_ui->newTerminalAction->setEnabled(sandbox);
    m_ui->terminalButton->setEnabled(sandbox);
    m_ui->terminalPanel->setNewTerminalEnabled(sandbox);
}

void MainWindow::showProblem(const QString &sentence)
{
    m_noticeBar->showProblem(sentence);
}

void MainWindow::showFailure(const QString &sentence, const Error &error,
                             const QString &connectionId)
{
    switch (m_outages.say(connectionId, error)) {
        case Outages::Say::Itself:
            return showProblem(sentence);
        case Outages::Say::Nothing:
            return;
        case Outages::Say::Outage:
            break;
    }
    const ConnectionProfile *profile = m_connections->profile(connectionId);
    if (!profile)
        return showProblem(sentence);
    m_outageText = tr("“%1” cannot be reached. %2").arg(profile->name, errorText(error));
    showProblem(m_outageText);
}

void MainWindow::endOutage(const ConnectionProfile &profile)
{
    // What was said meanwhile stays.
    if (!m_outages.end(profile.id) || noticeText() != std::exchange(m_outageText, {}))
        return;
    m_noticeBar->hideText();  // over: a notice may take its place
    showNotice(tr("“%1” is there again.").arg(profile.name));
}

void MainWindow::showNotice(const QString &sentence)
{
    m_noticeBar->showNotice(sentence);
}

QString MainWindow::noticeText() const
{
    return m_noticeBar->text();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::WindowStateChange || !m_connection)
        return;
    const bool isWanted = !isMinimized() || m_transfers->isUnfinished(m_connection->profile().id);
    m_connection->sandboxes()->setRefreshInterval(isWanted ? RefreshInterval : 0);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const int transfers = m_transfers->activeCount();
    const QStringList edits = m_editing->unfinished();
    if (!m_closeConfirmed && !m_programs && lookForPrograms()) {
        event->ignore();  // once it is known what runs in the terminals, it goes on
        return;
    }
    const QStringList programs = std::exchange(m_programs, std::nullopt).value_or(QStringList());
    const QStringList runs = whatRuns();
    const bool isNothing =
        transfers == 0 && runs.isEmpty() && programs.isEmpty() && edits.isEmpty();
    if (isNothing || m_closeConfirmed) {
        if (releaseAwake()) {
            event->ignore();  // it closes when that is done
            return;
        }
        m_editing->closeEditors();
        m_settings->setValue(u"window/geometry"_s, saveGeometry());
        m_settings->setValue(u"window/state"_s, saveState());
        m_settings->setValue(u"window/splitter"_s, m_ui->workSplitter->saveState());
        saveTerminals();
        m_ui->terminalPanel->showWindows(false);
        event->accept();
        return;
    }
    event->ignore();
    QStringList running = edits;
    if (transfers > 0)
        running.append(tr("%n transfer(s) under way", nullptr, transfers));
    running += runs + programs;
    ask(this,
        {.title = tr("Close VoidRun"),
         .text = edits.isEmpty() ? tr("Something is still running. Close anyway?")
                                 : tr("Something is not finished. Close anyway?"),
         .details = running.join(u'\n') % u"\n\n"_s % tr("Files in sandboxes are kept."),
         .action = tr("Close")},
        [this] {
            m_closeConfirmed = true;
            close();
        });
}

}  // namespace voidrun
