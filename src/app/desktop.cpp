// SPDX-License-Identifier: MIT
#include "desktop.h"

#include <QFileInfo>
#include <QStandardPaths>

#include "appearance.h"
#include "engineprocess.h"
#include "errortext.h"
#include "mainwindow.h"
#include "models/connection.h"
#include "models/connectionmodel.h"
#include "models/openedits.h"
#include "models/sandboxmodel.h"
#include "models/terminalstore.h"
#include "models/transfermodel.h"
#include "models/watchmodel.h"
#include "sandboxpanel.h"
#include "terminalpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr auto Local = "local"_L1;

std::unique_ptr<QSettings> openSettings(const QString &file)
{
    if (file.isEmpty())
        return std::make_unique<QSettings>();
    return std::make_unique<QSettings>(file, QSettings::IniFormat);
}

QString stateDirOf(const Desktop::Options &options)
{
    if (!options.stateDir.isEmpty())
        return options.stateDir;
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) % u"/local"_s;
}

// The transfers that are not done, beside the local engine's state.
QString transferFileOf(const Desktop::Options &options)
{
    return QFileInfo(stateDirOf(options)).path() % u"/transfers"_s;
}

// The copies of files that are edited, likewise.
QString editFolderOf(const Desktop::Options &options)
{
    return QFileInfo(stateDirOf(options)).path() % u"/edits"_s;
}

QString terminalFolderOf(const Desktop::Options &options)
{
    return QFileInfo(stateDirOf(options)).path() % u"/terminals"_s;
}

}  // namespace

Desktop::Desktop(const Options &options, QObject *parent)
    : QObject(parent),
      m_historyFolder(QFileInfo(stateDirOf(options)).path() % u"/runs"_s),
      m_settings(openSettings(options.settingsFile)),
      m_connections(std::make_unique<ConnectionModel>(m_settings.get())),
      m_transfers(std::make_unique<TransferModel>(transferFileOf(options))),
      m_edits(std::make_unique<OpenEdits>(editFolderOf(options), m_transfers.get())),
      m_watches(std::make_unique<WatchModel>()),
      m_terminals(std::make_unique<TerminalStore>(terminalFolderOf(options))),
      m_engine(std::make_unique<EngineProcess>(stateDirOf(options), options.engineProgram)),
      m_appearance(std::make_unique<Appearance>(m_settings.get())),
      m_window(std::make_unique<MainWindow>(m_settings.get(), m_connections.get(),
                                            m_transfers.get(), m_edits.get(), m_watches.get(),
                                            m_appearance.get()))
{
    connect(m_engine.get(), &EngineProcess::ready, this,
            [this](const QUrl &url, const QString &key) {
                m_connections->setLocalEngine(url, key);
                // A restarted engine has another port: what is tried again goes there.
                m_transfers->updateProfile(*m_connections->profile(QString(Local)));
                m_edits->updateProfile(*m_connections->profile(QString(Local)));
                if (m_wanted == Local)
                    openConnection(*m_connections->profile(QString(Local)));
            });
    connect(m_engine.get(), &EngineProcess::failed, this, &Desktop::engineFailed);
    connect(m_connections.get(), &ConnectionModel::keyLoaded, this,
            [this](const QString &id, const QString &) {
                const ConnectionProfile *profile = m_connections->profile(id);
                if (profile && id == m_wanted && !m_window->connection())
                    openConnection(*profile);
            });
    connect(m_connections.get(), &ConnectionModel::keychainUnavailable, this,
            [this](const QString &reason, bool isRefused) {
                qWarning("The keychain is not available: %ls", qUtf16Printable(reason));
                m_window->showProblem(
                    isRefused ? tr("The keychain was not opened, so the key is kept only until you "
                                   "close VoidRun and asked for again then.")
                              : tr("Your desktop's keychain is not available, so the key is kept "
                                   "only until you close VoidRun and asked for again then."));
            });
    connect(m_connections.get(), &ConnectionModel::keyNotForgotten, this,
            [this](const QString &name) {
                m_window->showProblem(
                    tr("“%1” was removed, but its key could not be taken out of the keychain. "
                       "Remove it with your desktop's password program.")
                        .arg(name));
            });
    connectWindow();
    m_window->restoreTerminals(m_terminals.get());
}

