// SPDX-License-Identifier: MIT
#include "mainwindow.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QSettings>
#include <QStandardPaths>

#include "appearance.h"
#include "connectiondialog.h"
#include "errortext.h"
#include "filepanel.h"
#include "icons.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/fsmodel.h"
#include "models/sandboxmodel.h"
#include "models/transfermodel.h"
#include "newsandboxdialog.h"
#include "noticebar.h"
#include "sandboxdelegate.h"
#include "sandboxpanel.h"
#include "terminalview.h"
#include "transferpanel.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int RefreshInterval = 5000;  // ms between looks at the list of sandboxes
constexpr int TitleBar = 40;           // of the window manager, about
constexpr int StateIcon = 16;
constexpr auto StartFolder = "/app"_L1;

}  // namespace

MainWindow::MainWindow(QSettings *settings, ConnectionModel *connections, TransferModel *transfers,
                       Appearance *appearance, QWidget *parent)
    : QMainWindow(parent),
      m_ui(std::make_unique<Ui::MainWindow>()),
      m_settings(settings),
      m_connections(connections),
      m_transfers(transfers)
{
    m_ui->setupUi(this);
    m_noticeBar = new NoticeBar(m_ui->centralwidget);
    setUpPanels(appearance);
    setUpActions();
    setUpTransfers();
    restoreLayout();
    updatePages();
    updateActions();
}

MainWindow::~MainWindow()
{
    setConnection(nullptr);
    m_transfers->disconnect(this);
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
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    resizeDocks({sandboxDock}, {270}, Qt::Horizontal);
    resizeDocks({m_transferDock}, {150}, Qt::Vertical);
    m_ui->viewMenu->addSeparator();
    m_ui->viewMenu->addAction(sandboxDock->toggleViewAction());
    m_ui->viewMenu->addAction(m_transferDock->toggleViewAction());
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
    connect(m_sandboxPanel, &SandboxPanel::terminalRequested, this, &MainWindow::openTerminal);
    connect(m_sandboxPanel, &SandboxPanel::sandboxChosen, this, &MainWindow::chooseSandbox);
    connect(m_sandboxPanel, &SandboxPanel::filesDropped, this,
            [this](const QString &id, const QList<QUrl> &files) {
                QStringList paths;
                for (const QUrl &url : files)
                    paths.append(url.toLocalFile());
                upload(id, paths, QString(StartFolder));
            });
    connect(m_ui->startPage, &StartPage::mainButtonClicked, this, [this] {
        if (m_connection && m_statusTitle.isEmpty())
            m_ui->newSandboxAction->trigger();
        else
            Q_EMIT statusButtonClicked();
    });
    connect(m_ui->startPage, &StartPage::connectionRequested, this,
            [this] { askConnection(nullptr); });
    connect(m_ui->terminalPanel, &TerminalPanel::currentChanged, this, &MainWindow::updateActions);
    connect(m_ui->terminalPanel, &TerminalPanel::newTerminalRequested, m_ui->newTerminalAction,
            &QAction::trigger);
    connect(m_ui->wakeButton, &QPushButton::clicked, this, [this] { showFiles(m_currentSandbox); });
    connect(m_ui->terminalButton, &QPushButton::clicked, m_ui->newTerminalAction,
            &QAction::trigger);
}

