// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <memory>

#include "api/profile.h"

namespace voidrun
{

class Client;
class FsModel;
class ProcessesModel;
class PtySessionModel;
class RescueFlow;
class RunHistory;
class RunJob;
class RunsModel;
class SandboxModel;
class TerminalSession;
class TransferModel;
class TreeListing;
class WatchStream;
struct RunRequest;
struct StreamOptions;
struct TransferRequest;
struct WatchRequest;

// One server that the window is connected to: its profile, its client and its sandboxes. Makes the
// models of single sandboxes, so that no widget ever sees the client. Lives in the GUI thread.
class Connection : public QObject
{
    Q_OBJECT

public:
    // What was run is kept in a file of `historyFolder`; empty: in memory only.
    explicit Connection(const ConnectionProfile &profile, const QString &historyFolder = {},
                        QObject *parent = nullptr);
    ~Connection() override;

    const ConnectionProfile &profile() const { return m_profile; }
    void setName(const QString &name) { m_profile.name = name; }
    SandboxModel *sandboxes() const { return m_sandboxes.get(); }
    RunsModel *runs() const { return m_runs.get(); }
    RunHistory *history() const { return m_history.get(); }
    // Shell lines that run the same with curl; without the key.
    QString curlText(const RunRequest &request) const;

    // All are owned by `parent`, or by the caller where that is null; none outlives its use of
    // the client: they end, with Error::Kind::Cancelled, when the connection is deleted first.
    FsModel *createFsModel(const QString &sandboxId, QObject *parent);
    TerminalSession *createTerminalSession(const QString &sandboxId, QObject *parent);
    PtySessionModel *createSessionList(const QString &sandboxId, QObject *parent);
    std::unique_ptr<ProcessesModel> createProcesses(const QString &sandboxId);
    TreeListing *createListing(const QString &sandboxId, QObject *parent);
    std::unique_ptr<WatchStream> watch(const QString &sandboxId, const WatchRequest &request,
                                       const StreamOptions &options);

    // Saves the work of a sandbox before deleting it; `request` as for RescueFlow.
    RescueFlow *createRescueFlow(TransferModel *transfers, const TransferRequest &request,
                                 QObject *parent);

    // Gives a session whose own connection is gone to this one, so that it can be started again.
    void adopt(TerminalSession *session);
    // Likewise a run, so that it can be looked for.
    void adopt(RunJob *job);
    // Asks which images there are; imagesLoaded() follows unless the server does not say.
    void loadImages();

Q_SIGNALS:
    void imagesLoaded(const QStringList &names);
    // One for each outage and one for its end.
    void reachableChanged(bool reachable);

private:
    ConnectionProfile m_profile;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<SandboxModel> m_sandboxes;
    std::unique_ptr<RunHistory> m_history;
    std::unique_ptr<RunsModel> m_runs;
};

}  // namespace voidrun
