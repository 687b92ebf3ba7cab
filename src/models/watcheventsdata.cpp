// SPDX-License-Identifier: MIT
// What WatchEventsModel shows of a change.
#include <QLocale>

#include "guestpath.h"
#include "visibletext.h"
#include "watcheventsmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
using Kind = WatchChange::Kind;
}

const WatchChange &WatchEventsModel::change(const QModelIndex &index) const
{
    return m_rows[size_t(index.row())];
}

int WatchEventsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int WatchEventsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString WatchEventsModel::kindName(WatchChange::Kind kind)
{
    switch (kind) {
        case Kind::Created:
            return tr("Created");
        case Kind::Changed:
            return tr("Changed");
        case Kind::Deleted:
            return tr("Deleted");
        case Kind::Renamed:
            return tr("Renamed");
        case Kind::Permissions:
            return tr("Permissions changed");
        case Kind::RescanNeeded:
            return tr("Changes may have been missed");
    }
    return {};
}

QString WatchEventsModel::kindText(const WatchChange &change)
{
    if (change.kind == Kind::Changed && change.count > 1)
        return tr("Changed %n time(s)", nullptr, change.count);
    if (change.kind != Kind::Renamed || change.oldPath.isEmpty())
        return kindName(change.kind);
    const bool isHere = guestpath::parent(change.oldPath) == guestpath::parent(change.path);
    return tr("Renamed from %1")
        .arg(visibleText(isHere ? guestpath::fileName(change.oldPath) : change.oldPath));
}

QVariant WatchEventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
        case TimeColumn:
            return tr("Time");
        case SandboxColumn:
            return tr("Sandbox");
        case PathColumn:
            return tr("File");
        case KindColumn:
            return tr("What happened");
        case SizeColumn:
            return tr("Size");
        case ColumnCount:
            break;
    }
    return {};
}

QVariant WatchEventsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const WatchChange &row = change(index);
    if (role == ChangeRole)
        return QVariant::fromValue(row);
    if (role == Qt::TextAlignmentRole && index.column() == SizeColumn)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (Column(index.column())) {
        case TimeColumn:
            return role == Qt::ToolTipRole
                       ? QLocale().toString(row.time.toLocalTime(), QLocale::LongFormat)
                       : row.time.toLocalTime().toString(u"HH:mm:ss"_s);
        case SandboxColumn:
            return visibleText(row.sandboxName);
        case PathColumn:
            return visibleText(row.path);
        case KindColumn:
            return kindText(row);
        case SizeColumn:
            return row.size ? QLocale().formattedDataSize(*row.size) : QString();
        case ColumnCount:
            break;
    }
    return {};
}

}  // namespace voidrun
