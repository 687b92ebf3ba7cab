// SPDX-License-Identifier: MIT
#include "filenamedelegate.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QToolTip>

#include "models/fsmodel.h"

namespace voidrun
{

void FileNameDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    QStyledItemDelegate::setEditorData(editor, index);
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

bool FileNameDelegate::eventFilter(QObject *watched, QEvent *event)
{
    auto *edit = qobject_cast<QLineEdit *>(watched);
    if (edit && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const bool isEnter = key == Qt::Key_Return || key == Qt::Key_Enter;
        if (isEnter && !FsModel::isValidName(edit->text())) {
            QToolTip::showText(edit->mapToGlobal(QPoint(0, edit->height())),
                               tr("A name must not be empty, contain a slash, or be longer than "
                                  "255 bytes."),
                               edit);
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(watched, event);
}

}  // namespace voidrun
