// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QNetworkAccessManager>
#include <QObject>
#include <QSet>

#include <array>
#include <memory>

#include "options.h"
#include "profile.h"
#include "request.h"

namespace voidrun
{

class Exchange;

// HTTP for one connection profile: base URL, key, node pinning, proxy. Internal to the library;
// lives in the thread of its Client. Each lane of requests has connections of its own, so that
// small calls never wait behind transfers or behind calls that take their time.
class Transport : public QObject
{
    Q_OBJECT

public:
    Transport(const ConnectionProfile &profile, const TransportOptions &options,
              QObject *parent = nullptr);

    const ConnectionProfile &profile() const { return m_profile; }
    const TransportOptions &options() const { return m_options; }
    QNetworkAccessManager &network(Request::Lane lane);

    // Starts on the next turn of the event loop. The exchange deletes itself after finished().
    Exchange *send(const Request &request);

    // Why nothing can be sent at all: no base URL, no key, a bad key.
    Result<QByteArray> checkedKey() const;

    // The base for calls to this sandbox, pinned to its node where that applies.
    QUrl baseFor(const QString &sandboxId) const;
    // http(s) for calls, ws(s) for streams.
    QUrl urlFor(const Request &request) const;
    void rememberNode(const QString &sandboxId, const QString &nodeId);
    // The node of this sandbox does not resolve: its calls use the fleet's host from now on. False
    // when they did already.
    bool unpin(const QString &sandboxId);

    // Told by each exchange: the server answered, or was not reached at all.
    void noteReachable(bool reachable);
    bool isReachable() const { return m_reachable; }

Q_SIGNALS:
    void reachableChanged(bool reachable);

private:
    ConnectionProfile m_profile;
    TransportOptions m_options;
    std::array<std::unique_ptr<QNetworkAccessManager>, 3> m_networks;  // by lane, made when needed
    QHash<QString, QString> m_nodes;                                   // by sandbox
    QSet<QString> m_unreachableNodes;
    bool m_reachable = true;
};

}  // namespace voidrun
