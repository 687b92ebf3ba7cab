// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSettings>

#include <map>
#include <memory>

#include "api/error.h"
#include "api/profile.h"

namespace voidrun
{

class Appearance;
class Connection;
class ConnectionModel;
class EngineProcess;
class MainWindow;
class OpenEdits;
class TerminalStore;
class TransferModel;
class WatchModel;

// The object graph of the application and nothing else: makes the models, the engine and the
// window, and carries the choice of a connection between them. GUI thread.
class Desktop : public QObject
{
    Q_OBJECT

public:
    struct Options {
        QString stateDir;       // of the local engine; empty = the user's data folder
        QString settingsFile;   // empty = the user's settings
        QString engineProgram;  // empty = found by itself
    };

    explicit Desktop(const Options &options, QObject *parent = nullptr);
    ~Desktop() override;

    void start();
    MainWindow *window() const { return m_window.get(); }
    EngineProcess *engine() const { return m_engine.get(); }
    TransferModel *transfers() const { return m_transfers.get(); }
    OpenEdits *edits() const { return m_edits.get(); }
    WatchModel *watches() const { return m_watches.get(); }
    Appearance *appearance() const { return m_appearance.get(); }

private:
    void chooseConnection(const QString &id);
    void openConnection(const ConnectionProfile &profile);
    void closeConnection(const QString &id);
    void startEngine();
    void engineFailed(const Error &error);
    void connectWindow();

    const QString m_historyFolder;  // of what was run
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ConnectionModel> m_connections;
    std::unique_ptr<TransferModel> m_transfers;
    std::unique_ptr<OpenEdits> m_edits;
    std::unique_ptr<WatchModel> m_watches;
    std::unique_ptr<TerminalStore> m_terminals;
    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<Appearance> m_appearance;
    std::map<QString, std::unique_ptr<Connection>> m_open;  // by id; kept while others are shown
    std::unique_ptr<MainWindow> m_window;
    QString m_wanted;  // the connection that is being opened
};

}  // namespace voidrun
