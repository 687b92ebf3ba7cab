// SPDX-License-Identifier: MIT
#include "connection.h"

#include <QCryptographicHash>

#include "api/client.h"
#include "api/curltext.h"
#include "api/watchstream.h"
#include "fsmodel.h"
#include "processesmodel.h"
#include "ptysessionmodel.h"
#include "rescueflow.h"
#include "runhistory.h"
#include "runsmodel.h"
#include "sandboxmodel.h"
#include "terminalsession.h"
#include "treelisting.h"

namespace voidrun
{

namespace
{

// Ids of connections are ours or a server's; no name of a file is made of them.
QString historyFile(const QString &folder, const QString &connectionId)
{
    if (folder.isEmpty())
        return {};
    const QByteArray name =
        QCryptographicHash::hash(connectionId.toUtf8(), QCryptographicHash::Sha256).toHex();
    return folder % u'/' % QString::fromLatin1(name.first(32));
}

}  // namespace

Connection::Connection(const ConnectionProfile &profile, const QString &historyFolder,
                       QObject *parent)
    : QObject(parent),
      m_profile(profile),
      m_client(std::make_unique<Client>(profile)),
      m_sandboxes(std::make_unique<SandboxModel>(m_client.get())),
      m_history(std::make_unique<RunHistory>(historyFile(historyFolder, profile.id))),
      m_runs(std::make_unique<RunsModel>(m_client.get()))
{
    connect(m_runs.get(), &RunsModel::started, m_history.get(),
            [this](const RunJob *job) { m_history->begin(*job); });
    connect(m_runs.get(), &RunsModel::ended, m_history.get(),
            [this](const RunJob *job) { m_history->finish(*job); });
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

std::unique_ptr<ProcessesModel> Connection::createProcesses(const QString &sandboxId)
{
    return std::make_unique<ProcessesModel>(m_client.get(), m_sandboxes.get(), sandboxId);
}

TreeListing *Connection::createListing(const QString &sandboxId, QObject *parent)
{
    return new TreeListing(m_client.get(), sandboxId, parent);
}

std::unique_ptr<WatchStream> Connection::watch(const QString &sandboxId,
                                               const WatchRequest &request,
                                               const StreamOptions &options)
{
    return m_client->watch(sandboxId, request, options);
}

QString Connection::curlText(const RunRequest &request) const
{
    if (!request.isCode) {
        ExecRequest exec;
        exec.command = request.text.trimmed();
        exec.timeout = request.timeout;
        exec.env = request.environment;
        exec.cwd = request.folder;
        return voidrun::curlText(m_profile.baseUrl, request.sandboxId, exec);
    }
    CodeRequest code;
    code.code = request.text;
    code.language = request.language;
    code.timeout = request.timeout;
    code.env = request.environment;
    code.cwd = request.folder;
    return voidrun::curlText(m_profile.baseUrl, request.sandboxId, code);
}

void Connection::adopt(TerminalSession *session)
{
    if (session->hasClient() || session->connectionId() != m_profile.id)
        return;
    session->setClient(m_client.get());
    session->followSandboxes(m_sandboxes.get());
}

void Connection::adopt(RunJob *job)
{
    job->setClient(m_client.get());
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
