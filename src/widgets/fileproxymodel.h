// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace voidrun
{

class FsModel;

// Puts the files into the order of the clicked column, folders always first, leaves out what is
// hidden or filtered away, and adds the icons.
class FileProxyModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit FileProxyModel(QObject *parent = nullptr);

    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setHiddenShown(bool shown);              // names with a dot in front
    void setNameFilter(const QString &contains);  // in the folder shown; any case

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    const FsModel *files() const;  // its source, always

    QString m_nameFilter;
    bool m_hiddenShown = false;
};

}  // namespace voidrun
