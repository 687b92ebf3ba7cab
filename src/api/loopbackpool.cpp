// SPDX-License-Identifier: MIT
#include "loopbackpool.h"

#include <QPointer>

#include <algorithm>

namespace voidrun
{

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace
{

constexpr auto idleTime = 15s;  // well below the time after which servers close
constexpr qsizetype pieceSize = 256LL * 1024;

}  // namespace

LoopbackPool::LoopbackPool(QObject *parent) : QObject(parent)
{
    m_sweep.setInterval(idleTime / 3);
    connect(&m_sweep, &QTimer::timeout, this, &LoopbackPool::dropOld);
}

LoopbackPool::~LoopbackPool() = default;

LoopbackPool::Connections &LoopbackPool::connectionsTo(const LoopbackServer &server)
{
    return m_servers[{server.host, server.port}];
}

std::span<char> LoopbackPool::piece()
{
    if (m_piece.isEmpty())
        m_piece = QByteArray(pieceSize, Qt::Uninitialized);
    return {m_piece.data(), static_cast<size_t>(m_piece.size())};
}

void LoopbackPool::ask(const QObject *who, const LoopbackServer &server, int most, Kind kind,
                       const Take &take)
{
    connectionsTo(server).waiting.push_back({who, most, kind, take});
    serve(server);
}

void LoopbackPool::forget(const QObject *who, const LoopbackServer &server)
{
    std::erase_if(connectionsTo(server).waiting,
                  [who](const Waiting &waiting) { return waiting.who == who; });
}

void LoopbackPool::giveBack(const LoopbackServer &server, std::unique_ptr<LoopbackSocket> socket)
{
    Connections &connections = connectionsTo(server);
    --connections.busy;
    if (socket) {
        socket->setReading(true);
        connect(socket.get(), &LoopbackSocket::readable, this,
                [this, &connections, socket = socket.get()] { drop(connections, socket); });
        connections.idle.push_back({std::move(socket), steady_clock::now() + idleTime});
        if (!m_sweep.isActive())
            m_sweep.start();
        serve(server);
        return;
    }
    // A call that was cancelled may be one of many that are: none of them is sent before its turn.
    QMetaObject::invokeMethod(this, [this, server] { serve(server); }, Qt::QueuedConnection);
}

void LoopbackPool::serve(const LoopbackServer &server)
{
    const QPointer<LoopbackPool> self(this);
    Connections &connections = connectionsTo(server);
    while (self && !connections.waiting.empty() &&
           connections.busy < connections.waiting.front().most) {
        const Waiting next = std::move(connections.waiting.front());
        connections.waiting.pop_front();
        ++connections.busy;
        auto socket = next.kind == Kind::Any ? lastIdle(connections) : nullptr;
        next.take(socket ? std::move(socket) : std::make_unique<LoopbackSocket>(server));
    }
}

std::unique_ptr<LoopbackSocket> LoopbackPool::lastIdle(Connections &connections)
{
    while (!connections.idle.empty()) {
        auto socket = std::move(connections.idle.back().socket);
        connections.idle.pop_back();
        socket->disconnect(this);
        if (socket->isQuiet())
            return socket;
    }
    return nullptr;
}

// It was closed, or something came that nobody asked for.
void LoopbackPool::drop(Connections &connections, const LoopbackSocket *socket)
{
    std::erase_if(connections.idle,
                  [socket](const Idle &idle) { return idle.socket.get() == socket; });
}

void LoopbackPool::dropOld()
{
    const auto now = steady_clock::now();
    bool anyLeft = false;
    for (auto &[server, connections] : m_servers) {
        std::erase_if(connections.idle, [now](const Idle &idle) { return idle.until <= now; });
        anyLeft = anyLeft || !connections.idle.empty();
    }
    if (!anyLeft)
        m_sweep.stop();
}

}  // namespace voidrun
