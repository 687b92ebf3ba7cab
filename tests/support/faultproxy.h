// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QTcpServer>
#include <QUrl>

#include <chrono>
#include <functional>

class QRandomGenerator;

namespace voidrun::test
{

// What is wrong with one connection.
struct FaultPlan {
    enum class End { None, Fin, Rst, Stall };
    // What becomes of the first answer of the connection.
    enum class Answer { AsItIs, LongerLength, Gzip, Html, Redirect, Unavailable, Overloaded };

    std::chrono::milliseconds latency{0};  // before each piece
    int bandwidth = 0;                     // bytes a second in each direction; 0 = no limit
    Answer answer = Answer::AsItIs;
    qsizetype slice = 0;     // bytes a piece of what is counted; 0 = as they come
    End end = End::None;     // Stall: nothing more passes, in either direction
    bool fromServer = true;  // whose bytes are counted
    qint64 after = 0;        // so many bytes pass

    // Half of all connections end badly; cuts are early more often than late.
    static FaultPlan random(QRandomGenerator &random);
    // Of HTTP calls, whose answers are changed as well, one of four.
    static FaultPlan randomForCalls(QRandomGenerator &random);
    QString text() const;
};

// A TCP proxy on loopback in front of a server that treats each connection by a plan. What waits in
// it is bounded. Lives in the test's thread.
class FaultProxy : public QObject
{
    Q_OBJECT

public:
    using Planner = std::function<FaultPlan(int connection)>;  // counts from 0

    FaultProxy(quint16 targetPort, const Planner &planner, QObject *parent = nullptr);

    // `url` with this proxy's port.
    QUrl through(QUrl url) const;
    int connections() const { return m_connections; }

private:
    void onConnection();

    QTcpServer m_server;
    quint16 m_targetPort;
    Planner m_planner;
    int m_connections = 0;
};

}  // namespace voidrun::test
