// SPDX-License-Identifier: MIT
// What WatchModel shows of a watch.
#include "visibletext.h"
#include "watchentry.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// One word; the sentence is the view's to make.
QString stateText(const Watch &watch)
{
    switch (watch.state) {
        case Watch::State::Connecting:
            return WatchModel::tr("Connecting…");
        case Watch::State::Live:
            return WatchModel::tr("Live");
        case Watch::State::Reconnecting:
            return WatchModel::tr("Connection lost");
        case Watch::State::Asleep:
            return WatchModel::tr("Asleep");
        case Watch::State::Stopped:
            return WatchModel::tr("Stopped");
    }
    return {};
}

}  // namespace

int WatchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int WatchModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant WatchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Watch &watch = m_entries[size_t(index.row())]->watch;
    if (role == IdRole)
        return watch.id;
    if (role == WatchRole)
        return QVariant::fromValue(watch);
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(index.column())) {
        case FolderColumn:
            return visibleText(watch.request.path);
        case SandboxColumn:
            return visibleText(watch.sandboxName);
        case StateColumn:
            return stateText(watch);
        case ColumnCount:
            break;
    }
    return {};
}

QVariant WatchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
        case FolderColumn:
            return tr("Folder");
        case SandboxColumn:
            return tr("Sandbox");
        case StateColumn:
            return tr("State");
        case ColumnCount:
            break;
    }
    return {};
}

}  // namespace voidrun
