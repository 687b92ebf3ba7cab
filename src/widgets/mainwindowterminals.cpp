// SPDX-License-Identifier: MIT
// The window's terminals: opening, sessions, snippets, and what is kept of them.
#include <QApplication>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>
#include <QStandardPaths>
#include <QThreadPool>

#include "filepanel.h"
#include "icons.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/guestpath.h"
#include "models/ptysessionmodel.h"
#include "models/sandboxmodel.h"
#include "models/snippets.h"
#include "models/terminalstore.h"
#include "models/visibletext.h"
#include "noticebar.h"
#include "question.h"
#include "sandboxpanel.h"
#include "sessionsdialog.h"
#include "snippetsdialog.h"
#include "terminalactions.h"
#include "terminalsettings.h"
#include "terminaltextwindow.h"
#include "terminalview.h"
#include "ui_mainwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int SaveDelay = 1000;       // ms after a change of the layout
constexpr int SaveInterval = 20'000;  // ms; what a killed application loses of its screens
constexpr int LookTime = 3000;        // ms that the terminals may take to say what runs in them
constexpr auto KillLine = "\x15";     // what stands half typed at the prompt does not run

}  // namespace

void MainWindow::setUpTerminals()
{
    TerminalPanel *panel = m_ui->terminalPanel;
    connect(panel, &TerminalPanel::currentChanged, this, &MainWindow::updateActions);
    connect(panel, &TerminalPanel::newTerminalRequested, m_ui->newTerminalAction,
            &QAction::trigger);
    m_terminalSettings = new TerminalSettings(m_settings, this);
    connect(panel, &TerminalPanel::terminalMade, this, &MainWindow::setUpTerminal);
    connect(panel, &TerminalPanel::sessionsRequested, this, &MainWindow::showSessions);
    panel->actions()->fillMenu(m_ui->terminalMenu);
    connect(panel->actions()->saveOutput, &QAction::triggered, this, &MainWindow::saveOutput);
    connect(panel->actions()->whatRan, &QAction::triggered, this, &MainWindow::showWhatRan);
    setUpSnippets();
    m_saveTimer.setInterval(SaveInterval);
    connect(&m_saveTimer, &QTimer::timeout, this, &MainWindow::saveTerminals);
    connect(panel, &TerminalPanel::layoutChanged, this, [this] {
        updateKeepAwake();
        if (m_terminalStore)
            m_saveTimer.start(SaveDelay);
    });
}

void MainWindow::setUpTerminal(TerminalView *view)
{
    view->setSettings(m_terminalSettings);
    connect(view, &TerminalView::filesDropped, this,
            [this, view](const QStringList &files) { uploadInto(view, files); });
    connect(view, &TerminalView::bellRang, this,
            [this, view] { tellAway(view, tr("A terminal in “%1” rings.").arg(view->label())); });
    connect(view, &TerminalView::finishedNotice, this,
            [this, view](std::chrono::milliseconds duration) {
                tellAway(view, tr("The command in “%1” has ended after %2.")
                                   .arg(view->label(), durationText(duration.count() / 1000)));
            });
}

// Once they are there, their paths are typed.
void MainWindow::uploadInto(TerminalView *view, const QStringList &files)
{
    const QString sandboxId = view->session()->sandboxId();
    if (nameOf(sandboxId).isEmpty())
        return showProblem(tr("“%1” belongs to another connection. Choose that at the left first.")
                               .arg(view->sandboxName()));
    const int id = m_transfers->start(requestFor(TransferRequest::Direction::Upload, sandboxId,
                                                 files, QString(guestpath::WorkFolder)));
    auto *upload = new QObject(view);
    connect(m_transfers, &TransferModel::transferFinished, upload,
            [this, view, upload, id](int end) {
                if (end != id)
                    return;
                upload->deleteLater();
                const TransferModel::Item *item = m_transfers->item(id);
                if (item && item->state == TransferModel::State::Done)
                    view->typePaths(item->results);
            });
}

// Only where the person does not look at it.
void MainWindow::tellAway(TerminalView *view, const QString &sentence)
{
    if (view->isVisible() && view->isActiveWindow())
        return;
    QApplication::alert(view->window());
    m_noticeBar->showNotice(sentence, tr("Show"),
                            [panel = QPointer(m_ui->terminalPanel), view = QPointer(view)] {
                                if (panel && view)
                                    panel->showTerminal(view);
                            });
}

