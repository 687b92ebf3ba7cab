// SPDX-License-Identifier: MIT
#include "watchmodel.h"

#include <QTimer>

#include <algorithm>

#include "connection.h"
#include "guestpath.h"
#include "ownerror.h"
#include "sandboxmodel.h"
#include "watchentry.h"
#include "watcheventsmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int MostListings = 6;  // while something changes meanwhile
constexpr int SettleTime = 150;  // ms in which what happened before a listing is told
}  // namespace

WatchModel::WatchModel(QObject *parent) : WatchModel(StreamOptions(), parent) {}

WatchModel::WatchModel(const StreamOptions &options, QObject *parent)
    : QAbstractTableModel(parent), m_options(options), m_events(new WatchEventsModel(this))
{
}

WatchModel::~WatchModel() = default;

WatchModel::Entry *WatchModel::find(int id) const
{
    const auto found =
        std::ranges::find(m_entries, id, [](const auto &entry) { return entry->watch.id; });
    return found == m_entries.end() ? nullptr : found->get();
}

const Watch *WatchModel::watch(int id) const
{
    const Entry *entry = find(id);
    return entry ? &entry->watch : nullptr;
}

Tree WatchModel::tree(int id) const
{
    const Entry *entry = find(id);
    return entry && entry->tree.isKnown() ? entry->tree.entries() : Tree();
}

// As far as the list of sandboxes knows; one that it does not have yet is believed to run.
bool WatchModel::runs(const Entry *entry) const
{
    const std::optional<Sandbox> sandbox =
        entry->connection ? entry->connection->sandboxes()->sandbox(entry->watch.sandboxId)
                          : std::nullopt;
    return !sandbox || sandbox->isRunning();
}

int WatchModel::add(Connection *connection, const QString &sandboxId, const WatchRequest &request)
{
    const QString folder = guestpath::clean(request.path);
    for (const auto &entry : m_entries) {
        const Watch &watch = entry->watch;
        if (watch.connectionId == connection->profile().id && watch.sandboxId == sandboxId &&
            watch.request.path == folder) {
            const int id = watch.id;
            setOptions(id, request.recursive, request.ignoreHidden);
            resume(id);
            return id;
        }
    }
    if (rowCount() >= MaxWatches)
        return 0;
    auto entry = std::make_unique<Entry>();
    entry->connection = connection;
    entry->tree = WatchedTree(folder);
    entry->watch.id = m_nextId++;
    entry->watch.connectionId = connection->profile().id;
    entry->watch.sandboxId = sandboxId;
    const std::optional<Sandbox> sandbox = connection->sandboxes()->sandbox(sandboxId);
    entry->watch.sandboxName = sandbox ? sandbox->name : sandboxId;
    entry->watch.request = request;
    entry->watch.request.path = folder;
    if (!runs(entry.get()))
        entry->watch.state = Watch::State::Asleep;
    Entry *added = entry.get();
    beginInsertRows({}, rowCount(), rowCount());
    m_entries.push_back(std::move(entry));
    endInsertRows();
    followSandboxes(connection->sandboxes(), added->watch.connectionId);
    if (added->watch.state != Watch::State::Asleep)
        open(added, true);
    return added->watch.id;
}

void WatchModel::remove(int id)
{
    const Entry *entry = find(id);
    if (!entry)
        return;
    const auto found = std::ranges::find(m_entries, entry, &std::unique_ptr<Entry>::get);
    const int row = int(found - m_entries.begin());
    beginRemoveRows({}, row, row);
    const auto removed = std::move(*found);
    m_entries.erase(found);
    endRemoveRows();
}

void WatchModel::resume(int id)
{
    Entry *entry = find(id);
    if (entry &&
        (entry->watch.state == Watch::State::Stopped || entry->watch.state == Watch::State::Asleep))
        open(entry, true);
}

// Another watch, seen from the server: what the old one knew is not all that the new one sees.
void WatchModel::setOptions(int id, bool recursive, bool ignoreHidden)
{
    Entry *entry = find(id);
    if (!entry || (entry->watch.request.recursive == recursive &&
                   entry->watch.request.ignoreHidden == ignoreHidden))
        return;
    entry->watch.request.recursive = recursive;
    entry->watch.request.ignoreHidden = ignoreHidden;
    entry->forget();
    if (entry->watch.state == Watch::State::Asleep)
        announce(entry);
    else
        open(entry, false);
}

