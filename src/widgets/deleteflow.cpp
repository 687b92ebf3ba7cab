// SPDX-License-Identifier: MIT
#include "deleteflow.h"

#include <QPointer>

#include "errortext.h"
#include "models/filedetails.h"
#include "models/fsmodel.h"
#include "models/guestpath.h"
#include "models/guesttrash.h"
#include "question.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QStringList namesOf(const QStringList &paths)
{
    QStringList names;
    for (const QString &path : paths)
        names.append(guestpath::fileName(path));
    return names;
}

}  // namespace

DeleteFlow::DeleteFlow(FsModel *model, QWidget *panel)
    : QObject(panel), m_model(model), m_panel(panel)
{
    connect(model, &FsModel::trashed, this,
            [this](const QString &, const QString &trashPath) { m_trashed.append(trashPath); });
    connect(model, &FsModel::trashingFailed, this, [this](const QString &path, const Error &error) {
        m_refused.append(path);
        m_refusal = error;
    });
    connect(model, &FsModel::changesFinished, this, &DeleteFlow::finish);
}

void DeleteFlow::setSandboxName(const QString &name)
{
    m_sandboxName = name;
}

void DeleteFlow::askDelete(const QList<FileEntry> &entries, bool forGood)
{
    if (entries.isEmpty())
        return;
    QStringList paths;
    for (const FileEntry &entry : entries) {
        paths.append(entry.path);
        forGood = forGood || guesttrash::isInTrash(entry.path);
    }
    const bool one = paths.size() == 1;
    const QString kept = one ? tr("The trash of the sandbox keeps it until the trash is emptied or "
                                  "the sandbox is deleted.")
                             : tr("The trash of the sandbox keeps them until the trash is emptied "
                                  "or the sandbox is deleted.");
    ask(m_panel,
        {.title = tr("Delete"),
         .text = one ? tr("Delete “%1” from “%2”?")
                           .arg(guestpath::fileName(paths.first()), m_sandboxName)
                     : tr("Delete these %n items from “%1”?", nullptr, int(paths.size()))
                           .arg(m_sandboxName),
         .details = forGood ? tr("This cannot be undone.") : kept,
         .action = tr("Delete"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole,
         .names = one ? QStringList() : namesOf(paths)},
        [this, paths, forGood] {
            if (forGood)
                m_model->remove(paths);
            else
                m_model->moveToTrash(paths);
        });
}

void DeleteFlow::finish()
{
    if (!m_trashed.isEmpty()) {
        m_undo = std::exchange(m_trashed, {});
        Q_EMIT undoChanged();
        const QString sentence =
            m_undo.size() == 1
                ? tr("“%1” was moved to the trash.").arg(guestpath::fileName(m_undo.first()))
                : tr("%n item(s) were moved to the trash.", nullptr, int(m_undo.size()));
        Q_EMIT offer(sentence, tr("Undo"), [flow = QPointer<DeleteFlow>(this)] {
            if (flow)
                flow->undo();
        });
    }
    if (!m_refused.isEmpty())
        askForGood();
}

void DeleteFlow::askForGood()
{
    const QStringList paths = std::exchange(m_refused, {});
    ask(m_panel,
        {.title = tr("Delete"),
         .text = tr("%n item(s) cannot be moved to the trash of “%1”. Delete for good?", nullptr,
                    int(paths.size()))
                     .arg(m_sandboxName),
         .details = errorText(m_refusal) % u"\n\n"_s % tr("This cannot be undone."),
         .action = tr("Delete for good"),
         .icon = QMessageBox::Warning,
         .role = QMessageBox::DestructiveRole,
         .names = namesOf(paths)},
        [this, paths] { m_model->remove(paths); });
}

void DeleteFlow::undo()
{
    const QStringList paths = std::exchange(m_undo, {});
    if (paths.isEmpty())
        return;
    m_model->putBack(paths);
    Q_EMIT undoChanged();
}

void DeleteFlow::askEmptyTrash()
{
    const QString folder(guesttrash::Folder);
    FileDetails *details = m_model->createDetails(folder, this);
    connect(details, &FileDetails::failed, this, [this, details](const Error &error) {
        details->deleteLater();
        Q_EMIT notice(error.kind == Error::Kind::NotFound
                          ? tr("The trash is empty.")
                          : tr("The trash could not be opened. %1").arg(errorText(error)));
    });
    connect(details, &FileDetails::measured, this, [this, details](qint64 bytes) {
        details->deleteLater();
        ask(m_panel,
            {.title = tr("Empty the trash"),
             .text = tr("Delete all that is in the trash of “%1”?").arg(m_sandboxName),
             .details = tr("It holds %1. This cannot be undone.")
                            .arg(m_panel->locale().formattedDataSize(bytes)),
             .action = tr("Empty the trash"),
             .icon = QMessageBox::Warning,
             .role = QMessageBox::DestructiveRole},
            [this] {
                m_undo.clear();
                Q_EMIT undoChanged();
                m_model->emptyTrash();
            });
    });
    details->load();
}

}  // namespace voidrun
