// SPDX-License-Identifier: MIT
#include "editfetchflow.h"

#include "api/client.h"
#include "editdesk.h"
#include "ownerror.h"
#include "stagedtransfer.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

EditFetchFlow::EditFetchFlow(Client *client, TransferModel *transfers, EditDesk *desk,
                             const OpenEdit &edit, QObject *parent)
    : QObject(parent), m_client(client), m_transfers(transfers), m_desk(desk), m_edit(edit)
{
}

EditFetchFlow::~EditFetchFlow()
{
    if (m_transfers)
        m_transfers->cancel(m_transfer);
}

void EditFetchFlow::start()
{
    lookAt(m_client, m_edit.sandboxId, m_edit.path, this,
           [this](const Result<RemoteLook> &look) { takeLook(look); });
}

void EditFetchFlow::takeLook(const Result<RemoteLook> &look)
{
    if (!look) {
        Q_EMIT failed(look.error());
        return;
    }
    if (!look->file.exists) {
        Q_EMIT failed(ownError(Error::Kind::NotFound, Error::Reason::Gone, m_edit.path));
        return;
    }
    if (look->file.size > MaxSize) {
        Q_EMIT failed(ownError(Error::Kind::TooLarge, Error::Reason::TooLargeToEdit, m_edit.path));
        return;
    }
    m_edit.path = look->path;
    m_edit.isExecutable = look->isExecutable;
    const bool isHere =
        m_edit.isFetched() && !m_edit.localHash.isEmpty() && look->file.hash == m_edit.localHash;
    m_edit.remote = look->file;
    if (isHere) {
        Q_EMIT finished(m_edit);
        return;
    }
    download();
}

void EditFetchFlow::download()
{
    if (!m_transfers || !m_desk)
        return;
    TransferRequest request;
    request.direction = TransferRequest::Direction::Download;
    request.conflict = TransferRequest::Conflict::Overwrite;  // the folder is its own
    request.profile = m_edit.profile;
    request.sandboxId = m_edit.sandboxId;
    request.sandboxName = m_edit.sandboxName;
    request.sources = {m_edit.path};
    request.target = m_edit.folder + "/incoming"_L1;
    m_transfer = startStaged(m_transfers, request, this, [this](const Result<QString> &file) {
        m_transfer = 0;
        if (file)
            install(*file);
        else
            Q_EMIT failed(file.error());
    });
}

void EditFetchFlow::install(const QString &incoming)
{
    m_desk->ask(
        this,
        [edit = m_edit, incoming](EditWorker *worker) { return worker->install(edit, incoming); },
        [this](const Result<OpenEdit> &edit) {
            if (edit)
                Q_EMIT finished(*edit);
            else
                Q_EMIT failed(edit.error());
        });
}

}  // namespace voidrun
