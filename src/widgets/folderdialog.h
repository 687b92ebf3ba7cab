// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QModelIndex;
class QTreeView;

namespace voidrun
{

class FsModel;
class ProblemLabel;

// A folder of a sandbox, chosen from a tree. GUI thread.
class FolderDialog : public QDialog
{
    Q_OBJECT

public:
    // Takes the model as a child.
    FolderDialog(FsModel *model, const QString &folder, QWidget *parent = nullptr);

Q_SIGNALS:
    void folderChosen(const QString &path);

private:
    void showFolder();
    QString chosen() const;

    FsModel *m_model;
    QString m_folder;  // to be chosen once it is listed
    QTreeView *m_view;
    ProblemLabel *m_problem;
};

}  // namespace voidrun
