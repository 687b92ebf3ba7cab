// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include "clientcalls.h"

namespace voidrun
{

// A download, and after it, where the server named no length (or the type of a web page), the stat
// that its size is compared with. Owned by its reply, lives in the client's thread.
class DownloadFlow : public QObject
{
    Q_OBJECT

public:
    DownloadFlow(Transport &transport, const Request &request, const QString &id,
                 const QString &path, QObject *owner);

    Reply<qint64> *reply() const { return m_reply; }

private:
    void onDownloaded();
    void compareWithStat();
    void onStat(const Result<Response> &answer);
    void fail(Error error);

    Transport &m_transport;
    QString m_id;
    QString m_path;
    Reply<qint64> *m_reply;
    Exchange *m_exchange;
    Response m_response;
};

}  // namespace voidrun
