// SPDX-License-Identifier: MIT
#include "fsnode.h"

#include <QCollator>

#include <algorithm>

#include "guestpath.h"

namespace voidrun
{

FsModel::Node::Node(Node *parentNode, FileEntry fileEntry, const QCollator &collator)
    : parent(parentNode), entry(std::move(fileEntry)), sortKey(collator.sortKey(entry.name))
{
    if (parent)
        entry.path.clear();
}

FsModel::Node::Node(Node *parentNode, FsListed listed)
    : parent(parentNode), entry(std::move(listed.entry)), sortKey(std::move(listed.sortKey))
{
}

FsModel::Node::~Node()
{
    self.reset();
    if (listing)
        listing->abort();
}

QString FsModel::Node::path() const
{
    return parent ? guestpath::join(parent->path(), entry.name) : entry.path;
}

FsModel::Node *FsModel::Node::child(const QString &name) const
{
    const auto found =
        std::ranges::find(children, name, [](const auto &node) { return node->entry.name; });
    return found == children.end() ? nullptr : found->get();
}

void FsModel::Node::renumber(size_t from)
{
    for (size_t i = from; i < children.size(); ++i)
        children[i]->row = static_cast<int>(i);
}

}  // namespace voidrun
