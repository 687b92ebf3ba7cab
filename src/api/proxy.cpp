// SPDX-License-Identifier: MIT
#include "proxy.h"

#include <QHostAddress>

namespace voidrun
{

using namespace Qt::StringLiterals;

bool isLoopbackHost(const QString &host)
{
    return host == "localhost"_L1 || host.endsWith(".localhost"_L1) ||
           QHostAddress(host).isLoopback();
}

QList<QNetworkProxy> proxiesFor(const QNetworkProxyQuery &query)
{
    if (isLoopbackHost(query.peerHostName()))
        return {QNetworkProxy(QNetworkProxy::NoProxy)};
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::systemProxyForQuery(query);
    return proxies.isEmpty() ? QList{QNetworkProxy(QNetworkProxy::NoProxy)} : proxies;
}

QNetworkProxy proxyForSocket(QUrl url)
{
    url.setScheme(url.scheme() == "wss"_L1 ? u"https"_s : u"http"_s);
    return proxiesFor(QNetworkProxyQuery(url)).constFirst();
}

}  // namespace voidrun
