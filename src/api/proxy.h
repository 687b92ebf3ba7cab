// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QNetworkProxy>

namespace voidrun
{

// True for names and addresses that never leave this computer.
bool isLoopbackHost(const QString &host);

// The system's proxies, except for loopback, which is always reached directly.
QList<QNetworkProxy> proxiesFor(const QNetworkProxyQuery &query);

}  // namespace voidrun