void MainWindow::setUpActions()
{
    m_ui->newSandboxAction->setIcon(themedIcon(u"add"_s));
    m_ui->deleteSandboxAction->setIcon(themedIcon(u"delete"_s));
    m_ui->refreshAction->setIcon(themedIcon(u"refresh"_s));
    m_ui->newTerminalAction->setIcon(themedIcon(u"terminal"_s));
    m_ui->closeTerminalAction->setIcon(themedIcon(u"close"_s));
    m_ui->moveTerminalAction->setIcon(themedIcon(u"split"_s));
    connect(m_ui->newSandboxAction, &QAction::triggered, this,
            [this] { askNewSandbox(nullptr, {}); });
    connect(m_ui->deleteSandboxAction, &QAction::triggered, this,
            [this] { askDelete(m_currentSandbox); });
    connect(m_ui->refreshAction, &QAction::triggered, this, [this] {
        if (m_connection)
            m_connection->sandboxes()->refresh();
        if (FilePanel *files = currentFiles())
            files->refresh();
    });
    connect(m_ui->quitAction, &QAction::triggered, this, &QWidget::close);
    connect(m_ui->newTerminalAction, &QAction::triggered, this,
            [this] { openTerminal(m_currentSandbox); });
    connect(m_ui->closeTerminalAction, &QAction::triggered, this,
            [this] { m_ui->terminalPanel->closeTerminal(m_ui->terminalPanel->currentTerminal()); });
    connect(m_ui->moveTerminalAction, &QAction::triggered, this,
            [this] { m_ui->terminalPanel->moveBeside(m_ui->terminalPanel->currentTerminal()); });
    connect(m_ui->aboutAction, &QAction::triggered, this, [this] {
        auto *box = new QMessageBox(this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setIconPixmap(
            QIcon(u":/icons/voidrun-desktop.svg"_s).pixmap(QSize(64, 64), devicePixelRatio()));
        box->setWindowTitle(tr("About VoidRun"));
        box->setText(tr("VoidRun Desktop %1").arg(QCoreApplication::applicationVersion()));
        box->setInformativeText(
            tr("A desktop client for VoidRun sandboxes. MIT licence; the "
               "terminal is QTermWidget (GPL-2.0-or-later)."));
        box->open();
    });
}

void MainWindow::setUpTransfers()
{
    connect(m_transfers, &TransferModel::transferStarted, this, [this](int id) {
        const TransferModel::Item *item = m_transfers->item(id);
        if (item && !item->request.staging)
            m_transferDock->show();
    });
    connect(m_transfers, &TransferModel::conflictsFound, this, &MainWindow::askConflicts);
    connect(m_transfers, &TransferModel::transferFinished, this, &MainWindow::transferFinished);
    connect(m_transfers, &TransferModel::guestFolderChanged, this,
            [this](const QString &sandboxId, const QString &path) {
                if (FilePanel *files = m_files.value(sandboxId))
                    files->model()->refreshFolder(path);
            });
}

void MainWindow::setConnection(Connection *connection)
{
    m_currentSandbox.clear();
    m_ui->fileStack->setCurrentWidget(m_ui->noSandboxLabel);
    if (m_connection) {
        m_connection->disconnect(this);
        m_connection->sandboxes()->disconnect(this);
        m_connection->sandboxes()->setRefreshInterval(0);
    }
    m_connection = connection;
    if (connection) {
        // Terminals whose connection had ended go on with the new one.
        for (TerminalView *view : m_ui->terminalPanel->terminals())
            connection->adopt(view->session());
    }
    m_sandboxPanel->setSandboxes(connection ? connection->sandboxes() : nullptr);
    if (connection) {
        m_sandboxPanel->setCurrentConnection(connection->profile().id);
        m_statusTitle.clear();
        m_sandboxPanel->showMessage({});
        connectSandboxes();
    }
    updatePages();
    updateHeader();
    updateActions();
}

void MainWindow::releaseConnection(Connection *connection)
{
    if (m_connection == connection)
        setConnection(nullptr);
    for (auto files = m_files.begin(); files != m_files.end();) {
        if (connection->sandboxes()->indexOf(files.key()).isValid()) {
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
    connect(sandboxes, &SandboxModel::loadingFinished, this, [this] {
        if (!m_statusTitle.isEmpty()) {
            m_statusTitle.clear();
            m_sandboxPanel->showMessage({});
        }
        updatePages();
        updateHeader();
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
            showProblem(
                tr("The sandboxes of “%1” could not be listed. %2").arg(name, errorText(error)));
        else
            showStatus(tr("“%1” cannot be used").arg(name), errorText(error), tr("Try again"));
    });
    connect(sandboxes, &SandboxModel::sandboxCreated, this, [this](const Sandbox &sandbox) {
        updatePages();
        m_sandboxPanel->setCurrentSandbox(sandbox.id);
        openTerminal(sandbox.id);
    });
    connect(sandboxes, &SandboxModel::creatingFailed, this,
            [this](const SandboxSpec &spec, const Error &error) {
                askNewSandbox(&spec,
                              tr("“%1” could not be made. %2").arg(spec.name, errorText(error)));
                updatePages();
            });
    connect(sandboxes, &SandboxModel::sandboxDeleted, this,
            [this](const QString &, const QString &name) {
                showNotice(tr("“%1” was deleted.").arg(name));
            });
    connect(sandboxes, &SandboxModel::deletingFailed, this,
            [this](const QString &, const QString &name, const Error &error) {
                showProblem(tr("“%1” could not be deleted. %2").arg(name, errorText(error)));
            });
    connect(sandboxes, &SandboxModel::sandboxGone, this, [this](const QString &id) {
        m_ui->terminalPanel->closeSandbox(id);
        delete m_files.take(id);
        if (m_currentSandbox == id)
            chooseSandbox({});
        updatePages();
    });
    connect(sandboxes, &QAbstractItemModel::dataChanged, this, &MainWindow::updateHeader);
    sandboxes->setRefreshInterval(RefreshInterval);
    sandboxes->refresh();
}

void MainWindow::showStatus(const QString &title, const QString &text, const QString &button)
{
    m_statusTitle = title;
    m_ui->startPage->showText(title, text, button);
    m_ui->startPage->setConnectionOffered(false);
    m_sandboxPanel->showMessage(title);
    updatePages();
}

void MainWindow::updatePages()
{
    const SandboxModel *sandboxes = m_connection ? m_connection->sandboxes() : nullptr;
    const bool any = sandboxes && sandboxes->rowCount() > 0;
    if (m_statusTitle.isEmpty() && !any) {
        if (sandboxes && sandboxes->isCreating()) {
            m_ui->startPage->showText(tr("Making your sandbox…"), tr("This takes a moment."), {});
            m_ui->startPage->setConnectionOffered(false);
        } else if (sandboxes && sandboxes->loadState() == SandboxModel::LoadState::Loaded) {
            const bool local = m_connection->profile().isLocalEngine;
            m_ui->startPage->showText(
                tr("Make your first sandbox"),
                local ? tr("A sandbox is a small computer of its own, kept apart from this one. "
                           "Put files in, run things in its terminal, take the results out. It "
                           "runs on this computer: no account is needed.")
                      : tr("A sandbox is a small computer of its own. Put files in, run things in "
                           "its terminal, take the results out."),
                tr("New sandbox"));
            m_ui->startPage->setConnectionOffered(local);
        } else {
            m_ui->startPage->showText(tr("Connecting…"), {}, {});
            m_ui->startPage->setConnectionOffered(false);
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
        const std::optional<Sandbox> sandbox = m_connection->sandboxes()->sandbox(id);
        // Looking at a sandbox that sleeps does not wake it; its button does.
        if (m_files.contains(id) || !sandbox || sandbox->isRunning())
            showFiles(id);
        else
            showAsleep(*sandbox);
        m_ui->terminalPanel->showSandbox(id);
    }
    updateHeader();
    updateActions();
}

void MainWindow::showFiles(const QString &id)
{
    if (FilePanel *files = filesOf(id))
        m_ui->fileStack->setCurrentWidget(files);
}

void MainWindow::showAsleep(const Sandbox &sandbox)
{
    m_ui->asleepLabel->setText(
        sandbox.isAsleep()
            ? tr("“%1” is asleep. Your files are safe.").arg(sandbox.name)
            : tr("“%1” is not running (%2).").arg(sandbox.name, sandboxStateText(sandbox)));
    m_ui->fileStack->setCurrentWidget(m_ui->asleepPage);
}

FilePanel *MainWindow::filesOf(const QString &sandboxId)
{
    if (FilePanel *files = m_files.value(sandboxId))
        return files;
    if (!m_connection)
        return nullptr;
    FsModel *model = m_connection->createFsModel(sandboxId, nullptr);
    auto *files = new FilePanel(model);
    m_files.insert(sandboxId, files);
    m_ui->fileStack->addWidget(files);
    connect(files, &FilePanel::uploadRequested, this,
            [this, sandboxId](const QStringList &paths, const QString &folder) {
                upload(sandboxId, paths, folder);
            });
    connect(
        files, &FilePanel::downloadRequested, this, [this, sandboxId](const QStringList &paths) {
            const QString folder =
                QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
            download(sandboxId, paths, m_settings->value(u"downloads/folder"_s, folder).toString());
        });
    connect(files, &FilePanel::dragOutFetchRequested, this,
            [this, sandboxId, files](int ticket, const QStringList &paths, const QString &folder) {
                TransferRequest request;
                request.direction = TransferRequest::Direction::Download;
                request.conflict = TransferRequest::Conflict::Overwrite;
                request.profile = m_connection->profile();
                request.sandboxId = sandboxId;
                request.sandboxName = nameOf(sandboxId);
                request.sources = paths;
                request.target = folder;
                request.staging = true;
                m_dragOuts.insert(m_transfers->start(request), {files, ticket});
            });
    connect(files, &FilePanel::dragOutCancelled, this, [this, files](int ticket) {
        for (const auto &[id, drag] : m_dragOuts.asKeyValueRange()) {
            if (drag.panel == files && drag.ticket == ticket)
                m_transfers->cancel(id);
        }
    });
    connect(files, &FilePanel::problem, this, &MainWindow::showProblem);
    connect(files, &FilePanel::notice, this, &MainWindow::showNotice);
    files->openFolder(QString(StartFolder));
    return files;
}

QString MainWindow::nameOf(const QString &sandboxId) const
{
    if (!m_connection)
        return {};
    const std::optional<Sandbox> sandbox = m_connection->sandboxes()->sandbox(sandboxId);
    return sandbox ? sandbox->name : QString();
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

void MainWindow::upload(const QString &sandboxId, const QStringList &localPaths,
                        const QString &folder)
{
    if (m_connection && !localPaths.isEmpty())
        m_transfers->start(
            requestFor(TransferRequest::Direction::Upload, sandboxId, localPaths, folder));
}

void MainWindow::download(const QString &sandboxId, const QStringList &guestPaths,
                          const QString &folder)
{
    if (m_connection && !guestPaths.isEmpty())
        m_transfers->start(
            requestFor(TransferRequest::Direction::Download, sandboxId, guestPaths, folder));
}

void MainWindow::openTerminal(const QString &sandboxId)
{
    if (!m_connection || sandboxId.isEmpty())
        return;
    if (m_currentSandbox != sandboxId)
        m_sandboxPanel->setCurrentSandbox(sandboxId);
    TerminalSession *session = m_connection->createTerminalSession(sandboxId, nullptr);
    m_ui->terminalPanel->addTerminal(session, nameOf(sandboxId));
    if (m_ui->fileStack->currentWidget() == m_ui->asleepPage)
        showFiles(sandboxId);  // the terminal wakes it anyway
    updateActions();
}

void MainWindow::updateHeader()
{
    std::optional<Sandbox> sandbox;
    if (m_connection)
        sandbox = m_connection->sandboxes()->sandbox(m_currentSandbox);
    m_ui->sandboxLabel->setText(sandbox ? sandbox->name : QString());
    m_ui->stateIconLabel->setVisible(sandbox.has_value());
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
    setWindowTitle(tr("%1 — VoidRun").arg(sandbox->name));
}

void MainWindow::updateActions()
{
    const bool sandbox = !m_currentSandbox.isEmpty();
    const TerminalView *terminal = m_ui->terminalPanel->currentTerminal();
    m_ui->deleteSandboxAction->setEnabled(sandbox);
    m_ui->newTerminalAction->setEnabled(sandbox);
    m_ui->terminalButton->setEnabled(sandbox);
    m_ui->terminalPanel->setNewTerminalEnabled(sandbox);
    m_ui->closeTerminalAction->setEnabled(terminal);
    m_ui->moveTerminalAction->setEnabled(m_ui->terminalPanel->terminals().size() > 1);
}

void MainWindow::askNewSandbox(const SandboxSpec *refused, const QString &problem)
{
    if (!m_connection)
        return;
    auto *dialog = new NewSandboxDialog(m_connection->sandboxes()->names(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (refused) {
        dialog->setSpec(*refused);
        dialog->showProblem(problem);
    }
    connect(m_connection, &Connection::imagesLoaded, dialog, &NewSandboxDialog::setImages);
    m_connection->loadImages();
    dialog->setLocal(m_connection->profile().isLocalEngine);
    connect(dialog, &NewSandboxDialog::specAccepted, this, [this](const SandboxSpec &spec) {
        if (!m_connection)
            return;
        m_connection->sandboxes()->create(spec);
        updatePages();
    });
    dialog->open();
}

void MainWindow::askDelete(const QString &id)
{
    const QString name = nameOf(id);
    if (id.isEmpty() || name.isEmpty())
        return;
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Warning);
    box->setWindowTitle(tr("Delete sandbox"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Delete the sandbox “%1”?").arg(name));
    box->setInformativeText(
        tr("All its files are deleted and its programs end. This cannot be "
           "undone."));
    auto *remove = box->addButton(tr("Delete “%1”").arg(name), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(remove, &QPushButton::clicked, this, [this, id] {
        if (m_connection)
            m_connection->sandboxes()->remove(id);
    });
    box->open();
}

void MainWindow::askConnection(const ConnectionProfile *existing)
{
    auto *dialog = new ConnectionDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const bool change = existing != nullptr;
    if (change)
        dialog->setProfile(*existing);
    connect(dialog, &ConnectionDialog::profileAccepted, this,
            [this, change](const ConnectionProfile &profile) {
                if (change)
                    Q_EMIT connectionChanged(profile);
                else
                    Q_EMIT connectionAdded(profile);
            });
    dialog->open();
}

void MainWindow::askRemoveConnection(const QString &id)
{
    const ConnectionProfile *profile = m_connections->profile(id);
    if (!profile)
        return;
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Remove connection"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Remove the connection “%1”?").arg(profile->name));
    box->setInformativeText(
        tr("Its address and key are forgotten on this computer. The sandboxes "
           "there are not touched."));
    auto *remove = box->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(remove, &QPushButton::clicked, this, [this, id] { Q_EMIT connectionRemoved(id); });
    box->open();
}

void MainWindow::askConflicts(int id, const QStringList &names)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item)
        return;
    constexpr qsizetype Listed = 12;
    QStringList listed = names.first(qMin(names.size(), Listed));
    if (names.size() > Listed)
        listed.append(tr("and %n more", nullptr, int(names.size() - Listed)));
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Already there"));
    box->setTextFormat(Qt::PlainText);
    box->setText(names.size() == 1
                     ? tr("“%1” already exists in “%2”.").arg(names.first(), item->request.target)
                     : tr("%n items already exist in “%1”.", nullptr, int(names.size()))
                           .arg(item->request.target));
    box->setInformativeText((names.size() == 1 ? QString() : listed.join(u'\n') % u"\n\n"_s) %
                            tr("Overwriting replaces files and adds to folders."));
    using Conflict = TransferRequest::Conflict;
    const auto add = [this, box, id](const QString &text, QMessageBox::ButtonRole role,
                                     Conflict answer) {
        QPushButton *button = box->addButton(text, role);
        connect(button, &QPushButton::clicked, this,
                [this, id, answer] { m_transfers->resolve(id, answer); });
        return button;
    };
    add(tr("Overwrite"), QMessageBox::DestructiveRole, Conflict::Overwrite);
    box->setDefaultButton(add(tr("Keep both"), QMessageBox::AcceptRole, Conflict::KeepBoth));
    add(tr("Skip"), QMessageBox::NoRole, Conflict::Skip);
    box->addButton(QMessageBox::Cancel);
    // Cancel, Escape and the window's own button.
    connect(box, &QDialog::finished, this, [this, box, id] {
        const QAbstractButton *clicked = box->clickedButton();
        if (!clicked || clicked == box->button(QMessageBox::Cancel))
            m_transfers->cancel(id);
    });
    connect(m_transfers, &TransferModel::transferFinished, box, [box, id](int finished) {
        if (finished == id)
            box->close();
    });
    box->open();
}

void MainWindow::transferFinished(int id)
{
    const TransferModel::Item *item = m_transfers->item(id);
    if (!item)
        return;
    const DragOut drag = m_dragOuts.take(id);
    if (item->request.staging) {
        if (item->state == TransferModel::State::Done && drag.panel)
            drag.panel->dragOutFetched(drag.ticket, item->results);
        else if (item->state == TransferModel::State::Failed)
            showProblem(tr("The files could not be fetched from “%1”. %2")
                            .arg(item->request.sandboxName, errorText(item->error)));
        return;
    }
    const bool up = item->request.direction == TransferRequest::Direction::Upload;
    if (item->state == TransferModel::State::Failed) {
        const QString what =
            item->error.subject.isEmpty() ? item->request.sources.value(0) : item->error.subject;
        const QString more = item->filesFailed > 1
                                 ? u" "_s % tr("(%n more failed.)", nullptr, item->filesFailed - 1)
                                 : QString();
        showProblem((up ? tr("“%1” could not be uploaded to “%2”. %3")
                        : tr("“%1” could not be downloaded from “%2”. %3"))
                        .arg(what, item->request.sandboxName, errorText(item->error)) %
                    more);
    } else if (item->state == TransferModel::State::Done && !up) {
        showNotice(tr("Downloaded to “%1”.").arg(item->request.target));
    }
}

void MainWindow::showProblem(const QString &sentence)
{
    m_noticeBar->showProblem(sentence);
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
    if (event->type() == QEvent::WindowStateChange && m_connection)
        m_connection->sandboxes()->setRefreshInterval(isMinimized() ? 0 : RefreshInterval);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const int transfers = m_transfers->activeCount();
    const int terminals = m_ui->terminalPanel->liveCount();
    const bool ask = transfers > 0 || terminals > 0;
    if (!ask || m_closeConfirmed) {
        m_settings->setValue(u"window/geometry"_s, saveGeometry());
        m_settings->setValue(u"window/state"_s, saveState());
        m_settings->setValue(u"window/splitter"_s, m_ui->workSplitter->saveState());
        event->accept();
        return;
    }
    event->ignore();
    QStringList running;
    if (transfers > 0)
        running.append(tr("%n transfer(s) under way", nullptr, transfers));
    if (terminals > 0)
        running.append(
            tr("%n terminal(s) open; on this computer their programs end", nullptr, terminals));
    auto *box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Close VoidRun"));
    box->setText(tr("Something is still running. Close anyway?"));
    box->setInformativeText(running.join(u'\n') % u"\n\n"_s % tr("Files in sandboxes are kept."));
    auto *close = box->addButton(tr("Close"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(close, &QPushButton::clicked, this, [this] {
        m_closeConfirmed = true;
        this->close();
    });
    box->open();
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
