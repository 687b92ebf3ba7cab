// SPDX-License-Identifier: MIT
#include "loopbacknetwork.h"

#include "loopbackpool.h"
#include "loopbackreply.h"

namespace voidrun
{

namespace
{

QByteArray verbOf(QNetworkAccessManager::Operation operation, const QNetworkRequest &request)
{
    switch (operation) {
        case QNetworkAccessManager::GetOperation:
            return QByteArrayLiteral("GET");
        case QNetworkAccessManager::DeleteOperation:
            return QByteArrayLiteral("DELETE");
        case QNetworkAccessManager::CustomOperation:
            return request.attribute(QNetworkRequest::CustomVerbAttribute).toByteArray();
        default:
            return {};
    }
}

}  // namespace

LoopbackNetwork::LoopbackNetwork(qint64 headLimit)
    : m_headLimit(headLimit), m_pool(new LoopbackPool(this))
{
}

QNetworkReply *LoopbackNetwork::createRequest(Operation operation, const QNetworkRequest &request,
                                              QIODevice *body)
{
    const auto server = LoopbackServer::of(request.url());
    const QByteArray verb = verbOf(operation, request);
    bool isSized = body == nullptr;
    const qint64 size =
        body ? request.header(QNetworkRequest::ContentLengthHeader).toLongLong(&isSized) : 0;
    if (!server || verb.isEmpty() || !isSized)
        return QNetworkAccessManager::createRequest(operation, request, body);
    const QByteArray head =
        RequestSender::headOf(verb, request, server->hostHeader()).value_or(QByteArray());
    return new LoopbackReply(*m_pool, *server, {request, operation, head, body, size, m_headLimit},
                             this);
}

}  // namespace voidrun
