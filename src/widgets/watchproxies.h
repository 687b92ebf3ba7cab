// SPDX-License-Identifier: MIT
#pragma once

#include "models/watchfiltermodel.h"

namespace voidrun
{

// Sentences and icons for what a WatchModel has as values. GUI thread.
class WatchProxy : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
};

// The same for the changes that they saw. GUI thread.
class ChangeProxy : public WatchFilterModel
{
    Q_OBJECT

public:
    using WatchFilterModel::WatchFilterModel;

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
};

}  // namespace voidrun
