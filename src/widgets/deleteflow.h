// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QStringList>
#include <QWidget>

#include <functional>

#include "api/error.h"
#include "api/types.h"

namespace voidrun
{

class FsModel;

// Deleting files of a panel: asks with every name, moves them to the sandbox's trash, offers to
// take that back, and asks once more where the trash cannot take something. GUI thread.
class DeleteFlow : public QObject
{
    Q_OBJECT

public:
    // Both outlive this.
    DeleteFlow(FsModel *model, QWidget *panel);

    void setSandboxName(const QString &name);  // for questions
    // `forGood`, or lying in the trash already: past the trash.
    void askDelete(const QList<FileEntry> &entries, bool forGood);
    void askEmptyTrash();
    bool canUndo() const { return !m_undo.isEmpty(); }
    void undo();

Q_SIGNALS:
    void notice(const QString &sentence);
    // A notice with a button; `run` may be called at any time later.
    void offer(const QString &sentence, const QString &action, const std::function<void()> &run);
    void undoChanged();

private:
    void finish();
    void askForGood();

    FsModel *m_model;
    QWidget *m_panel;
    QString m_sandboxName;
    QStringList m_trashed;  // by the deletion under way, where they are now
    QStringList m_refused;  // by the trash
    Error m_refusal;
    QStringList m_undo;
};

}  // namespace voidrun
