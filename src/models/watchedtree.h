// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

#include <optional>

#include "api/watchtypes.h"
#include "treelisting.h"

namespace voidrun
{

// What a watch knows of its folder: a listing and all events since. Compared with a later listing
// it tells what no event told. A plain value.
class WatchedTree
{
public:
    WatchedTree() = default;
    explicit WatchedTree(const QString &folder) : m_folder(folder) {}

    // False until a listing was taken, and again when there is more than a listing may hold.
    bool isKnown() const { return m_isKnown; }
    // Whether something of that absolute path was there; nothing is known of it otherwise.
    std::optional<bool> has(const QString &path) const;
    // Likewise, whether it is a folder with something in it.
    std::optional<bool> hasParts(const QString &path) const;
    const Tree &entries() const { return m_tree; }

    // Before a listing is asked for: what happens from now on may or may not be in it.
    void beginListing();
    // Something happened since: nobody can tell whether the listing has it.
    bool isListingBlurred() const { return m_isBlurred; }
    // An event of this folder; others change nothing.
    void apply(const WatchEvent &event);
    // Takes the listing; what it has that no event told, as events of `now`, in the order of their
    // paths, what is gone last. Nothing where nothing was known before.
    QList<WatchEvent> take(const Tree &listing, const QDateTime &now);

private:
    QString below(const QString &path) const;
    void applyToTree(const WatchEvent &event);
    void removeAll(const QString &name);
    void moveAll(const QString &from, const QString &to);
    void see(const QString &name, const WatchEvent &event);
    QList<WatchEvent> differences(const Tree &listing, const QDateTime &now) const;

    QString m_folder;
    Tree m_tree;
    QList<WatchEvent> m_since;  // beginListing(), while a listing is awaited
    bool m_isListing = false;
    bool m_isBlurred = false;
    bool m_isKnown = false;
};

}  // namespace voidrun
