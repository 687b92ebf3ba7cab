// SPDX-License-Identifier: MIT
#pragma once

#include <QCollator>
#include <QCollatorSortKey>
#include <QList>

#include <vector>

#include "api/types.h"

namespace voidrun
{

// What a folder holds, in the order that FsModel shows.
struct FsListed {
    FileEntry entry;
    QCollatorSortKey sortKey;
};
using FsListing = std::vector<FsListed>;

// Leaves out names that cannot be asked for again, and repeated ones. May take a second for 100,000
// entries: reentrant, for any thread that has a collator of its own.
FsListing sortedListing(const QList<FileEntry> &entries, const QCollator &collator);

// Folders first, then by name. For anything with an entry and a sortKey.
bool comesBefore(const auto &left, const auto &right)
{
    if (left.entry.isDir != right.entry.isDir)
        return left.entry.isDir;
    const int order = left.sortKey.compare(right.sortKey);
    return order != 0 ? order < 0 : left.entry.name < right.entry.name;
}

}  // namespace voidrun
