// SPDX-License-Identifier: MIT
#include "filesearch.h"

#include <QCollator>

#include <algorithm>

#include "api/client.h"
#include "guestpath.h"
#include "ownerror.h"
#include "visibletext.h"

namespace voidrun
{

FileSearch::FileSearch(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_client(client), m_sandboxId(sandboxId)
{
}

FileSearch::~FileSearch()
{
    cancel();
}

void FileSearch::start(const QString &folder, const QString &text)
{
    cancel();
    if (!m_client) {
        Q_EMIT failed(ownError(Error::Kind::Cancelled, Error::Reason::Closed, folder));
        return;
    }
    auto *reply = m_client->search(m_sandboxId, folder, text);
    m_reply = reply;
    reply->onFinished(this, [this, reply](const Result<QStringList> &result) {
        if (m_reply != reply)
            return;  // another search has taken its place
        m_reply = nullptr;
        if (!result) {
            Q_EMIT failed(result.error());
            return;
        }
        QStringList paths;
        for (const QString &path : result->first(qMin(result->size(), MostFound)))
            paths.append(guestpath::clean(path));
        std::ranges::sort(paths, [collator = nameCollator()](const QString &a, const QString &b) {
            return collator.compare(a, b) < 0;
        });
        Q_EMIT found(paths);
    });
}

void FileSearch::cancel()
{
    if (ReplyBase *reply = m_reply) {
        m_reply = nullptr;
        reply->abort();
    }
}

}  // namespace voidrun
