// SPDX-License-Identifier: MIT
#include "watcheventsmodel.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int BatchTime = 50;             // ms
constexpr int BusyTime = 10;              // ms between two turns while more waits than one takes
constexpr size_t BatchSize = 2000;        // events taken in one turn, some milliseconds
constexpr qint64 FoldTime = 10'000;       // ms between two changes that are one row
constexpr qint64 TemporaryTime = 30'000;  // ms that a file under its temporary name may live

using Kind = WatchChange::Kind;

Kind kindOf(WatchEvent::Type type)
{
    switch (type) {
        case WatchEvent::Type::Created:
            return Kind::Created;
        case WatchEvent::Type::Modified:
            return Kind::Changed;
        case WatchEvent::Type::Deleted:
            return Kind::Deleted;
        case WatchEvent::Type::Renamed:
            return Kind::Renamed;
        case WatchEvent::Type::Chmod:
            return Kind::Permissions;
        case WatchEvent::Type::Rescan:
            return Kind::RescanNeeded;
    }
    return Kind::RescanNeeded;
}

}  // namespace

WatchEventsModel::WatchEventsModel(QObject *parent) : QAbstractTableModel(parent)
{
    qRegisterMetaType<QList<WatchChange>>();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &WatchEventsModel::takeWaiting);
}

void WatchEventsModel::add(const Source &source, const WatchEvent &event, const Before &before)
{
    m_waiting.push_back({source, event, before});
    if (!m_waiting.back().event.timestamp.isValid())
        m_waiting.back().event.timestamp = QDateTime::currentDateTimeUtc();
    if (m_waiting.size() > size_t(MaxRows)) {
        m_waiting.pop_front();
        ++m_dropped;
    }
    if (m_timer.isActive())
        return;
    // The first after a while at once.
    const qint64 since = m_sinceTaken.isValid() ? m_sinceTaken.elapsed() : BatchTime;
    m_timer.start(int(std::max(qint64(0), BatchTime - since)));
}

void WatchEventsModel::setPaused(bool paused)
{
    if (std::exchange(m_isPaused, paused) != paused && !paused)
        takeWaiting();
}

void WatchEventsModel::takeWaiting()
{
    m_sinceTaken.start();
    if (m_isPaused) {
        Q_EMIT waitingCountChanged(waitingCount());
        return;
    }
    takeSome();
    showFresh();
    dropOldest();
    if (m_dropped != std::exchange(m_toldDropped, m_dropped))
        Q_EMIT droppedCountChanged(m_dropped);
    announceTold();
    if (!m_waiting.empty())
        m_timer.start(BusyTime);
    Q_EMIT waitingCountChanged(waitingCount());
}

void WatchEventsModel::takeSome()
{
    for (size_t i = 0; i < BatchSize && !m_waiting.empty(); ++i) {
        const Seen seen = std::move(m_waiting.front());
        m_waiting.pop_front();
        take(seen);
    }
}

void WatchEventsModel::announceTold()
{
    QList<WatchChange> told;
    QSet<qint64> done;
    for (const qint64 id : std::exchange(m_told, {})) {
        const int row = done.contains(id) ? -1 : rowOf(id);
        done.insert(id);
        if (row >= 0)
            told.append(m_rows[size_t(row)]);
    }
    if (!told.isEmpty())
        Q_EMIT changesArrived(told);
}

WatchChange *WatchEventsModel::find(qint64 id)
{
    const auto fresh = std::ranges::lower_bound(m_fresh, id, {}, &WatchChange::id);
    if (fresh != m_fresh.end() && fresh->id == id)
        return &*fresh;
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_rows[size_t(row)];
}

int WatchEventsModel::rowOf(qint64 id) const
{
    const auto found = std::ranges::lower_bound(m_rows, id, std::greater(), &WatchChange::id);
    return found != m_rows.end() && found->id == id ? int(found - m_rows.begin()) : -1;
}

WatchChange *WatchEventsModel::latest(int watch, const QString &path)
{
    const auto found = m_latest.constFind({watch, path});
    return found == m_latest.cend() || *found < m_folderMoved.value(watch) ? nullptr : find(*found);
}

// What was told of a folder and its files when it went or moved is told: no row from before, or of
// this, becomes another one.
void WatchEventsModel::take(const Seen &seen)
{
    const bool takesPartsAlong = seen.before.hasParts.value_or(false);
    const auto keepRows = [&] {
        if (takesPartsAlong)
            m_folderMoved.insert(seen.source.watch, m_nextId);
    };
    keepRows();
    const bool isRename =
        seen.event.type == WatchEvent::Type::Renamed && !seen.event.oldPath.isEmpty();
    if (!(isRename ? foldRename(seen) : fold(seen)))
        append(seen);
    keepRows();
}

