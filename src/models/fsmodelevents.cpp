// SPDX-License-Identifier: MIT
// How FsModel takes what a watch of its root tells.
#include <QHash>
#include <QSet>

#include <algorithm>
#include <iterator>

#include "api/client.h"
#include "fsnode.h"
#include "guestpath.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

using Type = WatchEvent::Type;

// With more events at a time than this the folder is gone through once for all of them.
constexpr qsizetype OneByOne = 32;
constexpr qsizetype MostWaiting = 100'000;
constexpr int MostCaughtUp = 2000;  // rows; listing more of them a second time costs too much

}  // namespace

// The name of a file of the root; empty for anything else.
QString FsModel::nameInRoot(const QString &path) const
{
    if (path.isEmpty() || path == rootPath() || guestpath::parent(path) != rootPath())
        return {};
    return guestpath::fileName(path);
}

bool FsModel::isRootListing() const
{
    return m_root->state == FolderState::Loading || m_catchUp;
}

bool FsModel::catchUp()
{
    if (!m_client || rowCount() > MostCaughtUp)
        return false;
    if (isRootListing())
        return true;
    m_listedAt = QDateTime::currentDateTimeUtc();
    auto *reply = m_client->listFiles(m_sandboxId, rootPath());
    m_catchUp = reply;
    reply->onFinished(this, [this, reply](const Result<QList<FileEntry>> &result) {
        if (m_catchUp.data() != reply)
            return;  // of a folder that was left
        m_catchUp = nullptr;
        // Another listing under way is the newer one.
        if (result && m_root->state == FolderState::Loaded) {
            FsListing listing = sortedListing(*result, m_collator);
            Q_EMIT aboutToFollow();
            insertChildren(m_root.get(), merge(m_root.get(), listing));
            Q_EMIT followed();
        }
        applyWaiting();
    });
    return true;
}

void FsModel::applyEvents(const QList<WatchEvent> &events)
{
    m_waitingEvents += events;
    if (m_waitingEvents.size() > MostWaiting)
        m_waitingEvents.remove(0, m_waitingEvents.size() - MostWaiting);
    applyWaiting();
}

// What a listing under way does not know yet comes after it.
void FsModel::applyWaiting()
{
    if (isRootListing() || m_waitingEvents.isEmpty())
        return;
    const QList<WatchEvent> events = std::exchange(m_waitingEvents, {});
    if (m_root->state != FolderState::Loaded)
        return;
    if (std::ranges::any_of(events, [this](const WatchEvent &event) {
            return event.type == Type::Deleted && event.path == rootPath();
        }))
        return loseRoot();
    Q_EMIT aboutToFollow();
    if (events.size() > OneByOne) {
        applyAll(events);
    } else {
        for (const WatchEvent &event : events)
            apply(event);
    }
    Q_EMIT followed();
}

void FsModel::loseRoot()
{
    const QString path = rootPath();
    removeChildren(m_root.get(), std::vector<bool>(m_root->children.size()));
    m_root->state = FolderState::Failed;
    Q_EMIT loadingFailed(path, ownError(Error::Kind::NotFound, QString(), path));
}

// What the events say of a file; what they do not say stays as it was. Servers that send sizes send
// them of files only.
FileEntry FsModel::changed(const FileEntry &before, bool isNew, const WatchEvent &event)
{
    m_knowsSizes = m_knowsSizes || event.size;
    FileEntry entry = before;
    if (isNew)
        entry.isDir = m_knowsSizes;
    if (event.size) {
        entry.isDir = false;
        entry.size = *event.size;
    }
    if (event.type != Type::Chmod && event.type != Type::Renamed && event.timestamp.isValid())
        entry.modTime = event.timestamp;
    return entry;
}

// Whether the permissions that are shown may not be the file's any more.
bool FsModel::losesMode(const WatchEvent &event) const
{
    return event.type == Type::Chmod && !(event.timestamp <= m_listedAt);
}

