// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>

#include <memory>
#include <vector>

#include "api/error.h"
#include "api/options.h"
#include "api/watchtypes.h"
#include "treelisting.h"

namespace voidrun
{

class Connection;
class SandboxModel;
class WatchEventsModel;

// One folder that is watched, as it stands. A plain value.
struct Watch {
    // Asleep: the sandbox does not run, and the watch goes on when it does. Stopped: `error` says
    // why.
    enum class State { Connecting, Live, Reconnecting, Asleep, Stopped };
    // Where changes that nobody saw are told: nowhere, where the application shows its panels, or
    // by the desktop too while the application is not in front.
    enum class Notify { Off, Panel, Desktop };

    int id = 0;
    QString connectionId;
    QString sandboxId;
    QString sandboxName;
    WatchRequest request;
    Notify notify = Notify::Panel;
    State state = State::Connecting;
    Error error;
    QDateTime lastEvent;       // of the newest change; invalid before the first
    bool needsRescan = false;  // changes may have been missed
    bool isScanning = false;
    bool isKnown =
        false;  // what was missed can be found: the folder was listed, and is not too large
};

// The folders that are watched, in any sandboxes of any connections; what they see goes to an
// events model. A watch never wakes a sandbox: one that fell asleep is waited for, and a connection
// that was cut comes back by itself; both ask for a rescan then, which lists the folder and tells
// what was missed. Only adding a watch and rescanning touch the guest, because a person asked. GUI
// thread.
class WatchModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { FolderColumn, SandboxColumn, StateColumn, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, WatchRole };
    static constexpr int MaxWatches = 64;

    explicit WatchModel(QObject *parent = nullptr);
    // With other pauses before a connection comes back.
    explicit WatchModel(const StreamOptions &options, QObject *parent = nullptr);
    ~WatchModel() override;

    WatchEventsModel *events() const { return m_events; }
    // Its id; that of the same folder's watch where there is one, which then has the new options,
    // and 0 where there are MaxWatches. One of a sandbox that does not run waits for it.
    int add(Connection *connection, const QString &sandboxId, const WatchRequest &request);
    void remove(int id);
    // Starts again one that stopped, or whose sandbox sleeps: for somebody who asked.
    void resume(int id);
    void setOptions(int id, bool recursive, bool ignoreHidden);
    void setNotify(int id, Watch::Notify notify);
    // Tells what is not as the watch saw it last; wakes the sandbox.
    void rescan(int id);
    const Watch *watch(int id) const;
    // As far as the watch knows what is there; empty while it does not.
    Tree tree(int id) const;
    // What has a connection of that id now belongs to this one, and goes on.
    void adopt(Connection *connection);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    // `missed` changes were told; -1: there was nothing to compare with.
    void rescanned(int id, int missed);
    void rescanFailed(int id, const voidrun::Error &error);

private:
    struct Entry;

    Entry *find(int id) const;
    bool runs(const Entry *entry) const;
    void open(Entry *entry, bool mayWake);
    void follow(int id);
    void take(int id, const WatchEvent &event);
    void end(int id, const Error &error);
    void tell(const Entry *entry, const WatchEvent &event);
    void list(Entry *entry);
    void startListing(Entry *entry);
    void takeListing(int id, const Tree &tree);
    void announce(const Entry *entry);
    void followSandboxes(SandboxModel *sandboxes, const QString &connectionId);
    void wakeUp(const QString &connectionId, const QString &sandboxId);

    const StreamOptions m_options;
    WatchEventsModel *m_events;
    std::vector<std::unique_ptr<Entry>> m_entries;
    int m_nextId = 1;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::Watch)
