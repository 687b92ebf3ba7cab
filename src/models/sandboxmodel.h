// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QPointer>
#include <QTimer>

#include <optional>

#include "api/error.h"
#include "api/types.h"

namespace voidrun
{

class Client;

// The sandboxes of one connection, in the order of their names. Asks the server, keeps the truth
// and reports what happened as past-tense signals. Refreshing never touches a guest, so it wakes
// nothing; it changes rows in place and never resets. Lives in the GUI thread.
class SandboxModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, StatusRole, SandboxRole, ActivityRole };
    // Never: nothing asked yet. Loading: the first answer, or one that somebody called refresh()
    // for; what the timer asks does not show. Failed keeps the rows of the last good answer.
    enum class LoadState { Never, Loading, Loaded, Failed };
    Q_ENUM(LoadState)

    // What was asked for a sandbox and is not answered yet.
    enum class Activity { None, Deleting, FallingAsleep, Waking, Starting, Changing };
    Q_ENUM(Activity)

    explicit SandboxModel(Client *client, QObject *parent = nullptr);
    ~SandboxModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    LoadState loadState() const { return m_loadState; }
    Error lastError() const { return m_lastError; }
    std::optional<Sandbox> sandbox(const QString &id) const;
    QModelIndex indexOf(const QString &id) const;
    QStringList names() const;
    Activity activity(const QString &id) const { return m_activities.value(id); }
    bool isBusy(const QString &id) const { return activity(id) != Activity::None; }
    bool isCreating() const { return m_creating > 0; }

    // Asks for all pages (at most 100 of them); one question at a time, a second call while one is
    // under way asks once more afterwards.
    void refresh();
    // Refreshes every `ms` (0 = off). For use while the window is visible.
    void setRefreshInterval(int ms);
    void create(const SandboxSpec &spec);
    void remove(const QString &id);
    // Each is left alone while something else is under way for the sandbox. The list is asked for
    // anew when it is done.
    void sleep(const QString &id);
    void wake(const QString &id);
    void start(const QString &id);  // what failed or was killed
    void setAutoSleep(const QString &id, bool autoSleep);

Q_SIGNALS:
    void loadingStarted();
    void loadingFinished();
    // A lasting outage is reported once, not once per refresh.
    void loadingFailed(const voidrun::Error &error);
    void sandboxCreated(const voidrun::Sandbox &sandbox);
    void creatingFailed(const voidrun::SandboxSpec &spec, const voidrun::Error &error);
    void sandboxDeleted(const QString &id, const QString &name);
    void deletingFailed(const QString &id, const QString &name, const voidrun::Error &error);
    void changingFailed(const QString &id, const QString &name, const voidrun::Error &error);
    // It was there at the last refresh and is not any more (deleted here or elsewhere).
    void sandboxGone(const QString &id);

private:
    void startRefresh();
    void requestPage(int page);
    void finishRefresh();
    void failRefresh(const Error &error);
    void continueRefresh();
    void merge(QList<Sandbox> sandboxes);
    void applyOwnChanges(QList<Sandbox> *sandboxes);
    void insertRow(const Sandbox &sandbox);
    void updateRow(int row, const Sandbox &sandbox);
    void removeRowOf(const QString &id);
    void setActivity(const QString &id, Activity activity);
    template<class Ask>
    void change(const QString &id, Activity activity, Ask ask);
    int rowOf(const QString &id) const;

    QPointer<Client> m_client;
    QList<Sandbox> m_sandboxes;
    QList<Sandbox> m_incoming;
    QHash<QString, Activity> m_activities;
    // What was made and deleted here, with the refresh that was then the newest: an answer to that
    // one or an older one may not know of it yet.
    QHash<QString, int> m_createdDuring;
    QHash<QString, int> m_deletedDuring;
    QTimer m_timer;
    LoadState m_loadState = LoadState::Never;
    Error m_lastError;
    int m_creating = 0;
    int m_refreshNumber = 0;
    bool m_refreshing = false;
    bool m_refreshAgain = false;
    bool m_failing = false;
};

}  // namespace voidrun
