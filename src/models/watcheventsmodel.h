// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

#include <deque>
#include <optional>
#include <vector>

#include "api/watchtypes.h"

namespace voidrun
{

// One row: what became of one file. A plain value.
struct WatchChange {
    enum class Kind { Created, Changed, Deleted, Renamed, Permissions, RescanNeeded };

    qint64 id = 0;  // grows with every row
    int watch = 0;
    QString connectionId;
    QString sandboxId;
    QString sandboxName;
    Kind kind = Kind::Changed;
    QString path;
    QString oldPath;             // of Renamed, where it is known
    std::optional<qint64> size;  // bytes
    QDateTime time;              // of the last of them
    int count = 1;               // changes that this row stands for
};

// What watches of any sandboxes saw, the newest first. Events are taken in batches; repeated writes
// of one file are one row with a counter, and a file that was written under another name and
// renamed has changed. Keeps the last 50,000 rows and counts what was dropped. GUI thread.
class WatchEventsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TimeColumn, SandboxColumn, PathColumn, KindColumn, SizeColumn, ColumnCount };
    enum Role { ChangeRole = Qt::UserRole + 1 };
    static constexpr int MaxRows = 50'000;

    // Who saw it.
    struct Source {
        int watch = 0;
        QString connectionId{};
        QString sandboxId{};
        QString sandboxName{};
    };
    // What the watch knew before it; unset where it did not.
    struct Before {
        std::optional<bool> targetWasThere{};  // of Renamed: something had the new name
        // What was renamed or deleted is a folder with something in it.
        std::optional<bool> hasParts{};
    };

    explicit WatchEventsModel(QObject *parent = nullptr);

    // Shown at once, what comes then within a twentieth of a second, and when setPaused(false) is
    // called.
    void add(const Source &source, const WatchEvent &event, const Before &before);
    void setPaused(bool paused);
    bool isPaused() const { return m_isPaused; }
    int waitingCount() const { return int(m_waiting.size()); }  // while paused
    void clear();
    qint64 droppedCount() const { return m_dropped; }  // since clear()

    const WatchChange &change(const QModelIndex &index) const;
    static QString kindText(const WatchChange &change);  // with how often, and from where
    static QString kindName(WatchChange::Kind kind);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    // Rows that are new or were told again, the oldest first.
    void changesArrived(const QList<voidrun::WatchChange> &changes);
    void waitingCountChanged(int count);
    void droppedCountChanged(qint64 count);

private:
    struct Seen {
        Source source;
        WatchEvent event;
        Before before;
    };
    using Key = std::pair<int, QString>;  // watch and path

    void takeWaiting();
    void takeSome();
    void announceTold();
    void take(const Seen &seen);
    WatchChange *latest(int watch, const QString &path);
    bool fold(const Seen &seen);
    bool foldDeleted(WatchChange *before, const Seen &seen);
    bool foldRename(const Seen &seen);
    void tellAgain(WatchChange *change, WatchChange::Kind kind, const Seen &seen);
    void append(const Seen &seen);
    void remove(qint64 id);
    WatchChange *find(qint64 id);
    void showFresh();
    void dropOldest();
    int rowOf(qint64 id) const;

    std::deque<WatchChange> m_rows;    // the newest first, by id
    std::vector<WatchChange> m_fresh;  // of the batch being taken, the oldest first
    QHash<Key, qint64> m_latest;       // the newest row about a file
    QHash<int, qint64> m_folderMoved;  // by watch: rows before this id are not told again
    QList<qint64> m_told;              // rows of the batch that are new or were told again
    std::deque<Seen> m_waiting;
    QTimer m_timer;
    QElapsedTimer m_sinceTaken;
    bool m_isPaused = false;
    qint64 m_nextId = 1;
    qint64 m_dropped = 0;
    qint64 m_toldDropped = 0;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::WatchChange)