// Whether the newest row about the file says it already, once told again.
bool WatchEventsModel::fold(const Seen &seen)
{
    const int watch = seen.source.watch;
    const WatchEvent &event = seen.event;
    WatchChange *before = latest(watch, event.path);
    if (!before || before->time.msecsTo(event.timestamp) > FoldTime)
        return false;
    switch (event.type) {
        case WatchEvent::Type::Modified:
            if (before->kind != Kind::Changed && before->kind != Kind::Created)
                return false;
            // A new file is written to; that is how it came to be.
            tellAgain(before, before->kind, seen);
            return true;
        case WatchEvent::Type::Created:
            // A listing and an event told the same; or it was written anew in the place of what was
            // removed or moved away just before.
            if (before->kind != Kind::Created && before->kind != Kind::Deleted)
                return false;
            tellAgain(before, before->kind == Kind::Created ? Kind::Created : Kind::Changed, seen);
            return true;
        case WatchEvent::Type::Deleted:
            return foldDeleted(before, seen);
        case WatchEvent::Type::Chmod:
            if (before->kind == Kind::Deleted)
                return false;
            tellAgain(before, before->kind, seen);
            return true;
        case WatchEvent::Type::Rescan:
            if (before->kind != Kind::RescanNeeded || before->id + 1 != m_nextId)
                return false;
            tellAgain(before, before->kind, seen);
            return true;
        case WatchEvent::Type::Renamed:
            return false;
    }
    return false;
}

bool WatchEventsModel::foldDeleted(WatchChange *before, const Seen &seen)
{
    if (before->kind == Kind::Deleted) {
        tellAgain(before, Kind::Deleted, seen);
        return true;
    }
    // The copy that an editor kept of the old file while it wrote the new one.
    if (before->kind != Kind::Renamed)
        return false;
    WatchChange *written = latest(seen.source.watch, before->oldPath);
    if (!written || written->kind != Kind::Created)
        return false;
    const qint64 copy = before->id;
    tellAgain(written, Kind::Changed, seen);
    remove(copy);
    return true;
}

// A file that was made a moment ago under another name, and now takes its own.
bool WatchEventsModel::foldRename(const Seen &seen)
{
    const WatchEvent &event = seen.event;
    if (event.path == event.oldPath % u'~')
        return false;  // the other way round: an editor keeps a copy
    const WatchChange *made = latest(seen.source.watch, event.oldPath);
    if (!made || made->kind != Kind::Created || made->time.msecsTo(event.timestamp) > TemporaryTime)
        return false;
    const std::optional<qint64> size = event.size ? event.size : made->size;
    // What was told of a folder's files would be wrong without its own row.
    if (seen.before.hasParts.value_or(!size))
        return false;
    remove(made->id);
    Seen whole = seen;
    whole.event.type = seen.before.targetWasThere.value_or(true) ? WatchEvent::Type::Modified
                                                                 : WatchEvent::Type::Created;
    whole.event.oldPath.clear();
    whole.event.size = size;
    take(whole);
    return true;
}

void WatchEventsModel::tellAgain(WatchChange *change, Kind kind, const Seen &seen)
{
    if (std::exchange(change->kind, kind) != kind)
        change->count = 1;
    else if (seen.event.type != WatchEvent::Type::Chmod)
        ++change->count;
    change->time = seen.event.timestamp;
    if (seen.event.type != WatchEvent::Type::Deleted && seen.event.size)
        change->size = seen.event.size;
    m_told.append(change->id);
    if (const int row = rowOf(change->id); row >= 0)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void WatchEventsModel::append(const Seen &seen)
{
    const WatchEvent &event = seen.event;
    const int watch = seen.source.watch;
    const qint64 id = m_nextId++;
    m_latest.insert({watch, event.path}, id);
    if (event.type == WatchEvent::Type::Renamed)
        m_latest.remove({watch, event.oldPath});
    m_told.append(id);
    m_fresh.push_back({.id = id,
                       .watch = watch,
                       .connectionId = seen.source.connectionId,
                       .sandboxId = seen.source.sandboxId,
                       .sandboxName = seen.source.sandboxName,
                       .kind = kindOf(event.type),
                       .path = event.path,
                       .oldPath = event.oldPath,
                       .size = event.size,
                       .time = event.timestamp});
}

void WatchEventsModel::remove(qint64 id)
{
    const WatchChange *change = find(id);
    if (!change)
        return;
    const Key key(change->watch, change->path);
    if (m_latest.value(key) == id)
        m_latest.remove(key);
    const int row = rowOf(id);
    if (row < 0) {
        std::erase_if(m_fresh, [id](const WatchChange &fresh) { return fresh.id == id; });
        return;
    }
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

void WatchEventsModel::showFresh()
{
    if (m_fresh.empty())
        return;
    beginInsertRows({}, 0, int(m_fresh.size()) - 1);
    for (WatchChange &change : m_fresh)
        m_rows.push_front(std::move(change));
    endInsertRows();
    m_fresh.clear();
}

void WatchEventsModel::dropOldest()
{
    const int excess = int(m_rows.size()) - MaxRows;
    if (excess <= 0)
        return;
    beginRemoveRows({}, MaxRows, int(m_rows.size()) - 1);
    for (int i = 0; i < excess; ++i) {
        const WatchChange &oldest = m_rows.back();
        const Key key(oldest.watch, oldest.path);
        if (m_latest.value(key) == oldest.id)
            m_latest.remove(key);
        m_dropped += oldest.count;
        m_rows.pop_back();
    }
    endRemoveRows();
}

void WatchEventsModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_latest.clear();
    m_folderMoved.clear();
    m_waiting.clear();
    m_dropped = 0;
    m_toldDropped = 0;
    endResetModel();
    Q_EMIT droppedCountChanged(0);
    Q_EMIT waitingCountChanged(0);
}

}  // namespace voidrun
