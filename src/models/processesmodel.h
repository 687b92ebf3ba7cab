// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include "api/error.h"
#include "api/exectypes.h"
#include "api/types.h"

namespace voidrun
{

class Client;
class SandboxModel;

// The background processes of one sandbox, newest first. Asks for them only when told to, and every
// few seconds while it is watched, the sandbox is awake, and asking does not keep it awake that
// would sleep by itself. GUI thread.
class ProcessesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { CommandColumn, StateColumn, PidColumn, StartColumn, ColumnCount };
    enum Role { ProcessRole = Qt::UserRole + 1, StoppingRole, NotifyRole };

    // Both outlive the model's use of them.
    ProcessesModel(Client *client, SandboxModel *sandboxes, const QString &sandboxId,
                   QObject *parent = nullptr);
    ~ProcessesModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const QString &sandboxId() const { return m_sandboxId; }
    const GuestCommand *process(qint64 pid) const;
    QList<qint64> running() const;
    bool isLoaded() const { return m_isLoaded; }
    // Why the list is not brought up to date by itself at the moment, although it is watched.
    enum class Rest { None, Asleep, WouldKeepAwake };
    Rest rest() const;

    void setWatched(bool watched);  // while a person sees the list
    void refresh();
    void start(const CommandRequest &request);
    // TERM, and KILL for what is left after five seconds; its children too.
    void stop(qint64 pid);
    void stopAll();
    // ended() tells when it ends; asked for by a person, so it may last.
    void notifyAboutEnd(qint64 pid);
    // While it is on, the end of each process is noticed when it comes, without looking.
    void setFollowed(bool followed);
    void loadPublicUrls();

Q_SIGNALS:
    void loaded();
    void loadingFailed(const voidrun::Error &error);
    void started(qint64 pid);
    // `noFolder`: because there is no such folder to work in.
    void startingFailed(const voidrun::Error &error, bool noFolder);
    // What stop() ended, as command lines; `forced`: it took a KILL.
    void stopped(qint64 pid, const QStringList &ended, bool forced);
    void stoppingFailed(qint64 pid, const voidrun::Error &error);
    void ended(const QString &command, int exitCode);
    void publicUrlsLoaded(const QList<voidrun::PublicUrl> &urls);

private:
    void takeList(QList<GuestCommand> commands);
    void explainStart(const CommandRequest &request, const Error &error);
    void takeStopped(qint64 pid, const Result<ExecResult> &result);
    void kill(qint64 pid, const QStringList &ended);
    void followRunning();
    void change(int row);
    int rowOf(qint64 pid) const;
    void updateTimer();

    QPointer<Client> m_client;
    QPointer<SandboxModel> m_sandboxes;
    const QString m_sandboxId;
    QList<GuestCommand> m_commands;
    QSet<qint64> m_stopping;
    QSet<qint64> m_notified;
    QSet<qint64> m_followed;
    QTimer m_timer;
    QTimer m_followTimer;  // until it is looked again, after a failure
    bool m_isWatched = false;
    bool m_isLoaded = false;
    bool m_isFollowed = false;
    bool m_isAsking = false;
    bool m_asksAgain = false;
    bool m_hasFailed = false;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::GuestCommand)