Desktop::~Desktop()
{
    m_window->setConnection(nullptr);
}

void Desktop::connectWindow()
{
    MainWindow *window = m_window.get();
    connect(window, &MainWindow::connectionChosen, this, &Desktop::chooseConnection);
    connect(window, &MainWindow::connectionAdded, this, [this](const ConnectionProfile &profile) {
        chooseConnection(m_connections->add(profile));
    });
    connect(window, &MainWindow::connectionChanged, this, [this](const ConnectionProfile &profile) {
        m_connections->change(profile);
        chooseConnection(profile.id);  // the open one goes on where only its name is new
    });
    connect(window, &MainWindow::connectionRemoved, this, [this](const QString &id) {
        chooseConnection(QString(Local));
        closeConnection(id);
        m_connections->remove(id);
    });
    const auto engineGone = [this] {
        Error error;
        error.kind = Error::Kind::Engine;
        error.detail = tr("It has ended. Your sandboxes and their files are still there.");
        engineFailed(error);
    };
    // Queued: the model that noticed goes with its connection.
    connect(window, &MainWindow::localEngineGone, this, engineGone, Qt::QueuedConnection);
    connect(window, &MainWindow::statusButtonClicked, this, [this] { chooseConnection(m_wanted); });
}

void Desktop::start()
{
    m_window->show();
    m_window->terminalPanel()->showWindows(true);
    startEngine();  // it costs little, and the first sandbox is then a click away
    chooseConnection(m_connections->currentId());
}

void Desktop::startEngine()
{
    if (m_engine->state() != EngineProcess::State::Ready || m_engine->isJoined())
        m_engine->start();
}

void Desktop::chooseConnection(const QString &id)
{
    m_window->setConnection(nullptr);
    m_wanted = id;
    m_window->sandboxPanel()->setCurrentConnection(id);
    const ConnectionProfile *profile = m_connections->profile(id);
    if (!profile) {
        if (id != Local)
            chooseConnection(QString(Local));
        return;
    }
    m_connections->setCurrentId(id);
    if (id == Local && (m_engine->state() != EngineProcess::State::Ready || m_engine->isJoined())) {
        m_window->showStatus(tr("Starting…"), tr("Getting this computer ready for sandboxes."), {});
        startEngine();
        return;
    }
    if (id != Local && profile->apiKey.isEmpty()) {
        m_window->showStatus(tr("Connecting…"), {}, {});
        m_connections->loadKey(id);  // keyLoaded() goes on, also without a key
        return;
    }
    openConnection(*profile);
}

void Desktop::openConnection(const ConnectionProfile &profile)
{
    std::unique_ptr<Connection> &connection = m_open[profile.id];
    const bool same = connection && connection->profile().baseUrl == profile.baseUrl &&
                      connection->profile().apiKey == profile.apiKey;
    if (!same) {
        if (connection)
            m_window->releaseConnection(connection.get());
        connection = std::make_unique<Connection>(profile, m_historyFolder);
        m_transfers->updateProfile(profile);  // what is tried again uses the new address and key
        m_edits->updateProfile(profile);
    }
    connection->setName(profile.name);
    m_window->setConnection(connection.get());
}

void Desktop::closeConnection(const QString &id)
{
    const auto open = m_open.find(id);
    if (open == m_open.end())
        return;
    m_window->releaseConnection(open->second.get());
    m_open.erase(open);
}

void Desktop::engineFailed(const Error &error)
{
    closeConnection(QString(Local));
    if (m_wanted != Local)
        return;
    m_window->showStatus(tr("The local engine is not running"), errorText(error),
                         tr("Start it again"));
}

}  // namespace voidrun
