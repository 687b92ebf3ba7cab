// SPDX-License-Identifier: MIT
#include "filedetails.h"

#include "api/client.h"
#include "ownerror.h"

namespace voidrun
{

FileDetails::FileDetails(Client *client, const QString &sandboxId, const QString &path,
                         QObject *parent)
    : QObject(parent), m_client(client), m_sandboxId(sandboxId), m_path(path)
{
}

void FileDetails::load()
{
    if (!m_client)
        return;
    m_client->stat(m_sandboxId, m_path)->onFinished(this, [this](const Result<FileStat> &stat) {
        if (!stat) {
            Q_EMIT failed(meansMissing(stat.error())
                              ? ownError(Error::Kind::NotFound, Error::Reason::Gone, m_path)
                              : stat.error());
            return;
        }
        Q_EMIT loaded(*stat);
        if (stat->isDir())
            measure();
    });
}

void FileDetails::measure()
{
    if (!m_client)
        return;
    m_client->diskUsage(m_sandboxId, m_path)
        ->onFinished(this, [this](const Result<DiskUsage> &usage) {
            if (usage)
                Q_EMIT measured(usage->bytes);
            else
                Q_EMIT failed(usage.error());
        });
}

}  // namespace voidrun