void WatchModel::setNotify(int id, Watch::Notify notify)
{
    if (Entry *entry = find(id)) {
        entry->watch.notify = notify;
        announce(entry);
    }
}

void WatchModel::adopt(Connection *connection)
{
    const QString id = connection->profile().id;
    followSandboxes(connection->sandboxes(), id);
    for (const auto &entry : m_entries) {
        if (entry->watch.connectionId != id || entry->connection == connection)
            continue;
        entry->connection = connection;
        open(entry.get(), false);
    }
}

// Once for each connection, however often it is called.
void WatchModel::followSandboxes(SandboxModel *sandboxes, const QString &connectionId)
{
    sandboxes->disconnect(this);
    const auto look = [this, sandboxes, connectionId](int first, int last) {
        for (int row = first; row <= last; ++row) {
            const QModelIndex index = sandboxes->index(row, 0);
            if (index.data(SandboxModel::SandboxRole).value<Sandbox>().isRunning())
                wakeUp(connectionId, index.data(SandboxModel::IdRole).toString());
        }
    };
    connect(sandboxes, &QAbstractItemModel::dataChanged, this,
            [look](const QModelIndex &first, const QModelIndex &last) {
                look(first.row(), last.row());
            });
    connect(sandboxes, &QAbstractItemModel::rowsInserted, this,
            [look](const QModelIndex &, int first, int last) { look(first, last); });
}

// A sandbox that runs again is watched again. The list may not know yet that it sleeps: the stream
// asks for itself, and wakes nothing.
void WatchModel::wakeUp(const QString &connectionId, const QString &sandboxId)
{
    for (const auto &entry : m_entries) {
        if (entry->watch.state == Watch::State::Asleep &&
            entry->watch.connectionId == connectionId && entry->watch.sandboxId == sandboxId)
            open(entry.get(), false);
    }
}

void WatchModel::open(Entry *entry, bool mayWake)
{
    const int id = entry->watch.id;
    entry->close();
    entry->watch.error = {};
    entry->watch.state = Watch::State::Connecting;
    if (!entry->connection)
        return end(id, ownError(Error::Kind::Cancelled, Error::Reason::Closed));
    // What happened while nobody watched is found by a rescan.
    entry->watch.needsRescan = entry->watch.needsRescan || entry->tree.isKnown();
    WatchRequest request = entry->watch.request;
    request.mayWake = mayWake;
    entry->stream = entry->connection->watch(entry->watch.sandboxId, request, m_options);
    WatchStream *stream = entry->stream.get();
    connect(stream, &WatchStream::changed, this,
            [this, id](const WatchEvent &event) { take(id, event); });
    connect(stream, &WatchStream::stateChanged, this, [this, id] { follow(id); });
    connect(stream, &WatchStream::finished, this,
            [this, id](const Error &error) { end(id, error); });
    announce(entry);
}

void WatchModel::follow(int id)
{
    Entry *entry = find(id);
    if (!entry || !entry->stream)
        return;
    switch (entry->stream->state()) {
        case WatchStream::State::Connecting:
            entry->watch.state = Watch::State::Connecting;
            break;
        case WatchStream::State::Live:
            entry->watch.state = Watch::State::Live;
            if (!entry->tree.isKnown() && !entry->watch.isScanning && !entry->isTooLarge)
                list(entry);
            break;
        case WatchStream::State::Reconnecting:
            entry->watch.state = Watch::State::Reconnecting;
            break;
        case WatchStream::State::Ended:
            return;  // end() says why
    }
    announce(entry);
}

void WatchModel::end(int id, const Error &error)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    entry->close();
    // No status: the stream has asked, and the sandbox does not run.
    const bool sleeps = error.kind == Error::Kind::Unavailable && error.httpStatus == 0;
    entry->watch.state = sleeps ? Watch::State::Asleep : Watch::State::Stopped;
    entry->watch.error = error;
    announce(entry);
    if (sleeps && entry->connection && runs(entry))
        entry->connection->sandboxes()->refresh();  // its list says so too
}

