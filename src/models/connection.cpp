// SPDX-License-Identifier: MIT
#include "connection.h"

#include "api/client.h"
#include "fsmodel.h"
#include "ptysessionmodel.h"
#include "rescueflow.h"
#include "sandboxmodel.h"
#include "terminalsession.h"

namespace voidrun
{

Connection::Connection(const ConnectionProfile &profile, QObject *parent)
    : QObject(parent),
      m_profile(profile),
      m_client(std::make_unique<Client>(profile)),
      m_sandboxes(std::make_unique<SandboxModel>(m_client.get()))
{
    connect(m_client.get(), &Client::reachableChanged, this, &Connection::reachableChanged);
}

Connection::~Connection() = default;

FsModel *Connection::createFsModel(const QString &sandboxId, QObject *parent)
{
    return new FsModel(m_client.get(), sandboxId, parent);
}

RescueFlow *Connection::createRescueFlow(TransferModel *transfers, const TransferRequest &request,
                                         QObject *parent)
{
    return new RescueFlow(m_client.get(), m_sandboxes.get(), transfers, request, parent);
}

TerminalSession *Connection::createTerminalSession(const QString &sandboxId, QObject *parent)
{
    auto *session = new TerminalSession(m_client.get(), sandboxId, parent);
    session->setConnectionId(m_profile.id);
    session->followSandboxes(m_sandboxes.get());
    return session;
}

PtySessionModel *Connection::createSessionList(const QString &sandboxId, QObject *parent)
{
    return new PtySessionModel(m_client.get(), sandboxId, parent);
}

void Connection::adopt(TerminalSession *session)
{
    if (session->hasClient() || session->connectionId() != m_profile.id)
        return;
    session->setClient(m_client.get());
    session->followSandboxes(m_sandboxes.get());
}

void Connection::loadImages()
{
    m_client->images()->onFinished(this, [this](const Result<QList<Image>> &images) {
        if (!images)
            return;  // the default image can still be taken, and any other typed
        QStringList names;
        for (const Image &image : *images) {
            if (image.active && !names.contains(image.name))
                names.append(image.name);
        }
        if (!names.isEmpty())
            Q_EMIT imagesLoaded(names);
    });
}

}  // namespace voidrun
