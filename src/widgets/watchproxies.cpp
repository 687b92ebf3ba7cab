// SPDX-License-Identifier: MIT
#include "watchproxies.h"

#include "icons.h"
#include "models/visibletext.h"
#include "models/watchmodel.h"
#include "watchtext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString iconName(WatchChange::Kind kind)
{
    using Kind = WatchChange::Kind;
    switch (kind) {
        case Kind::Created:
            return u"add"_s;
        case Kind::Changed:
            return u"edit"_s;
        case Kind::Deleted:
            return u"delete"_s;
        case Kind::Renamed:
            return u"forward"_s;
        case Kind::Permissions:
            return u"check"_s;
        case Kind::RescanNeeded:
            return u"refresh"_s;
    }
    return {};
}

}  // namespace

QVariant WatchProxy::data(const QModelIndex &index, int role) const
{
    const auto watch = [&] { return index.data(WatchModel::WatchRole).value<Watch>(); };
    const bool isState = index.column() == WatchModel::StateColumn;
    if (isState && role == Qt::DecorationRole)
        return themedIcon(watchIconName(watch()));
    if (isState && role == Qt::DisplayRole)
        return watchStateText(watch());
    if (role == Qt::ToolTipRole)
        return QString(visibleText(watch().request.path) % u'\n' % watchSentence(watch()));
    if (role == Qt::AccessibleDescriptionRole)
        return watchSentence(watch());
    return QSortFilterProxyModel::data(index, role);
}

QVariant ChangeProxy::data(const QModelIndex &index, int role) const
{
    if (role == Qt::DecorationRole && index.column() == WatchEventsModel::KindColumn)
        return themedIcon(iconName(change(index).kind));
    return WatchFilterModel::data(index, role);
}

}  // namespace voidrun
