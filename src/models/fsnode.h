// SPDX-License-Identifier: MIT
#pragma once

#include <QCollatorSortKey>
#include <QPointer>

#include "api/reply.h"
#include "fslisting.h"
#include "fsmodel.h"

namespace voidrun
{

// One file or folder of an FsModel, owned by its folder's node. `entry.path` is filled for the root
// only; the others' follow from the names, so that a renamed folder takes its files along.
struct FsModel::Node {
    Node(Node *parentNode, FileEntry fileEntry, const QCollator &collator);
    Node(Node *parentNode, FsListed listed);
    ~Node();
    Node(const Node &) = delete;
    Node &operator=(const Node &) = delete;

    QString path() const;
    bool isFolder() const { return entry.isDir || !parent; }
    Node *child(const QString &name) const;  // null when there is none
    void renumber(size_t from = 0);

    Node *parent;
    FileEntry entry;
    QCollatorSortKey sortKey;
    int row = 0;
    Nodes children;
    FolderState state = FolderState::NotLoaded;
    bool listAgain = false;
    bool isModeKnown = true;  // else nobody has said what its permissions are now
    QPointer<ReplyBase> listing;
    Nodes arriving;  // of a large listing that are not shown yet, in order
    size_t arrived = 0;
    // Lets the answer of a listing find out whether its folder is still there.
    std::shared_ptr<Node *> self;
};

}  // namespace voidrun
