// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QStringList>

#include <functional>

#include "models/transferrequest.h"

class QWidget;

namespace voidrun
{

class FsModel;

// Moves or copies files within one sandbox, and asks first what happens to names that are taken in
// the folder they go to: overwrite, keep both or skip. A folder is never merged with another or
// replaced, and of several files of one name none replaces another. GUI thread.
class MoveFlow : public QObject
{
    Q_OBJECT

public:
    enum class Kind { Move, Copy };

    // Both outlive it; questions are asked over `panel`.
    MoveFlow(FsModel *model, QWidget *panel);

    void setSandboxName(const QString &name);
    // Answered by the model's signals.
    void start(Kind kind, const QStringList &paths, const QString &folder);

private:
    using Answers = QHash<QString, TransferRequest::Conflict>;

    struct Plan {
        Kind kind;
        QStringList paths;
        QString folder;
        QSet<QString> taken;  // names in the folder
        QList<TransferConflict> conflicts;
    };

    void withFolder(const QString &folder, const std::function<void(const FsModel *)> &go);
    void check(Plan plan, const FsModel *listed);
    void ask(Plan plan, const FsModel *sources);
    void carryOut(const Plan &plan, const Answers &answers);

    FsModel *m_model;
    QWidget *m_panel;
    QString m_sandboxName;
};

}  // namespace voidrun
