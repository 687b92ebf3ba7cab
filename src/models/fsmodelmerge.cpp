// SPDX-License-Identifier: MIT
// How FsModel takes a new listing into a folder: in O(n), whatever changed.
#include <algorithm>
#include <utility>

#include "fsnode.h"
#include "guestpath.h"

namespace voidrun
{

namespace
{

// Views and proxies do work in proportion to the folder for every range; with more of them than
// this the rows are brought together first.
constexpr size_t MaxRanges = 64;

struct Range {
    size_t row;    // in the children as they are now
    size_t first;  // in what is inserted
    size_t count;
};

std::vector<Range> rangesOf(const std::vector<bool> &keep)
{
    std::vector<Range> ranges;
    for (size_t row = 0; row < keep.size(); ++row) {
        if (keep[row])
            continue;
        if (ranges.empty() || ranges.back().row + ranges.back().count != row)
            ranges.push_back({row, 0, 0});
        ++ranges.back().count;
    }
    return ranges;
}

template<class Nodes>
std::vector<Range> rangesOf(const Nodes &children, const Nodes &sorted)
{
    std::vector<Range> ranges;
    size_t row = 0;
    for (size_t i = 0; i < sorted.size(); ++i) {
        const size_t before = row;
        while (row < children.size() && comesBefore(*children[row], *sorted[i]))
            ++row;
        if (i == 0 || row != before)
            ranges.push_back({row, i, 0});
        ++ranges.back().count;
    }
    return ranges;
}

}  // namespace

// Both are in the same order, so one walk tells what stays, what changed, what went and what is
// new.
FsModel::Nodes FsModel::merge(Node *folder, FsListing &listing)
{
    std::vector<bool> keep(folder->children.size());
    std::vector<Node *> changed;
    Nodes added;
    size_t row = 0;
    const auto isSame = [&](const FsListed &listed) {
        const FileEntry &entry = folder->children[row]->entry;
        return entry.name == listed.entry.name && entry.isDir == listed.entry.isDir;
    };
    for (FsListed &listed : listing) {
        // Most are where they were, and names compare faster than their places in the order.
        while (row < keep.size() && !isSame(listed) && comesBefore(*folder->children[row], listed))
            ++row;
        Node *child = row < keep.size() && isSame(listed) ? folder->children[row].get() : nullptr;
        if (!child) {
            added.push_back(std::make_unique<Node>(folder, std::move(listed)));
            continue;
        }
        keep[row++] = true;
        const bool wasModeKnown = std::exchange(child->isModeKnown, true);
        if (listed.entry != child->entry || !wasModeKnown) {
            child->entry = std::move(listed.entry);
            changed.push_back(child);
        }
    }
    removeChildren(folder, keep);
    std::vector<int> changedRows;
    changedRows.reserve(changed.size());
    for (const Node *child : changed)
        changedRows.push_back(child->row);
    announceChanges(folder, std::move(changedRows));
    return added;
}

void FsModel::announceChanges(Node *folder, std::vector<int> rows)
{
    if (rows.empty())
        return;
    const auto announce = [&](int first, int last) {
        const auto at = [&](int row) { return folder->children[static_cast<size_t>(row)].get(); };
        Q_EMIT dataChanged(indexOf(at(first)), indexOf(at(last), ColumnCount - 1));
    };
    if (rows.size() > MaxRanges)
        return announce(rows.front(), rows.back());
    for (int row : rows)
        announce(row, row);
}

void FsModel::removeChildren(Node *folder, const std::vector<bool> &keep)
{
    std::vector<Range> ranges = rangesOf(keep);
    if (ranges.size() > MaxRanges) {
        reorder(folder, [&](Nodes &children) {
            std::ranges::stable_partition(
                children, [&](const auto &child) { return keep[static_cast<size_t>(child->row)]; });
        });
        const auto kept = static_cast<size_t>(std::ranges::count(keep, true));
        ranges = {{kept, 0, keep.size() - kept}};
    }
    for (auto range = ranges.crbegin(); range != ranges.crend(); ++range) {
        const auto first = static_cast<int>(range->row);
        const auto count = static_cast<int>(range->count);
        beginRemoveRows(indexOf(folder), first, first + count - 1);
        const auto begin = folder->children.begin() + first;
        folder->children.erase(begin, begin + count);
        folder->renumber(range->row);
        endRemoveRows();
    }
}

void FsModel::insertChildren(Node *folder, Nodes sorted)
{
    std::vector<Range> ranges = rangesOf(folder->children, sorted);
    const size_t before = folder->children.size();
    const bool scattered = ranges.size() > MaxRanges;
    if (scattered)
        ranges = {{before, 0, sorted.size()}};
    for (auto range = ranges.crbegin(); range != ranges.crend(); ++range) {
        const auto row = static_cast<int>(range->row);
        const auto begin = std::make_move_iterator(sorted.begin() + static_cast<int>(range->first));
        const auto count = static_cast<int>(range->count);
        beginInsertRows(indexOf(folder), row, row + count - 1);
        folder->children.insert(folder->children.begin() + row, begin, begin + count);
        folder->renumber(range->row);
        endInsertRows();
    }
    if (scattered) {
        reorder(folder, [before](Nodes &children) {
            const auto middle = children.begin() + static_cast<int>(before);
            std::inplace_merge(
                children.begin(), middle, children.end(),
                [](const auto &left, const auto &right) { return comesBefore(*left, *right); });
        });
    }
}

template<class Rearrange>
void FsModel::reorder(Node *folder, Rearrange rearrange)
{
    const QList<QPersistentModelIndex> parents{indexOf(folder)};
    Q_EMIT layoutAboutToBeChanged(parents, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    rearrange(folder->children);
    folder->renumber();
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex &index : before)
        after.append(indexOf(node(index), index.column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged(parents, VerticalSortHint);
}

void FsModel::removeNode(Node *node)
{
    Node *folder = node->parent;
    const int row = node->row;
    beginRemoveRows(indexOf(folder), row, row);
    folder->children.erase(folder->children.begin() + row);
    folder->renumber(static_cast<size_t>(row));
    endRemoveRows();
}

void FsModel::renameNode(Node *node, const QString &name)
{
    Node *folder = node->parent;
    if (Node *outdated = folder->child(name))
        removeNode(outdated);
    FileEntry entry = node->entry;
    entry.name = name;
    const auto renamed = std::make_unique<Node>(folder, entry, m_collator);
    Nodes &children = folder->children;
    const auto target = static_cast<int>(std::ranges::count_if(children, [&](const auto &other) {
        return other.get() != node && comesBefore(*other, *renamed);
    }));
    const int row = node->row;
    const bool moves = target != row;
    if (moves)
        beginMoveRows(indexOf(folder), row, row, indexOf(folder), target + (target > row ? 1 : 0));
    node->entry.name = name;
    node->sortKey = renamed->sortKey;
    if (target > row)
        std::rotate(children.begin() + row, children.begin() + row + 1,
                    children.begin() + target + 1);
    else if (target < row)
        std::rotate(children.begin() + target, children.begin() + row, children.begin() + row + 1);
    folder->renumber(static_cast<size_t>(std::min(row, target)));
    if (moves)
        endMoveRows();
    Q_EMIT dataChanged(indexOf(node), indexOf(node, ColumnCount - 1));
}

}  // namespace voidrun