void MainWindow::setUpSnippets()
{
    m_snippets = new Snippets(m_settings, this);
    QMenu *menu = m_ui->terminalPanel->actions()->snippets;
    const auto edit = [this](const QString &text) {
        auto *dialog = new SnippetsDialog(m_snippets, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        if (!text.isEmpty())
            dialog->addText(text);
        dialog->open();
    };
    connect(menu, &QMenu::aboutToShow, this, [this, menu, edit] {
        menu->clear();
        const QPointer<TerminalView> view = m_ui->terminalPanel->currentTerminal();
        for (int row = 0; row < m_snippets->rowCount(); ++row) {
            QString title = Snippets::titleOf(m_snippets->at(row));
            QAction *insert =
                menu->addAction(title.replace(u'&', u"&&"_s), this, [this, view, row] {
                    if (view)
                        view->paste(m_snippets->at(row).text);
                });
            insert->setEnabled(view && view->session()->isLive() &&
                               view->session()->kind() != TerminalSession::Kind::ReadOnly);
        }
        menu->addSeparator();
        menu->addAction(themedIcon(u"edit"_s), tr("&Edit snippets…"), this,
                        [edit] { edit(QString()); });
    });
}

void MainWindow::startTerminal(TerminalSession *session, const QString &sandboxId)
{
    connect(session, &TerminalSession::stateChanged, this, [this](TerminalSession::State state) {
        if (state == TerminalSession::State::Live && m_connection)
            m_connection->sandboxes()->refresh();  // the list says that it is awake
        updateKeepAwake();
    });
    m_ui->terminalPanel->addTerminal(session, nameOf(sandboxId));
    updateActions();
}

void MainWindow::openTerminal(const QString &sandboxId, const QString &folder)
{
    if (!m_connection || sandboxId.isEmpty())
        return;
    if (m_currentSandbox != sandboxId)
        m_sandboxPanel->setCurrentSandbox(sandboxId);
    TerminalSession *session = m_connection->createTerminalSession(sandboxId, nullptr);
    if (!folder.isEmpty())
        session->setStartFolder(folder);
    startTerminal(session, sandboxId);
    showPage(Page::Files);  // they are below the files
    if (FilePanel *files = currentFiles(); files && files->isResting())
        files->refresh();  // the terminal wakes it anyway
}

// In the terminal of that sandbox that is in front, where only its shell runs; else in a new one.
void MainWindow::runInTerminal(const QString &sandboxId, const QString &folder,
                               const QString &command)
{
    if (!m_connection)
        return;
    const auto inNew = [this, sandboxId, folder, command] {
        if (!m_connection)
            return;
        TerminalSession *session = m_connection->createTerminalSession(sandboxId, nullptr);
        session->setStartFolder(folder);
        session->setStartCommand(command);
        startTerminal(session, sandboxId);
    };
    TerminalView *view = m_ui->terminalPanel->currentTerminal();
    if (!view || view->session()->sandboxId() != sandboxId ||
        view->session()->kind() != TerminalSession::Kind::Persistent ||
        view->session()->state() != TerminalSession::State::Live)
        return inNew();
    connect(
        view->session(), &TerminalSession::programsFound, view,
        [view, inNew, folder, command](const QStringList &names, bool isKnown) {
            if (!isKnown || !names.isEmpty())
                return inNew();
            const QString line = u"cd %1 && %2\r"_s.arg(guestpath::shellQuoted(folder), command);
            view->session()->write(KillLine + line.toUtf8());
            view->setFocus();
        },
        Qt::SingleShotConnection);
    view->session()->lookForPrograms();
}

void MainWindow::showSessions(const QString &sandboxId, const QString &name)
{
    if (!m_connection)
        return;
    const std::optional<Sandbox> sandbox = m_connection->sandboxes()->sandbox(sandboxId);
    if (!sandbox)
        return showProblem(
            tr("“%1” belongs to another connection. Choose that at the left first.").arg(name));
    if (sandbox->isRunning())
        return listSessions(sandboxId, name);
    ask(this,
        {.title = tr("Running sessions"),
         .text = tr("Wake “%1”?").arg(name),
         .details = tr("It is asleep: its sessions cannot be listed without waking it."),
         .action = tr("Wake it")},
        [this, sandboxId, name] { listSessions(sandboxId, name); });
}

void MainWindow::listSessions(const QString &sandboxId, const QString &name)
{
    if (!m_connection)
        return;
    auto *dialog =
        new SessionsDialog(m_connection->createSessionList(sandboxId, nullptr), name, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SessionsDialog::attachRequested, this,
            [this, sandboxId](const QString &session) { attachTo(sandboxId, session, false); });
    connect(dialog, &SessionsDialog::watchRequested, this,
            [this, sandboxId](const QString &session) { attachTo(sandboxId, session, true); });
    dialog->open();
}

void MainWindow::attachTo(const QString &sandboxId, const QString &sessionId, bool onlyWatch)
{
    // What is open in a tab is shown; to watch that beside it is of use to nobody.
    if (!m_connection || m_ui->terminalPanel->showSession(sessionId))
        return;
    TerminalSession *session = m_connection->createTerminalSession(sandboxId, nullptr);
    if (onlyWatch)
        session->setKind(TerminalSession::Kind::ReadOnly);
    session->setSession(sessionId);
    startTerminal(session, sandboxId);
}

void MainWindow::saveOutput()
{
    const TerminalView *view = m_ui->terminalPanel->currentTerminal();
    if (!view)
        return;
    auto *dialog = new QFileDialog(this, tr("Save output"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(downloadFolder());
    dialog->selectFile(guestpath::fileName(u'/' % view->label()) % u".txt"_s);
    dialog->setDefaultSuffix(u"txt"_s);
    connect(
        dialog, &QFileDialog::fileSelected, this, [this, text = view->text()](const QString &name) {
            const QPointer<MainWindow> self(this);
            QThreadPool::globalInstance()->start([self, name, bytes = text.toUtf8()] {
                QSaveFile file(name);
                const bool isWritten = file.open(QIODevice::WriteOnly) &&
                                       file.write(bytes) == bytes.size() && file.commit();
                const QString reason = file.errorString();
                QMetaObject::invokeMethod(qApp, [self, name, isWritten, reason] {
                    if (self && isWritten)
                        self->showNotice(tr("The output is in “%1”.").arg(name));
                    else if (self)
                        self->showProblem(tr("“%1” could not be written: %2.").arg(name, reason));
                });
            });
        });
    dialog->open();
}

void MainWindow::showWhatRan()
{
    const TerminalView *view = m_ui->terminalPanel->currentTerminal();
    if (!view)
        return;
    auto *window = new TerminalTextWindow(tr("What ran in %1").arg(view->label()), view->text(),
                                          m_ui->terminalPanel->window());
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->show();
}

void MainWindow::restoreTerminals(TerminalStore *store)
{
    m_terminalStore = store;
    const SavedTerminals saved = store->load();
    m_ui->terminalPanel->restore(saved, [this](const SavedTerminal &terminal) {
        auto *session = new TerminalSession(nullptr, terminal.sandboxId);
        session->restore(terminal);
        connect(session, &TerminalSession::stateChanged, this,
                [this](TerminalSession::State state) {
                    if (state == TerminalSession::State::Live && m_connection)
                        m_connection->sandboxes()->refresh();
                    updateKeepAwake();
                });
        return session;
    });
    m_saveTimer.start(SaveInterval);
}

void MainWindow::saveTerminals()
{
    if (!m_terminalStore)
        return;
    SavedTerminals saved = m_ui->terminalPanel->saved();
    m_terminalStore->save(&saved);
    m_ui->terminalPanel->setKeys(saved);
    m_saveTimer.start(SaveInterval);
}

// Asks the terminals whose programs would end with the window; false where there is none. The
// window closes, or asks, once all have answered.
bool MainWindow::lookForPrograms()
{
    QList<TerminalSession *> sessions;
    for (const TerminalView *view : m_ui->terminalPanel->terminals()) {
        TerminalSession *session = view->session();
        const ConnectionProfile *profile = m_connections->profile(session->connectionId());
        const bool endsWithUs = session->kind() == TerminalSession::Kind::Temporary ||
                                (profile && profile->isLocalEngine &&
                                 session->kind() == TerminalSession::Kind::Persistent);
        if (session->state() == TerminalSession::State::Live && endsWithUs)
            sessions.append(session);
    }
    if (sessions.isEmpty())
        return false;
    if (std::exchange(m_isLooking, true))
        return true;
    struct Look {
        qsizetype waiting = 0;
        QStringList found;
        bool isDone = false;
    };
    const auto look = std::make_shared<Look>();
    look->waiting = sessions.size();
    const auto finish = [this, look] {
        if (std::exchange(look->isDone, true))
            return;
        m_isLooking = false;
        m_programs = look->found;
        close();
    };
    for (TerminalSession *session : std::as_const(sessions)) {
        const QString name = nameOf(session->sandboxId());
        connect(
            session, &TerminalSession::programsFound, this,
            [look, name, finish](const QStringList &names, bool isKnown) {
                QStringList quoted;
                for (const QString &program : names)
                    quoted.append(tr("“%1”").arg(program));
                if (!isKnown)
                    look->found.append(tr("a terminal of “%1” is open").arg(name));
                else if (!names.isEmpty())
                    look->found.append(
                        tr("in a terminal of “%1”: %2").arg(name, quoted.join(u", "_s)));
                if (--look->waiting == 0)
                    finish();
            },
            Qt::SingleShotConnection);
        session->lookForPrograms();
    }
    QTimer::singleShot(LookTime, this, [look, finish] {
        if (!look->isDone)
            look->found.append(
                tr("%n terminal(s) that do not answer", nullptr, int(look->waiting)));
        finish();
    });
    return true;
}

}  // namespace voidrun