void WatchModel::take(int id, const WatchEvent &event)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    if (event.type == WatchEvent::Type::Rescan) {
        entry->watch.needsRescan = true;
        entry->missedSinceListing = true;
        announce(entry);
        return tell(entry, event);
    }
    tell(entry, event);
    entry->tree.apply(event);
    const QDateTime time =
        event.timestamp.isValid() ? event.timestamp : QDateTime::currentDateTimeUtc();
    const bool isNews =
        !entry->watch.lastEvent.isValid() || entry->watch.lastEvent.secsTo(time) > 0;
    entry->watch.lastEvent = time;
    if (isNews)
        announce(entry);  // shown to the second
}

void WatchModel::tell(const Entry *entry, const WatchEvent &event)
{
    const Watch &watch = entry->watch;
    WatchEvent told = event;
    WatchEventsModel::Before before;
    if (event.type == WatchEvent::Type::Renamed)
        before = {entry->tree.has(event.path), entry->tree.hasParts(event.oldPath)};
    else if (event.type == WatchEvent::Type::Deleted)
        before.hasParts = entry->tree.hasParts(event.path);
    else if (event.type == WatchEvent::Type::Created && entry->tree.has(event.path).value_or(false))
        told.type = WatchEvent::Type::Modified;  // moved there from where nobody watches
    m_events->add({watch.id, watch.connectionId, watch.sandboxId, watch.sandboxName}, told, before);
}

void WatchModel::rescan(int id)
{
    Entry *entry = find(id);
    if (entry && !entry->watch.isScanning)
        list(entry);
}

void WatchModel::list(Entry *entry)
{
    if (!entry->connection)
        return;
    entry->watch.isScanning = true;
    entry->listings = 0;
    startListing(entry);
    announce(entry);
}

void WatchModel::startListing(Entry *entry)
{
    const int id = entry->watch.id;
    ++entry->listings;
    entry->missedSinceListing = false;
    entry->tree.beginListing();
    auto *listing = entry->connection->createListing(entry->watch.sandboxId, this);
    entry->listing = listing;
    connect(listing, &TreeListing::failed, this, [this, id](const Error &error) {
        Entry *failed = find(id);
        if (!failed)
            return;
        failed->watch.isScanning = false;
        failed->isTooLarge = error.kind == Error::Kind::TooLarge;
        announce(failed);
        Q_EMIT rescanFailed(id, error);
    });
    const int generation = ++entry->generation;
    connect(listing, &TreeListing::finished, this, [this, id, generation](const Tree &tree) {
        QTimer::singleShot(SettleTime, this, [this, id, generation, tree] {
            if (const Entry *listed = find(id); listed && listed->generation == generation)
                takeListing(id, tree);
        });
    });
    listing->start(entry->watch.request.path, entry->watch.request.recursive,
                   !entry->watch.request.ignoreHidden);
}

void WatchModel::takeListing(int id, const Tree &tree)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    const bool isBlurred = entry->tree.isListingBlurred();
    if (isBlurred && entry->listings < MostListings && entry->connection)
        return startListing(entry);
    const bool wasKnown = entry->tree.isKnown();
    const bool wasNeeded = entry->watch.needsRescan;
    const QList<WatchEvent> missed = entry->tree.take(tree, QDateTime::currentDateTimeUtc());
    const Watch &watch = entry->watch;
    for (const WatchEvent &event : missed)
        m_events->add({watch.id, watch.connectionId, watch.sandboxId, watch.sandboxName}, event,
                      {});
    if (!missed.isEmpty())
        entry->watch.lastEvent = missed.last().timestamp;
    entry->watch.isScanning = false;
    entry->watch.isKnown = entry->tree.isKnown();
    entry->isTooLarge = false;
    // A cut while the folder was listed needs another look.
    entry->watch.needsRescan = entry->missedSinceListing || isBlurred;
    announce(entry);
    if (wasKnown || wasNeeded)
        Q_EMIT rescanned(id, wasKnown ? int(missed.size()) : -1);
}

void WatchModel::announce(const Entry *entry)
{
    const auto found = std::ranges::find(m_entries, entry, &std::unique_ptr<Entry>::get);
    const int row = int(found - m_entries.begin());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

}  // namespace voidrun
