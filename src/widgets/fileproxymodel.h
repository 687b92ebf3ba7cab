// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace voidrun
{

// Puts the files into the order of the clicked column, folders always first, and adds the icons.
class FileProxyModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit FileProxyModel(QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;
};

}  // namespace voidrun
