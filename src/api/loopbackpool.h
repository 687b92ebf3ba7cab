// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "loopbacksocket.h"

namespace voidrun
{

// The connections of one lane: calls take them in the order in which they asked, at most so many at
// a time for each server. What comes back stays open for a while, until the server closes it or
// says something unasked. Lives in the thread of its owner.
class LoopbackPool : public QObject
{
    Q_OBJECT

public:
    // Connected already, or about to be told to.
    using Take = std::function<void(std::unique_ptr<LoopbackSocket> socket)>;
    enum class Kind { Any, New };

    explicit LoopbackPool(QObject *parent);
    ~LoopbackPool() override;

    // `take` is called once, at once or when fewer than `most` connections are busy, unless `who`
    // is told to be forgotten before.
    void ask(const QObject *who, const LoopbackServer &server, int most, Kind kind,
             const Take &take);
    void forget(const QObject *who, const LoopbackServer &server);
    // Each connection that was taken comes back here; null where it is of no more use.
    void giveBack(const LoopbackServer &server, std::unique_ptr<LoopbackSocket> socket);

    // Memory for one read, of whoever is in its turn.
    std::span<char> piece();

private:
    struct Idle {
        std::unique_ptr<LoopbackSocket> socket;
        std::chrono::steady_clock::time_point until;
    };
    struct Waiting {
        const QObject *who;
        int most;
        Kind kind;
        Take take;
    };
    struct Connections {
        int busy = 0;
        std::vector<Idle> idle;  // the one that was used last at the end
        std::deque<Waiting> waiting;
    };

    Connections &connectionsTo(const LoopbackServer &server);
    void serve(const LoopbackServer &server);
    std::unique_ptr<LoopbackSocket> lastIdle(Connections &connections);
    void drop(Connections &connections, const LoopbackSocket *socket);
    void dropOld();

    std::map<std::pair<QString, quint16>, Connections> m_servers;  // by host and port
    QTimer m_sweep;
    QByteArray m_piece;
};

}  // namespace voidrun
