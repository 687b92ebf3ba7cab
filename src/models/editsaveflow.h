// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include "openedit.h"
#include "remotelook.h"

namespace voidrun
{

class Client;
class EditDesk;
class TransferModel;

// Brings what was changed here into the sandbox: looks whether the sandbox's file is still the one
// that was fetched, takes a snapshot of the copy and uploads that under a temporary name that then
// replaces the file. Ends with exactly one signal. Owned by OpenEdits; lives in the GUI thread.
class EditSaveFlow : public QObject
{
    Q_OBJECT

public:
    // All outlive it or are noticed to be gone. With a `newName` the copy becomes another file
    // beside the sandbox's, which is not touched; nothing of that name is replaced either.
    EditSaveFlow(Client *client, TransferModel *transfers, EditDesk *desk, const OpenEdit &edit,
                 const QString &newName, QObject *parent);
    ~EditSaveFlow() override;

    void start();

Q_SIGNALS:
    void uploadStarted();
    // `path` and `remote` of the edit are what there is now.
    void finished(const voidrun::OpenEdit &edit);
    // The sandbox's file is not the one that was fetched; nothing was done.
    void conflictFound(const voidrun::RemoteFile &theirs);
    void failed(const voidrun::Error &error);

private:
    void takeLook(const Result<RemoteLook> &look);
    void takeSnapshot();
    void upload(const QString &file);
    void confirm(const QString &path);

    QPointer<Client> m_client;
    QPointer<TransferModel> m_transfers;
    QPointer<EditDesk> m_desk;
    OpenEdit m_edit;
    QString m_newName;
    QByteArray m_sent;  // its hash
    int m_transfer = 0;
};

}  // namespace voidrun
