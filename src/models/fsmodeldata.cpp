// SPDX-License-Identifier: MIT
// What FsModel shows of a file.
#include <QLocale>

#include "fsnode.h"
#include "visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// "rwxr-xr-x", with s and t as `ls` shows them.
QString permissionsText(uint mode)
{
    QString text = u"rwxrwxrwx"_s;
    for (int i = 0; i < 9; ++i) {
        if (!(mode & (0400U >> i)))
            text[i] = u'-';
    }
    const auto special = [&](uint bit, int position, QChar letter) {
        if (mode & bit)
            text[position] = text[position] == u'x' ? letter : letter.toUpper();
    };
    special(04000, 2, u's');
    special(02000, 5, u's');
    special(01000, 8, u't');
    return text;
}

QString kindText(const FileEntry &entry)
{
    if (entry.isSymlink)
        return FsModel::tr("link");
    return entry.isDir ? FsModel::tr("folder") : FsModel::tr("file");
}

QString displayText(const FileEntry &entry, int column)
{
    switch (column) {
        case FsModel::NameColumn:
            return visibleText(entry.name);
        case FsModel::SizeColumn:
            return entry.isDir ? QString() : QLocale().formattedDataSize(entry.size);
        case FsModel::ModifiedColumn:
            return entry.modTime.isValid()
                       ? QLocale().toString(entry.modTime.toLocalTime(), QLocale::ShortFormat)
                       : QString();
        case FsModel::PermissionsColumn:
            return permissionsText(entry.mode);
        default:
            return {};
    }
}

}  // namespace

QVariant FsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const FileEntry &shown = node(index)->entry;
    if (index.column() == PermissionsColumn && !node(index)->isModeKnown)
        return role == Qt::DisplayRole ? QVariant(u"…"_s)
               : role == Qt::ToolTipRole || role == Qt::AccessibleTextRole
                   ? QVariant(tr("Not known before the folder is refreshed"))
                   : QVariant();
    switch (role) {
        case Qt::DisplayRole:
            return displayText(shown, index.column());
        case Qt::EditRole:
            return index.column() == NameColumn ? shown.name : displayText(shown, index.column());
        case Qt::ToolTipRole:
            return visibleText(path(index));
        case Qt::AccessibleTextRole:
            return index.column() == NameColumn
                       ? tr("%1, %2").arg(visibleText(shown.name), kindText(shown))
                       : displayText(shown, index.column());
        case Qt::TextAlignmentRole:
            return index.column() == SizeColumn
                       ? QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter))
                       : QVariant();
        case PathRole:
            return path(index);
        case EntryRole:
            return QVariant::fromValue(entry(index));
        case IsDirRole:
            return shown.isDir;
        case SizeRole:
            return shown.size;
        case ModifiedRole:
            return shown.modTime;
        default:
            return {};
    }
}

QVariant FsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case NameColumn:
            return tr("Name");
        case SizeColumn:
            return tr("Size");
        case ModifiedColumn:
            return tr("Modified");
        case PermissionsColumn:
            return tr("Permissions");
        default:
            return {};
    }
}

Qt::ItemFlags FsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled;
    if (index.column() == NameColumn)
        flags |= Qt::ItemIsEditable;
    flags |= node(index)->isFolder() ? Qt::ItemIsDropEnabled : Qt::ItemNeverHasChildren;
    return flags;
}

}  // namespace voidrun
