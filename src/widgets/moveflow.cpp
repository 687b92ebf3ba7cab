// SPDX-License-Identifier: MIT
#include "moveflow.h"

#include <QWidget>

#include <algorithm>

#include "conflictdialog.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

using Conflict = TransferRequest::Conflict;

TransferConflict::Side sideOf(const FsModel *model, const QString &path)
{
    const QModelIndex index = model->indexOf(path);
    if (!index.isValid())
        return {};
    const FileEntry &entry = model->listedEntry(index);
    return {.isDir = entry.isDir, .size = entry.isDir ? -1 : entry.size, .modified = entry.modTime};
}

}  // namespace

MoveFlow::MoveFlow(FsModel *model, QWidget *panel) : QObject(panel), m_model(model), m_panel(panel)
{
}

void MoveFlow::setSandboxName(const QString &name)
{
    m_sandboxName = name;
}

void MoveFlow::start(Kind kind, const QStringList &paths, const QString &folder)
{
    Plan plan{.kind = kind,
              .paths = {},
              .folder = guestpath::clean(folder),
              .taken = {},
              .conflicts = {}};
    for (const QString &path : paths)
        plan.paths.append(guestpath::clean(path));
    withFolder(plan.folder, [this, plan](const FsModel *listed) { check(plan, listed); });
}

// `go` gets a model that knows what is in the folder; nothing, where it cannot be listed.
void MoveFlow::withFolder(const QString &folder, const std::function<void(const FsModel *)> &go)
{
    const bool isRoot = folder == m_model->rootPath();
    const QModelIndex index = m_model->indexOf(folder);
    if ((isRoot || index.isValid()) && m_model->folderState(index) == FsModel::FolderState::Loaded)
        return go(m_model);
    FsModel *other = m_model->createOther(this);
    const auto goOn = [this, go, other] {
        other->disconnect(this);
        other->deleteLater();
        go(other);
    };
    connect(other, &FsModel::loadingFinished, this, goOn);
    connect(other, &FsModel::loadingFailed, this, goOn);
    other->setRootPath(folder);
}

void MoveFlow::check(Plan plan, const FsModel *listed)
{
    const QModelIndex folder = listed->indexOf(plan.folder);
    for (int row = 0; row < listed->rowCount(folder); ++row)
        plan.taken.insert(listed->listedEntry(listed->index(row, 0, folder)).name);
    QSet<QString> asked;
    for (const QString &path : std::as_const(plan.paths)) {
        const QString name = guestpath::fileName(path);
        // A copy beside its original gets a name of its own, and what would go into itself fails.
        if (guestpath::parent(path) == plan.folder || guestpath::isInside(plan.folder, path) ||
            !plan.taken.contains(name) || asked.contains(name))
            continue;
        asked.insert(name);
        plan.conflicts.append({.name = name,
                               .source = {},
                               .target = sideOf(listed, guestpath::join(plan.folder, name))});
    }
    if (plan.conflicts.isEmpty())
        return carryOut(plan, {});
    // They may have been cut in a folder that is not shown any more.
    withFolder(guestpath::parent(plan.paths.first()),
               [this, plan](const FsModel *sources) { ask(plan, sources); });
}

void MoveFlow::ask(Plan plan, const FsModel *sources)
{
    for (TransferConflict &conflict : plan.conflicts) {
        for (const QString &path : std::as_const(plan.paths)) {
            if (guestpath::fileName(path) == conflict.name)
                conflict.source = sideOf(sources, path);
        }
    }
    auto *dialog = new ConflictDialog(
        ConflictDialog::Subject{
            .conflicts = plan.conflicts,
            .where = tr("%1 of %2").arg(visibleText(plan.folder), m_sandboxName),
            .newSide = visibleText(guestpath::parent(plan.paths.first())),
            .existingSide = visibleText(plan.folder),
            .mergesFolders = false},
        m_panel);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ConflictDialog::answered, this,
            [this, plan](const ConflictDialog::Answers &answers) { carryOut(plan, answers); });
    dialog->open();
}

void MoveFlow::carryOut(const Plan &plan, const Answers &answers)
{
    QSet<QString> used;  // by this plan
    QStringList plain;
    const auto isTaken = [&](const QString &name) {
        return used.contains(name) || plan.taken.contains(name);
    };
    const auto isFolder = [&](const QString &path) {
        return sideOf(m_model, path).isDir ||
               std::ranges::any_of(plan.conflicts, [&path](const TransferConflict &conflict) {
                   return conflict.name == guestpath::fileName(path) && conflict.source.isDir;
               });
    };
    for (const QString &path : plan.paths) {
        QString name = guestpath::fileName(path);
        const bool isRepeated = used.contains(name);
        const bool fails = guestpath::isInside(plan.folder, path);  // and the model says so
        if (fails || (!isRepeated && !answers.contains(name))) {
            plain.append(path);
            used.insert(name);
            continue;
        }
        const Conflict answer = isRepeated ? Conflict::KeepBoth : answers.value(name);
        if (answer == Conflict::Skip)
            continue;
        if (answer == Conflict::KeepBoth)
            name = guestpath::freeName(name, isFolder(path), isTaken);
        used.insert(name);
        const QString to = guestpath::join(plan.folder, name);
        const bool replaces = answer == Conflict::Overwrite;
        if (plan.kind == Kind::Move)
            m_model->moveTo(path, to, replaces);
        else
            m_model->copyTo(path, to, replaces);
    }
    if (plan.kind == Kind::Move)
        m_model->move(plain, plan.folder);
    else
        m_model->copy(plain, plan.folder);
}

}  // namespace voidrun
