// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QNetworkProxy>
#include <QUrl>

namespace voidrun
{

// True for names and addresses that never leave this computer.
bool isLoopbackHost(const QString &host);

// The system's proxies, except for loopback, which is always reached directly.
QList<QNetworkProxy> proxiesFor(const QNetworkProxyQuery &query);
// A WebSocket goes the way of a web page of its server: systems know no proxies for ws and wss.
QNetworkProxy proxyForSocket(QUrl url);

}  // namespace voidrun
