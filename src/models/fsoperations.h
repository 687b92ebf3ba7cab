// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QPointer>
#include <QQueue>
#include <QSet>

#include "api/error.h"
#include "api/reply.h"
#include "api/types.h"

namespace voidrun
{

class Client;

// One change of the files of a sandbox.
struct FsOperation {
    enum class Kind {
        Move,
        Copy,
        Remove,
        Trash,
        MakeFolder,
        MakeFile,
        ChangeMode,
        Compress,
        Extract
    };

    Kind kind = Kind::Remove;
    QString from;   // what it is about; empty when something is made
    QString to;     // what there is afterwards; must not exist, but for Extract's folder
    uint mode = 0;  // of ChangeMode
    ArchiveFormat format = ArchiveFormat::TarGz;  // of Compress
    bool replaces = false;  // Move and Copy: a file that is there, because a person said so

    const QString &subject() const { return from.isEmpty() ? to : from; }
};

// Makes changes of files one after the other, a few at a time, and never over something that
// exists (the wire's move, copy and create would). Owned by an FsModel; lives in the GUI thread.
class FsOperations : public QObject
{
    Q_OBJECT

public:
    FsOperations(Client *client, const QString &sandboxId, QObject *parent = nullptr);

    void add(const FsOperation &operation);

Q_SIGNALS:
    void succeeded(const voidrun::FsOperation &operation);
    void failed(const voidrun::FsOperation &operation, const voidrun::Error &error);
    void idle();  // nothing waits or is under way any more

private:
    void startNext();
    void goOn();
    void checkTarget(const FsOperation &operation);
    void carryOut(const FsOperation &operation);
    void extract(const FsOperation &operation);
    void finish(const FsOperation &operation, const Result<std::monostate> &result);

    QPointer<Client> m_client;
    QString m_sandboxId;
    QQueue<FsOperation> m_waiting;
    QSet<QString> m_targets;  // of those under way
    int m_running = 0;
};

}  // namespace voidrun
