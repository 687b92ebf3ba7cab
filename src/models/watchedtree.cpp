// SPDX-License-Identifier: MIT
#include "watchedtree.h"

#include <QSet>

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

using Type = WatchEvent::Type;

// Servers gather events for some time and leave out what repeats itself meanwhile, so a file may be
// this much newer than the event that told of it.
constexpr qint64 GatherTime = 150;  // ms

bool isPart(const QString &name, const QString &folder)
{
    return name.size() > folder.size() && name.startsWith(folder) && name[folder.size()] == u'/';
}

// What happened to a file that both the watch and a listing know.
std::optional<Type> changeOf(const TreeEntry &before, const TreeEntry &listed)
{
    if (before.kind != TreeEntry::Kind::Unknown && before.kind != listed.kind)
        return Type::Modified;
    const bool isFolder = listed.kind == TreeEntry::Kind::Folder;  // its time is its files'
    if (before.seen == 0) {
        if (!isFolder && (before.size != listed.size || before.modified != listed.modified))
            return Type::Modified;
        const bool isTouched = !isFolder && before.changed != listed.changed;
        return before.mode != listed.mode || isTouched ? std::optional(Type::Chmod) : std::nullopt;
    }
    if (isFolder)
        return std::nullopt;
    const qint64 newest = before.seen + GatherTime;
    if ((before.size >= 0 && before.size != listed.size) || listed.modified > newest)
        return Type::Modified;
    return listed.changed > newest ? std::optional(Type::Chmod) : std::nullopt;
}

// What events told while a listing was made, by the names that they speak of.
class Told
{
public:
    void add(const QString &name, bool withAllBelow)
    {
        m_names.insert(name);
        if (withAllBelow)
            m_folders.insert(name);
    }

    bool has(const QString &name) const
    {
        if (m_names.contains(name))
            return true;
        for (qsizetype slash = name.indexOf(u'/'); slash > 0;
             slash = name.indexOf(u'/', slash + 1)) {
            if (m_folders.contains(name.left(slash)))
                return true;
        }
        return false;
    }

private:
    QSet<QString> m_names;
    QSet<QString> m_folders;
};

}  // namespace

// As it is called from the folder; empty for the folder itself and for what is not in it.
QString WatchedTree::below(const QString &path) const
{
    if (path == m_folder || !guestpath::isInside(path, m_folder))
        return {};
    return path.mid(m_folder.size() + (m_folder.endsWith(u'/') ? 0 : 1));
}

std::optional<bool> WatchedTree::has(const QString &path) const
{
    const QString name = below(path);
    if (!m_isKnown || name.isEmpty())
        return std::nullopt;
    return m_tree.contains(name);
}

std::optional<bool> WatchedTree::hasParts(const QString &path) const
{
    const QString name = below(path);
    if (!m_isKnown || name.isEmpty())
        return std::nullopt;
    const auto next = m_tree.lowerBound(name + u'/');
    return next != m_tree.cend() && isPart(next.key(), name);
}

void WatchedTree::beginListing()
{
    m_since.clear();
    m_isBlurred = false;
    m_isListing = true;
}

void WatchedTree::apply(const WatchEvent &event)
{
    if (m_isListing && m_since.size() <= TreeListing::MaxEntries)
        m_since.append(event);
    m_isBlurred = true;
    if (m_isKnown)
        applyToTree(event);
}

void WatchedTree::applyToTree(const WatchEvent &event)
{
    const QString name = below(event.path);
    switch (event.type) {
        case Type::Rescan:
            return;
        case Type::Deleted:
            if (event.path == m_folder)
                m_tree.clear();
            return removeAll(name);
        case Type::Renamed:
            moveAll(below(event.oldPath), name);
            break;
        case Type::Created:
        case Type::Modified:
        case Type::Chmod:
            break;
    }
    see(name, event);
}

void WatchedTree::see(const QString &name, const WatchEvent &event)
{
    if (name.isEmpty())
        return;
    TreeEntry &entry = m_tree[name];
    if (event.type == Type::Created)
        entry = {};
    entry.size = event.size.value_or(-1);
    if (event.size)
        entry.kind = TreeEntry::Kind::File;
    entry.seen = event.timestamp.isValid() ? event.timestamp.toMSecsSinceEpoch()
                                           : QDateTime::currentMSecsSinceEpoch();
    if (m_tree.size() > TreeListing::MaxEntries) {
        m_tree.clear();
        m_isKnown = false;
    }
}

void WatchedTree::removeAll(const QString &name)
{
    if (name.isEmpty())
        return;
    m_tree.remove(name);
    // "name-x" comes before "name/x".
    for (auto it = m_tree.lowerBound(name + u'/'); it != m_tree.end() && isPart(it.key(), name);)
        it = m_tree.erase(it);
}

void WatchedTree::moveAll(const QString &from, const QString &to)
{
    if (from.isEmpty() || from == to)
        return;
    Tree moved;
    if (const auto found = m_tree.constFind(from); found != m_tree.cend())
        moved.insert(to, *found);
    for (auto it = std::as_const(m_tree).lowerBound(from + u'/');
         it != m_tree.cend() && isPart(it.key(), from); ++it)
        moved.insert(to + it.key().mid(from.size()), *it);
    if (moved.isEmpty())
        return;
    removeAll(from);
    removeAll(to);
    if (!to.isEmpty())
        m_tree.insert(moved);
}

QList<WatchEvent> WatchedTree::take(const Tree &listing, const QDateTime &now)
{
    QList<WatchEvent> missed;
    if (m_isKnown)
        missed = differences(listing, now);
    m_tree = listing;
    m_isListing = false;
    // More than this and nobody can tell what of it is in the listing.
    m_isKnown = m_since.size() <= TreeListing::MaxEntries;
    for (const WatchEvent &event : std::exchange(m_since, {}))
        applyToTree(event);
    return missed;
}

QList<WatchEvent> WatchedTree::differences(const Tree &listing, const QDateTime &now) const
{
    Told told;
    for (const WatchEvent &event : m_since) {
        // A folder that came, went or moved took all that is in it along.
        const bool withAllBelow = event.type != Type::Modified && event.type != Type::Chmod;
        for (const QString &path : {event.path, event.oldPath}) {
            if (const QString name = below(path); !name.isEmpty())
                told.add(name, withAllBelow);
        }
    }
    QList<WatchEvent> events;
    const auto tell = [&](Type type, const QString &name, std::optional<qint64> size) {
        if (!told.has(name))
            events.append({.type = type,
                           .path = guestpath::join(m_folder, name),
                           .size = size,
                           .timestamp = now});
    };
    for (auto it = listing.cbegin(); it != listing.cend(); ++it) {
        const auto size =
            it->kind == TreeEntry::Kind::File ? std::optional(it->size) : std::nullopt;
        const auto before = m_tree.constFind(it.key());
        if (before == m_tree.cend())
            tell(Type::Created, it.key(), size);
        else if (const std::optional<Type> change = changeOf(*before, *it))
            tell(*change, it.key(), size);
    }
    for (auto it = m_tree.cbegin(); it != m_tree.cend(); ++it) {
        if (!listing.contains(it.key()))
            tell(Type::Deleted, it.key(), {});
    }
    return events;
}

}  // namespace voidrun
