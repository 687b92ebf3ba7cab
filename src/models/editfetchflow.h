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

// Brings a file of a sandbox here, or brings the copy here up to date: looks at it, downloads it
// beside the copy and puts it in the copy's place, unless that was changed meanwhile. Owned by
// OpenEdits; lives in the GUI thread.
class EditFetchFlow : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 MaxSize = 64LL << 20;  // bytes that can be edited

    // All outlive it or are noticed to be gone.
    EditFetchFlow(Client *client, TransferModel *transfers, EditDesk *desk, const OpenEdit &edit,
                  QObject *parent);
    ~EditFetchFlow() override;

    void start();

Q_SIGNALS:
    void finished(const voidrun::OpenEdit &edit);
    // Cancelled when the client was closed. A copy that there was is as it was.
    void failed(const voidrun::Error &error);

private:
    void takeLook(const Result<RemoteLook> &look);
    void download();
    void install(const QString &incoming);

    QPointer<Client> m_client;
    QPointer<TransferModel> m_transfers;
    QPointer<EditDesk> m_desk;
    OpenEdit m_edit;
    int m_transfer = 0;
};

}  // namespace voidrun
