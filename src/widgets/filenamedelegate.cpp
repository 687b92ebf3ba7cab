// SPDX-License-Identifier: MIT
#include "filenamedelegate.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QToolTip>

#include "models/fsmodel.h"
#include "namedialog.h"

namespace voidrun
{

void FileNameDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    QStyledItemDelegate::setEditorData(editor, index);
    m_edited = index;
    auto *edit = qobject_cast<QLineEdit *>(editor);
    if (!edit)
        return;
    const qsizetype dot = edit->text().lastIndexOf(u'.');
    if (dot <= 0 || index.data(FsModel::IsDirRole).toBool())
        return;
    // The view selects everything once it has the editor.
    QMetaObject::invokeMethod(
        edit, [edit, dot] { edit->setSelection(0, int(dot)); }, Qt::QueuedConnection);
}

QString FileNameDelegate::problemOf(const QString &name) const
{
    const QModelIndex edited = m_edited;
    return nameProblem(name, [&edited](const QString &wanted) {
        for (int row = 0; row < edited.model()->rowCount(edited.parent()); ++row) {
            const QModelIndex sibling = edited.siblingAtRow(row);
            if (sibling != edited && sibling.data(Qt::EditRole).toString() == wanted)
                return true;
        }
        return false;
    });
}

bool FileNameDelegate::eventFilter(QObject *watched, QEvent *event)
{
    auto *edit = qobject_cast<QLineEdit *>(watched);
    if (edit && m_edited.isValid() && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const bool isEnter = key == Qt::Key_Return || key == Qt::Key_Enter;
        const QString problem = isEnter ? problemOf(edit->text()) : QString();
        if (!problem.isEmpty()) {
            QToolTip::showText(edit->mapToGlobal(QPoint(0, edit->height())), problem, edit);
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

}  // namespace voidrun
