// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <optional>

#include "api/error.h"
#include "api/profile.h"
#include "api/types.h"
#include "models/outages.h"
#include "models/runtypes.h"
#include "models/transfermodel.h"

class QMimeData;
class QSettings;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace voidrun
{

namespace Ui
{
class MainWindow;
}

class Appearance;
class Connection;
class ConnectionModel;
class DesktopNotifier;
class EditingFlow;
class FilePanel;
class KeepAwake;
class NewSandboxDialog;
class NoticeBar;
class OpenEdits;
class Places;
class ProcessPanel;
class ProcessesModel;
class RunJob;
class RunPanel;
class SandboxPanel;
class SidePane;
class Snippets;
class TerminalPanel;
class TerminalSession;
class TerminalSettings;
class TerminalStore;
class TerminalView;
class TransferFlow;
class WatchModel;
class WatchNotices;
class WatchPanel;
struct WatchRequest;

// The window: connection and sandboxes at the left, the chosen sandbox's files and the terminals
// in the middle, transfers below. Joins panels and models; holds no state of its own but what is
// on the screen. GUI thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // All outlive the window.
    MainWindow(QSettings *settings, ConnectionModel *connections, TransferModel *transfers,
               OpenEdits *edits, WatchModel *watches, Appearance *appearance,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    // The connection to show; null while there is none, with the reason on the start page.
    // Terminals of another connection stay open.
    void setConnection(Connection *connection);
    // Before a connection is deleted: what shows it is taken away; its terminals keep their text.
    void releaseConnection(Connection *connection);
    // In place of the sandboxes: what is going on or wrong, and what the buttons would do.
    void showStatus(const QString &title, const QString &text, const QString &button,
                    const QString &secondButton = {});
    void showProblem(const QString &sentence);
    // Where a call to the server of that connection failed: an outage is told once.
    void showFailure(const QString &sentence, const Error &error, const QString &connectionId);
    void showNotice(const QString &sentence);
    QString noticeText() const;

    SandboxPanel *sandboxPanel() const { return m_sandboxPanel; }
    TerminalPanel *terminalPanel() const;
    FilePanel *currentFiles() const;
    Connection *connection() const;
    // Starts an upload as a drop does; gives its number, 0 for none.
    int upload(const QString &sandboxId, const QStringList &localPaths, const QString &folder);
    void download(const QString &sandboxId, const QStringList &guestPaths, const QString &folder);
    void openTerminal(const QString &sandboxId, const QString &folder = {});
    // Where the terminals are kept over the end of the application; brings back those that are.
    // `store` outlives the window.
    void restoreTerminals(TerminalStore *store);

    enum class Page { Files, Run, Processes };  // of the chosen sandbox, in the middle
    void showPage(Page page);
    RunPanel *currentRun() const;
    ProcessPanel *currentProcesses() const;
    // Shows the page of its sandbox and runs it there; says so where that is gone.
    void run(const RunRequest &request);
    // Shows the panel and watches a folder of a sandbox of this connection.
    void watchFolder(const QString &sandboxId, const WatchRequest &request);
    WatchPanel *watchPanel() const;

Q_SIGNALS:
    void connectionChosen(const QString &id);
    void connectionAdded(const voidrun::ConnectionProfile &profile);
    void connectionChanged(const voidrun::ConnectionProfile &profile);
    void connectionRemoved(const QString &id);
    void statusButtonClicked();
    // The local engine does not answer any more.
    void localEngineGone();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    // Connection and sandbox: two servers may give the same id.
    using SandboxKey = std::pair<QString, QString>;

    void setUpPanels(Appearance *appearance);
    void connectPanels();
    void setUpActions();
    void setUpTerminals();
    void setUpSnippets();
    void setUpGoActions();
    void setUpTransfers();
    void setUpEditing();
    void setUpPages();
    void setUpWatching();
    void setUpWatchNotices();
    void updateUnseen();
    void updateFollowing();
    void showWatching();
    void askWatch(const QString &sandboxId);
    void watchDropped(const QString &sandboxId, const QStringList &paths);
    void showWatchedFile(const QString &connectionId, const QString &sandboxId,
                         const QString &path);
    void addGoAction(const QString &name, const QString &text, Qt::Key key, Page page);
    void showSandboxPage();
    RunPanel *runOf(const QString &sandboxId);
    RunPanel *showRunOf(const QString &sandboxId);
    bool isThere(const QString &sandboxId) const;
    void edit(const RunRequest &request);
    ProcessPanel *processesOf(const QString &sandboxId);
    void connectRuns();
    void runFile(const QString &sandboxId, const QString &path);
    void offerRun(int transfer, const QStringList &localPaths);
    void offerRunOfUploaded(int transfer);
    void forgetRuns(const QString &sandboxId);
    void keepRuns(Connection *connection);
    void adoptRuns(Connection *connection);
    void updateRunning();
    void setUpKeepAwake();
    static KeepAwake *keepAwake(const Connection *connection);
    void makeKeepAwake();
    void updateKeepAwake();
    bool releaseAwake();
    bool isReleasing() const;
    bool isBusy(const Connection &connection, const QString &sandboxId) const;
    QList<Connection *> openConnections() const;
    Connection *connectionOf(const QString &sandboxId) const;
    QList<RunJob *> liveRuns() const;
    QList<ProcessesModel *> runningProcesses() const;
    QStringList whatRuns() const;
    void fillRunningMenu();
    void connectSandboxes();
    void connectLostTransfers();
    void endOutage(const ConnectionProfile &profile);
    void chooseSandbox(const QString &id);
    void showFiles(const QString &id);
    SandboxKey keyOf(const QString &sandboxId) const;  // of the connection that is shown
    QList<FilePanel *> panelsOf(const Connection *connection) const;
    void updateRest(FilePanel *files) const;
    void updateRests() const;
    void updateHeader();
    void updatePages();
    void updateActions();
    void askNewSandbox(const SandboxSpec *refused, const QString &problem);
    void askDelete(const QString &id);
    void rescue(const QString &id);
    void askConnection(const ConnectionProfile *existing);
    void askRemoveConnection(const QString &id);
    void showAbout();
    FilePanel *filesOf(const QString &sandboxId);
    FilePanel *makeFiles(const QString &sandboxId);
    void openAtFirst(FilePanel *files);
    void copyFromSandbox(const QMimeData *data, const QString &sandboxId, const QString &folder,
                         bool move = false);
    void endMove(Connection *connection, const TransferRequest &from, const TransferRequest &to,
                 bool isWhole);
    bool isWithinReach(const QString &sandboxId);
    void showSidePane(bool shown);
    void refreshFolder(const QString &sandboxId, const QString &path);
    Places *placesOf(const QString &connectionId);
    QString nameOf(const QString &sandboxId) const;
    QString downloadFolder() const;
    TransferRequest requestFor(TransferRequest::Direction direction, const QString &sandboxId,
                               const QStringList &sources, const QString &target) const;
    void restoreLayout();
    void setUpTerminal(TerminalView *view);
    void uploadInto(TerminalView *view, const QStringList &files);
    void tellAway(TerminalView *view, const QString &sentence);
    void startTerminal(TerminalSession *session, const QString &sandboxId);
    void runInTerminal(const QString &sandboxId, const QString &folder, const QString &command);
    void showSessions(const QString &sandboxId, const QString &name);
    void listSessions(const QString &sandboxId, const QString &name);
    void attachTo(const QString &sandboxId, const QString &sessionId, bool onlyWatch);
    void saveOutput();
    void showWhatRan();
    void saveTerminals();
    bool lookForPrograms();

    std::unique_ptr<Ui::MainWindow> m_ui;
    QSettings *m_settings;
    ConnectionModel *m_connections;
    TransferModel *m_transfers;
    OpenEdits *m_edits;
    WatchModel *m_watches;
    TransferFlow *m_transferFlow = nullptr;
    EditingFlow *m_editing = nullptr;
    NoticeBar *m_noticeBar = nullptr;
    SandboxPanel *m_sandboxPanel = nullptr;
    SidePane *m_sidePane = nullptr;  // made when it is wanted
    QDockWidget *m_transferDock = nullptr;
    QDockWidget *m_editDock = nullptr;
    QDockWidget *m_watchDock = nullptr;
    WatchNotices *m_watchNotices = nullptr;
    DesktopNotifier *m_notifier = nullptr;
    QPointer<Connection> m_connection;
    QList<QPointer<Connection>> m_open;  // that were shown and are not released
    QPointer<NewSandboxDialog> m_newDialog;
    QString m_currentSandbox;
    QHash<SandboxKey, FilePanel *> m_files;
    QHash<QString, Places *> m_places;  // by connection
    QTabBar *m_pageBar = nullptr;
    QStackedWidget *m_pageStack = nullptr;
    QStackedWidget *m_runStack = nullptr;
    QStackedWidget *m_processStack = nullptr;
    QToolButton *m_runningButton = nullptr;
    QToolButton *m_awakeButton = nullptr;
    QHash<int, QString> m_entries;               // to be run, of uploads: below what they make
    QHash<QString, RunPanel *> m_runs;           // by sandbox
    QHash<QString, ProcessPanel *> m_processes;  // likewise
    Outages m_outages;
    QString m_outageText;  // as long as it is shown
    QString m_statusTitle;
    TerminalStore *m_terminalStore = nullptr;
    TerminalSettings *m_terminalSettings = nullptr;
    Snippets *m_snippets = nullptr;
    QTimer m_saveTimer;
    // What runs in terminals that would end with the window; known just before it closes.
    std::optional<QStringList> m_programs;
    bool m_isLooking = false;  // for them
    bool m_closeConfirmed = false;
    bool m_isReleasing = false;  // what was kept awake, before it closes
};

}  // namespace voidrun
