// SPDX-License-Identifier: MIT
#include "fsoperations.h"

#include "api/client.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int MaxRunning = 4;
constexpr qsizetype MaxWaiting = 100'000;

Error closedConnection()
{
    return ownError(Error::Kind::Cancelled, Error::Reason::Closed);
}

bool mayExist(const FsOperation &operation)
{
    using Kind = FsOperation::Kind;
    return operation.kind == Kind::Remove || operation.kind == Kind::ChangeMode ||
           operation.kind == Kind::Extract || operation.replaces;
}

}  // namespace

FsOperations::FsOperations(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_client(client), m_sandboxId(sandboxId)
{
}

void FsOperations::add(const FsOperation &operation)
{
    if (m_waiting.size() >= MaxWaiting) {
        Q_EMIT failed(operation, ownError(Error::Kind::TooLarge, Error::Reason::TooManyChanges));
        return;
    }
    m_waiting.enqueue(operation);
    startNext();
}

void FsOperations::startNext()
{
    while (m_running < MaxRunning && !m_waiting.isEmpty()) {
        const FsOperation operation = m_waiting.dequeue();
        ++m_running;
        if (mayExist(operation))
            carryOut(operation);
        else
            checkTarget(operation);
    }
}

void FsOperations::checkTarget(const FsOperation &operation)
{
    const Error exists = ownError(Error::Kind::Conflict, Error::Reason::NameTaken, operation.to);
    if (!m_client || m_targets.contains(operation.to)) {
        // Not from inside the call that asked for it.
        const auto refuse = [this, operation, exists] {
            --m_running;
            Q_EMIT failed(operation, m_client ? exists : closedConnection());
            goOn();
        };
        QMetaObject::invokeMethod(this, refuse, Qt::QueuedConnection);
        return;
    }
    m_targets.insert(operation.to);
    m_client->stat(m_sandboxId, operation.to)
        ->onFinished(this, [this, operation, exists](const Result<FileStat> &result) {
            if (result)
                finish(operation, std::unexpected(exists));
            else if (meansMissing(result.error()))
                carryOut(operation);
            else
                finish(operation, std::unexpected(result.error()));
        });
}

void FsOperations::carryOut(const FsOperation &operation)
{
    const auto done = [this, operation](const Result<Done> &result) { finish(operation, result); };
    if (!m_client) {
        QMetaObject::invokeMethod(
            this, [done] { done(std::unexpected(closedConnection())); }, Qt::QueuedConnection);
        return;
    }
    switch (operation.kind) {
        case FsOperation::Kind::Move:
        case FsOperation::Kind::Trash:
            m_client->move(m_sandboxId, operation.from, operation.to)->onFinished(this, done);
            break;
        case FsOperation::Kind::Copy:
            m_client->copy(m_sandboxId, operation.from, operation.to)->onFinished(this, done);
            break;
        case FsOperation::Kind::Remove:
            m_client->remove(m_sandboxId, operation.from)->onFinished(this, done);
            break;
        case FsOperation::Kind::MakeFolder:
            m_client->mkdir(m_sandboxId, operation.to)->onFinished(this, done);
            break;
        case FsOperation::Kind::MakeFile:
            m_client->createFile(m_sandboxId, operation.to)->onFinished(this, done);
            break;
        case FsOperation::Kind::ChangeMode:
            m_client->chmod(m_sandboxId, operation.from, operation.mode)->onFinished(this, done);
            break;
        case FsOperation::Kind::Compress:
            m_client->compress(m_sandboxId, operation.from, operation.format)
                ->onFinished(this, [done](const Result<QString> &result) {
                    done(result.transform([](const QString &) { return Done(); }));
                });
            break;
        case FsOperation::Kind::Extract:
            extract(operation);
            break;
    }
}

// Not every server makes the folder.
void FsOperations::extract(const FsOperation &operation)
{
    m_client->mkdir(m_sandboxId, operation.to)
        ->onFinished(this, [this, operation](const Result<Done> &made) {
            if (!made || !m_client)
                return finish(operation, made ? std::unexpected(closedConnection()) : made);
            m_client->extract(m_sandboxId, operation.from, operation.to)
                ->onFinished(this, [this, operation](const Result<Done> &result) {
                    finish(operation, result);
                });
        });
}

void FsOperations::finish(const FsOperation &operation, const Result<Done> &result)
{
    --m_running;
    m_targets.remove(operation.to);
    if (result)
        Q_EMIT succeeded(operation);
    else
        Q_EMIT failed(operation, result.error());
    goOn();
}

void FsOperations::goOn()
{
    startNext();
    if (m_running == 0 && m_waiting.isEmpty())
        Q_EMIT idle();
}

}  // namespace voidrun
