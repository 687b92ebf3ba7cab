// SPDX-License-Identifier: MIT
// What OpenEdits shows of an edit. Sentences about errors are the widgets'.
#include <QLocale>

#include "guestpath.h"
#include "openedits.h"
#include "visibletext.h"

namespace voidrun
{

namespace
{

QString stateText(const OpenEdit &edit)
{
    switch (edit.state) {
        case OpenEdit::State::Fetching:
            return OpenEdits::tr("Fetching");
        case OpenEdit::State::Unchanged:
            return OpenEdits::tr("Unchanged");
        case OpenEdit::State::Changed:
            return edit.isWaiting ? OpenEdits::tr("Changed, not sent yet")
                                  : OpenEdits::tr("Changed");
        case OpenEdit::State::Uploading:
            return OpenEdits::tr("Sending");
        case OpenEdit::State::Saved:
            return OpenEdits::tr("Saved at %1")
                .arg(QLocale().toString(edit.savedAt.time(), QLocale::ShortFormat));
        case OpenEdit::State::Conflict:
            return edit.theirs.exists ? OpenEdits::tr("Changed here and in the sandbox")
                                      : OpenEdits::tr("Changed here, deleted in the sandbox");
        case OpenEdit::State::Failed:
            return edit.hasUnsent() ? OpenEdits::tr("Not sent") : OpenEdits::tr("Failed");
    }
    return {};
}

QString displayText(const OpenEdit &edit, int column)
{
    switch (column) {
        case OpenEdits::NameColumn:
            return visibleText(guestpath::fileName(edit.path));
        case OpenEdits::SandboxColumn:
            return visibleText(edit.sandboxName);
        case OpenEdits::FolderColumn:
            return visibleText(guestpath::parent(edit.path));
        case OpenEdits::StateColumn:
            return stateText(edit);
        default:
            return {};
    }
}

}  // namespace

int OpenEdits::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_edits.size());
}

int OpenEdits::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OpenEdits::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const OpenEdit &edit = m_edits[static_cast<size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return displayText(edit, index.column());
        case Qt::ToolTipRole:
            return visibleText(edit.path);
        case Qt::AccessibleDescriptionRole:
            return tr("%1 in %2: %3")
                .arg(visibleText(edit.path), visibleText(edit.sandboxName), stateText(edit));
        case IdRole:
            return edit.id;
        case EditRole:
            return QVariant::fromValue(edit);
        default:
            return {};
    }
}

QVariant OpenEdits::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
        case NameColumn:
            return tr("Name");
        case SandboxColumn:
            return tr("Sandbox");
        case FolderColumn:
            return tr("Folder");
        case StateColumn:
            return tr("State");
        default:
            return {};
    }
}

}  // namespace voidrun
