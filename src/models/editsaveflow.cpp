// SPDX-License-Identifier: MIT
#include "editsaveflow.h"

#include "api/client.h"
#include "editdesk.h"
#include "guestpath.h"
#include "stagedtransfer.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

EditSaveFlow::EditSaveFlow(Client *client, TransferModel *transfers, EditDesk *desk,
                           const OpenEdit &edit, const QString &newName, QObject *parent)
    : QObject(parent),
      m_client(client),
      m_transfers(transfers),
      m_desk(desk),
      m_edit(edit),
      m_newName(newName)
{
}

EditSaveFlow::~EditSaveFlow()
{
    if (m_transfers)
        m_transfers->cancel(m_transfer);
}

void EditSaveFlow::start()
{
    if (!m_newName.isEmpty())
        return takeSnapshot();
    lookAt(m_client, m_edit.sandboxId, m_edit.path, this,
           [this](const Result<RemoteLook> &look) { takeLook(look); });
}

void EditSaveFlow::takeLook(const Result<RemoteLook> &look)
{
    if (!look) {
        Q_EMIT failed(look.error());
        return;
    }
    // Sent before, by a run that did not get to note it; or the sandbox has the same by itself.
    if (look->file.exists && look->file.hash == m_edit.localHash) {
        m_edit.remote = look->file;
        Q_EMIT finished(m_edit);
    } else if (!look->file.isSameAs(m_edit.remote) || look->path != m_edit.path) {
        Q_EMIT conflictFound(look->file);
    } else {
        takeSnapshot();
    }
}

void EditSaveFlow::takeSnapshot()
{
    if (!m_desk)
        return;
    const QString name = m_newName.isEmpty() ? guestpath::fileName(m_edit.path) : m_newName;
    // An existing file keeps its own mode.
    const bool isNew = !m_newName.isEmpty() || !m_edit.remote.exists;
    m_desk->ask(
        this,
        [edit = m_edit, name, executable = isNew && m_edit.isExecutable](EditWorker *worker) {
            return worker->snapshot(edit, name, executable);
        },
        [this](const Result<EditWorker::Snapshot> &snapshot) {
            if (!snapshot) {
                Q_EMIT failed(snapshot.error());
                return;
            }
            m_sent = snapshot->hash;
            upload(snapshot->file);
        });
}

void EditSaveFlow::upload(const QString &file)
{
    if (!m_transfers)
        return;
    TransferRequest request;
    request.direction = TransferRequest::Direction::Upload;
    request.conflict = m_newName.isEmpty() ? TransferRequest::Conflict::Overwrite
                                           : TransferRequest::Conflict::KeepBoth;
    request.profile = m_edit.profile;
    request.sandboxId = m_edit.sandboxId;
    request.sandboxName = m_edit.sandboxName;
    request.sources = {file};
    request.target = guestpath::parent(m_edit.path);
    Q_EMIT uploadStarted();
    m_transfer = startStaged(m_transfers, request, this, [this](const Result<QString> &made) {
        m_transfer = 0;
        if (made)
            confirm(*made);
        else
            Q_EMIT failed(made.error());
    });
}

// What is compared at the next save. The content is known without asking; where the rest cannot be
// asked, the hash alone tells.
void EditSaveFlow::confirm(const QString &path)
{
    lookAt(m_client, m_edit.sandboxId, path, this, [this, path](const Result<RemoteLook> &look) {
        m_edit.path = path;
        m_edit.remote = look ? look->file : RemoteFile();
        m_edit.remote.exists = true;
        m_edit.remote.hash = m_sent;
        m_edit.savedAt = QDateTime::currentDateTime();
        Q_EMIT finished(m_edit);
    });
}

}  // namespace voidrun
