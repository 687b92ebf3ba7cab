// SPDX-License-Identifier: MIT
#pragma once

#include <QNetworkAccessManager>

namespace voidrun
{

class LoopbackPool;

// Sends what goes to a server of this computer by plain HTTP itself, several times as fast as
// QNetworkAccessManager, which passes each piece through a thread of its own; no proxy, cipher or
// HTTP/2 applies there. Everything else is left to Qt.
class LoopbackNetwork : public QNetworkAccessManager
{
    Q_OBJECT

public:
    // `headLimit`: bytes of the head of an answer.
    explicit LoopbackNetwork(qint64 headLimit);

protected:
    QNetworkReply *createRequest(Operation operation, const QNetworkRequest &request,
                                 QIODevice *body) override;

private:
    const qint64 m_headLimit;
    LoopbackPool *m_pool;
};

}  // namespace voidrun
