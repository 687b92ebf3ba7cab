// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>

#include "api/error.h"
#include "api/reply.h"
#include "api/types.h"
#include "transfermodel.h"

namespace voidrun
{

class Client;
class SandboxModel;

// Saves what a person worked on before a sandbox is deleted: packs its work folder, downloads the
// archive and deletes the sandbox only when the archive is here. Until then it can be cancelled,
// and whatever goes wrong leaves the sandbox as it was. Lives in the GUI thread.
class RescueFlow : public QObject
{
    Q_OBJECT

public:
    enum class Step { Packing, Downloading, Deleting };
    Q_ENUM(Step)

    // All outlive the flow or are noticed to be gone. `request` names the sandbox and the local
    // folder.
    RescueFlow(Client *client, SandboxModel *sandboxes, TransferModel *transfers,
               TransferRequest request, QObject *parent = nullptr);

    void start();
    // No effect once the deletion has begun.
    void cancel();
    Step step() const { return m_step; }

Q_SIGNALS:
    void stepStarted(voidrun::RescueFlow::Step step);
    // The sandbox is deleted and this is what was saved.
    void finished(const QString &localFile);
    // The sandbox is still there.
    void failed(voidrun::RescueFlow::Step step, const voidrun::Error &error);
    void cancelled();

private:
    void enter(Step step);
    void chooseArchive(qsizetype attempt);
    void pack(ArchiveFormat format);
    void download();
    void finishDownload(int id);
    void removeSandbox();
    void fail(const Error &error);
    void tidyUp();

    QPointer<Client> m_client;
    QPointer<SandboxModel> m_sandboxes;
    QPointer<TransferModel> m_transfers;
    TransferRequest m_request;
    QPointer<ReplyBase> m_reply;
    QString m_archive;  // in the sandbox
    QString m_saved;    // here
    Step m_step = Step::Packing;
    int m_transfer = 0;
    bool m_isPacked = false;
    bool m_isOver = false;
};

}  // namespace voidrun