void FsModel::apply(const WatchEvent &event)
{
    Node *folder = m_root.get();
    const QString name = nameInRoot(event.path);
    Node *child = name.isEmpty() ? nullptr : folder->child(name);
    if (event.type == Type::Deleted) {
        if (child)
            removeNode(child);
        return;
    }
    const QString oldName = event.type == Type::Renamed ? nameInRoot(event.oldPath) : QString();
    Node *old = oldName.isEmpty() || oldName == name ? nullptr : folder->child(oldName);
    if (old && guestpath::isValidName(name) && !child) {
        renameNode(old, name);
        child = old;
    } else if (old) {
        removeNode(old);  // what it replaces keeps its row, as an editor's file does
    }
    if (!guestpath::isValidName(name))
        return;
    FileEntry entry;
    entry.name = name;
    entry = changed(child ? child->entry : entry, !child, event);
    if (child && child->entry.isDir == entry.isDir) {
        child->entry = entry;
        child->isModeKnown = child->isModeKnown && !losesMode(event);
        return announceChanges(folder, {child->row});
    }
    if (child)
        removeNode(child);
    Nodes added;
    added.push_back(std::make_unique<Node>(folder, entry, m_collator));
    added.front()->isModeKnown = false;
    insertChildren(folder, std::move(added));
}

// Likewise for many at once.
void FsModel::applyAll(const QList<WatchEvent> &events)
{
    Node *folder = m_root.get();
    QHash<QString, FileEntry> touched;  // as they are now
    QSet<QString> gone;
    QSet<QString> withoutMode;
    QHash<QString, const Node *> known;
    for (const auto &child : folder->children)
        known.insert(child->entry.name, child.get());
    const auto find = [&](const QString &name) -> std::optional<FileEntry> {
        if (const auto found = touched.constFind(name); found != touched.cend())
            return *found;
        const Node *node = gone.contains(name) ? nullptr : known.value(name);
        return node ? std::optional(node->entry) : std::nullopt;
    };
    const auto remove = [&](const QString &name) {
        touched.remove(name);
        gone.insert(name);
    };
    for (const WatchEvent &event : events) {
        const QString name = nameInRoot(event.path);
        const QString oldName = event.type == Type::Renamed ? nameInRoot(event.oldPath) : QString();
        std::optional<FileEntry> before = name.isEmpty() ? std::nullopt : find(name);
        if (!oldName.isEmpty() && oldName != name) {
            if (const auto moved = find(oldName))
                before = moved;
            remove(oldName);
        }
        if (event.type == Type::Deleted) {
            remove(name);
        } else if (guestpath::isValidName(name)) {
            FileEntry entry = changed(before.value_or(FileEntry()), !before, event);
            entry.name = name;
            touched.insert(name, entry);
            if (!before || losesMode(event))
                withoutMode.insert(name);
        }
    }
    takeTouched(touched, gone, withoutMode);
}

// By one walk through the folder, as a listing is taken.
void FsModel::takeTouched(const QHash<QString, FileEntry> &touched, const QSet<QString> &gone,
                          const QSet<QString> &withoutMode)
{
    Node *folder = m_root.get();
    FsListing kept;
    kept.reserve(folder->children.size());
    FsListing fresh;
    QSet<QString> places;  // that stay where they are
    QSet<QString> unknown;
    for (const auto &child : folder->children) {
        const QString &name = child->entry.name;
        if (!child->isModeKnown)
            unknown.insert(name);
        const auto found = touched.constFind(name);
        if (found == touched.cend()) {
            if (!gone.contains(name))
                kept.push_back({child->entry, child->sortKey});
        } else if (found->isDir == child->entry.isDir) {
            kept.push_back({*found, child->sortKey});
            places.insert(name);
        }
    }
    for (const FileEntry &entry : touched) {
        if (!places.contains(entry.name))
            fresh.push_back({entry, m_collator.sortKey(entry.name)});
    }
    std::ranges::sort(fresh,
                      [](const auto &left, const auto &right) { return comesBefore(left, right); });
    FsListing listing;
    listing.reserve(kept.size() + fresh.size());
    std::ranges::merge(
        kept, fresh, std::back_inserter(listing),
        [](const auto &left, const auto &right) { return comesBefore(left, right); });
    insertChildren(folder, merge(folder, listing));
    for (const auto &child : folder->children) {
        const QString &name = child->entry.name;
        child->isModeKnown = !withoutMode.contains(name) && !unknown.contains(name);
    }
}

}  // namespace voidrun
