// SPDX-License-Identifier: MIT
#include "fileproxymodel.h"

#include "icons.h"
#include "models/fsmodel.h"

namespace voidrun
{

FileProxyModel::FileProxyModel(QObject *parent) : QSortFilterProxyModel(parent)
{
    setDynamicSortFilter(true);
}

QVariant FileProxyModel::data(const QModelIndex &index, int role) const
{
    if (role == Qt::DecorationRole && index.column() == FsModel::NameColumn) {
        const auto entry = index.data(FsModel::EntryRole).value<FileEntry>();
        return themedIcon(iconNameForFile(entry.name, entry.isDir, entry.isSymlink));
    }
    return QSortFilterProxyModel::data(index, role);
}

QVariant FileProxyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role == Qt::TextAlignmentRole && section == FsModel::SizeColumn)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    return QSortFilterProxyModel::headerData(section, orientation, role);
}

void FileProxyModel::setHiddenShown(bool shown)
{
    if (m_hiddenShown == shown)
        return;
    m_hiddenShown = shown;
    invalidateRowsFilter();
}

void FileProxyModel::setNameFilter(const QString &contains)
{
    m_nameFilter = contains;
    invalidateRowsFilter();
}

bool FileProxyModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_hiddenShown && m_nameFilter.isEmpty())
        return true;
    const QString name = sourceModel()->index(row, 0, parent).data(Qt::EditRole).toString();
    if (!m_hiddenShown && name.startsWith(u'.'))
        return false;
    return parent.isValid() || name.contains(m_nameFilter, Qt::CaseInsensitive);
}

bool FileProxyModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const bool leftDir = left.data(FsModel::IsDirRole).toBool();
    const bool rightDir = right.data(FsModel::IsDirRole).toBool();
    if (leftDir != rightDir)
        return leftDir == (sortOrder() == Qt::AscendingOrder);
    switch (left.column()) {
        case FsModel::SizeColumn: {
            const qint64 a = left.data(FsModel::SizeRole).toLongLong();
            const qint64 b = right.data(FsModel::SizeRole).toLongLong();
            if (a != b)
                return a < b;
            break;
        }
        case FsModel::ModifiedColumn: {
            const QDateTime a = left.data(FsModel::ModifiedRole).toDateTime();
            const QDateTime b = right.data(FsModel::ModifiedRole).toDateTime();
            if (a != b)
                return a < b;
            break;
        }
        default:
            break;
    }
    return left.row() < right.row();  // the model's own order: natural names
}

}  // namespace voidrun
