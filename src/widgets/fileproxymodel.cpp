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

const FsModel *FileProxyModel::files() const
{
    return static_cast<const FsModel *>(sourceModel());
}

bool FileProxyModel::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_hiddenShown && m_nameFilter.isEmpty())
        return true;
    const QString &name = files()->listedEntry(files()->index(row, 0, parent)).name;
    if (!m_hiddenShown && name.startsWith(u'.'))
        return false;
    return parent.isValid() || m_nameFilter.isEmpty() ||
           name.contains(m_nameFilter, Qt::CaseInsensitive);
}

// Asked millions of times for a large folder.
bool FileProxyModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const FileEntry &a = files()->listedEntry(left);
    const FileEntry &b = files()->listedEntry(right);
    if (a.isDir != b.isDir)
        return a.isDir == (sortOrder() == Qt::AscendingOrder);
    if (left.column() == FsModel::SizeColumn && a.size != b.size)
        return a.size < b.size;
    if (left.column() == FsModel::ModifiedColumn && a.modTime != b.modTime)
        return a.modTime < b.modTime;
    return left.row() < right.row();  // the model's own order: natural names
}

}  // namespace voidrun
