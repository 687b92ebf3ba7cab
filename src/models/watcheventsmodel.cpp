// SPDX-License-Identifier: MIT
#include "watcheventsmodel.h"

#include <QLocale>
#include <QSet>

#include <algorithm>

#include "guestpath.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int BatchTime = 50;             // ms
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
    m_timer.setInterval(BatchTime);
    connect(&m_timer, &QTimer::timeout, this, &WatchEventsModel::takeWaiting);
}

void WatchEventsModel::add(const Source &source, const WatchEvent &event)
{
    m_waiting.push_back({source, event});
    if (!m_waiting.back().event.timestamp.isValid())
        m_waiting.back().event.timestamp = QDateTime::currentDateTimeUtc();
    if (m_waiting.size() > size_t(MaxRows)) {
        m_waiting.pop_front();
        ++m_dropped;
    }
    if (!m_timer.isActive())
        m_timer.start();
}

void WatchEventsModel::setPaused(bool paused)
{
    if (std::exchange(m_isPaused, paused) != paused && !paused)
        takeWaiting();
}

void WatchEventsModel::takeWaiting()
{
    if (m_isPaused) {
        Q_EMIT waitingCountChanged(waitingCount());
        return;
    }
    const qint64 droppedBefore = m_dropped;
    for (const Seen &seen : std::exchange(m_waiting, {}))
        take(seen);
    showFresh();
    dropOldest();
    if (m_dropped != droppedBefore)
        Q_EMIT droppedCountChanged(m_dropped);
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
    Q_EMIT waitingCountChanged(0);
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
    return found == m_latest.cend() ? nullptr : find(*found);
}

void WatchEventsModel::take(const Seen &seen)
{
    const WatchEvent &event = seen.event;
    const bool isRename = event.type == WatchEvent::Type::Renamed && !event.oldPath.isEmpty();
    if (isRename ? foldRename(seen) : fold(seen))
        return;
    append({.watch = seen.source.watch,
            .sandboxId = seen.source.sandboxId,
            .sandboxName = seen.source.sandboxName,
            .kind = kindOf(event.type),
            .path = event.path,
            .oldPath = event.oldPath,
            .size = event.size,
            .time = event.timestamp});
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
            // Written anew in the place of what was removed or moved away just before.
            if (before->kind != Kind::Deleted)
                return false;
            tellAgain(before, Kind::Changed, seen);
            return true;
        case WatchEvent::Type::Deleted: {
            // The copy that an editor kept of the old file while it wrote the new one.
            if (before->kind != Kind::Renamed)
                return false;
            WatchChange *written = latest(watch, before->oldPath);
            if (!written || written->kind != Kind::Created)
                return false;
            const qint64 copy = before->id;
            tellAgain(written, Kind::Changed, seen);
            remove(copy);
            return true;
        }
        case WatchEvent::Type::Chmod:
            if (before->kind == Kind::Deleted)
                return false;
            tellAgain(before, before->kind, seen);
            return true;
        default:
            return false;
    }
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
    remove(made->id);
    Seen whole = seen;
    whole.event.type = WatchEvent::Type::Modified;
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

void WatchEventsModel::append(WatchChange change)
{
    change.id = m_nextId++;
    m_latest.insert({change.watch, change.path}, change.id);
    m_told.append(change.id);
    m_fresh.push_back(std::move(change));
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
    m_waiting.clear();
    m_dropped = 0;
    endResetModel();
    Q_EMIT droppedCountChanged(0);
    Q_EMIT waitingCountChanged(0);
}

const WatchChange &WatchEventsModel::change(const QModelIndex &index) const
{
    return m_rows[size_t(index.row())];
}

int WatchEventsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int WatchEventsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString WatchEventsModel::kindText(const WatchChange &change)
{
    switch (change.kind) {
        case Kind::Created:
            return tr("Created");
        case Kind::Changed:
            return change.count == 1 ? tr("Changed")
                                     : tr("Changed %n time(s)", nullptr, change.count);
        case Kind::Deleted:
            return tr("Deleted");
        case Kind::Renamed: {
            const bool isHere = guestpath::parent(change.oldPath) == guestpath::parent(change.path);
            return change.oldPath.isEmpty()
                       ? tr("Renamed")
                       : tr("Renamed from %1")
                             .arg(visibleText(isHere ? guestpath::fileName(change.oldPath)
                                                     : change.oldPath));
        }
        case Kind::Permissions:
            return tr("Permissions changed");
        case Kind::RescanNeeded:
            return tr("Changes may have been missed");
    }
    return {};
}

QVariant WatchEventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
        case TimeColumn:
            return tr("Time");
        case SandboxColumn:
            return tr("Sandbox");
        case PathColumn:
            return tr("File");
        case KindColumn:
            return tr("What happened");
        case SizeColumn:
            return tr("Size");
        case ColumnCount:
            break;
    }
    return {};
}

QVariant WatchEventsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const WatchChange &row = change(index);
    if (role == ChangeRole)
        return QVariant::fromValue(row);
    if (role == Qt::TextAlignmentRole && index.column() == SizeColumn)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (Column(index.column())) {
        case TimeColumn:
            return role == Qt::ToolTipRole
                       ? QLocale().toString(row.time.toLocalTime(), QLocale::LongFormat)
                       : row.time.toLocalTime().toString(u"HH:mm:ss"_s);
        case SandboxColumn:
            return visibleText(row.sandboxName);
        case PathColumn:
            return visibleText(row.path);
        case KindColumn:
            return kindText(row);
        case SizeColumn:
            return row.size ? QLocale().formattedDataSize(*row.size) : QString();
        case ColumnCount:
            break;
    }
    return {};
}

}  // namespace voidrun
