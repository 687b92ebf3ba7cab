// SPDX-License-Identifier: MIT
#pragma once

#include <QStyledItemDelegate>

namespace voidrun
{

// Edits a file's name in place: the part before the ending is selected, as file managers do, and a
// name that cannot be one is left in the editor with a tip that says why. GUI thread.
class FileNameDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void setEditorData(QWidget *editor, const QModelIndex &index) const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QString problemOf(const QString &name) const;

    mutable QPersistentModelIndex m_edited;  // what the open editor names
};

}  // namespace voidrun
