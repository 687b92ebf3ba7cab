// SPDX-License-Identifier: MIT
#include "transport.h"

#include <QNetworkProxy>

#include "exchange.h"
#include "loopbacknetwork.h"
#include "nodepinning.h"
#include "proxy.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

class ProxyFactory : public QNetworkProxyFactory
{
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        return proxiesFor(query);
    }
};

}  // namespace

Transport::Transport(const ConnectionProfile &profile, const TransportOptions &options,
                     QObject *parent)
    : QObject(parent), m_profile(profile), m_options(options)
{
}

QNetworkAccessManager &Transport::network(Request::Lane lane)
{
    auto &network = m_networks.at(static_cast<size_t>(lane));
    if (!network) {
        if (m_options.ownHttp)
            network = std::make_unique<LoopbackNetwork>(m_options.maxHeaderBytes);
        else
            network = std::make_unique<QNetworkAccessManager>();
        network->setProxyFactory(new ProxyFactory);  // owned by the manager
        network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
        network->setAutoDeleteReplies(false);
    }
    return *network;
}

void Transport::noteReachable(bool reachable)
{
    if (m_reachable == reachable)
        return;
    m_reachable = reachable;
    // Not from inside an exchange, which a slot might delete.
    QMetaObject::invokeMethod(
        this, [this, reachable] { Q_EMIT reachableChanged(reachable); }, Qt::QueuedConnection);
}

Exchange *Transport::send(const Request &request)
{
    auto *exchange = new Exchange(*this, request);
    exchange->start();
    return exchange;
}

Result<QByteArray> Transport::checkedKey() const
{
    if (m_profile.baseUrl.isEmpty())
        return std::unexpected(
            makeError(Error::Kind::MissingBaseUrl, u"the base URL was cleared"_s));
    return ConnectionProfile::parseApiKey(m_profile.apiKey).transform([](const QString &key) {
        return key.toLatin1();
    });
}

QUrl Transport::baseFor(const QString &sandboxId) const
{
    const QString node = m_nodes.value(sandboxId);
    if (sandboxId.isEmpty() || node.isEmpty() || m_unreachableNodes.contains(node))
        return m_profile.baseUrl;
    return pinnedBaseUrl(m_profile.baseUrl, node, m_profile.pinNodes);
}

QUrl Transport::urlFor(const Request &request) const
{
    QByteArray base = baseFor(request.sandboxId).toEncoded(QUrl::FullyEncoded);
    while (base.endsWith('/'))
        base.chop(1);
    base += request.encodedTarget();
    return QUrl::fromEncoded(base, QUrl::StrictMode);
}

void Transport::rememberNode(const QString &sandboxId, const QString &nodeId)
{
    if (nodeId.isEmpty())
        m_nodes.remove(sandboxId);
    else
        m_nodes.insert(sandboxId, nodeId);
}

bool Transport::unpin(const QString &sandboxId)
{
    if (baseFor(sandboxId) == m_profile.baseUrl)
        return false;
    m_unreachableNodes.insert(m_nodes.value(sandboxId));
    return true;
}

}  // namespace voidrun
