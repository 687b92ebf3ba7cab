// SPDX-License-Identifier: MIT
#include "fslisting.h"

#include <QSet>

#include <algorithm>

#include "guestpath.h"

namespace voidrun
{

FsListing sortedListing(const QList<FileEntry> &entries, const QCollator &collator)
{
    FsListing listing;
    listing.reserve(static_cast<size_t>(entries.size()));
    for (const FileEntry &entry : entries) {
        if (!guestpath::isValidName(entry.name))
            continue;
        listing.push_back({entry, collator.sortKey(entry.name)});
        listing.back().entry.path.clear();  // follows from the names
    }
    std::ranges::stable_sort(listing, [](const FsListed &left, const FsListed &right) {
        return comesBefore(left, right);
    });
    // The first of a name counts; as a folder and as a file it stands in two places.
    QSet<QString> folders;
    std::erase_if(listing, [&folders, last = QString()](const FsListed &listed) mutable {
        if (listed.entry.isDir)
            folders.insert(listed.entry.name);
        else if (folders.contains(listed.entry.name))
            return true;
        return std::exchange(last, listed.entry.name) == listed.entry.name;
    });
    return listing;
}

}  // namespace voidrun
