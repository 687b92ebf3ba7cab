// SPDX-License-Identifier: MIT
#include <QElapsedTimer>
#include <QPointer>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include "api/client.h"
#include "api/watchstream.h"
#include "support/cuttingproxy.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"
#include "support/upgradefront.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;
using State = WatchStream::State;
using Type = WatchEvent::Type;

namespace
{

const QString id = u"0123456789abcdef01234567"_s;

StreamOptions quick()
{
    StreamOptions options;
    options.connectTimeout = 3s;
    options.openTimeout = 3s;
    options.retryMin = 10ms;
    options.retryMax = 40ms;
    return options;
}

// Makes watches, and tells their changes.
class WatchServer : public QObject
{
public:
    WatchServer() : m_sockets(u"watch"_s, QWebSocketServer::NonSecureMode)
    {
        connect(&m_sockets, &QWebSocketServer::newConnection, this, [this] {
            client = m_sockets.nextPendingConnection();
            client->setParent(this);
            addresses.append(client->requestUrl().path());
        });
        if (!m_sockets.listen(QHostAddress::LocalHost))
            qFatal("the watch server cannot listen");
        m_front = std::make_unique<UpgradeFront>(http.port(), m_sockets.serverPort());
        http.setHandler([this](const SeenRequest &request) {
            if (request.method == "GET")
                return ScriptedReply::json(sandboxStatus, sandbox);
            ++sessions;
            return ScriptedReply::json(createStatus,
                                       R"({"status":"success","data":{"sessionId":"w)" +
                                           QByteArray::number(sessions) + R"("}})");
        });
    }

    ConnectionProfile profile() const
    {
        ConnectionProfile profile;
        profile.baseUrl = QUrl(u"http://127.0.0.1:%1/api"_s.arg(m_front->port()));
        profile.apiKey = u"vr_secret"_s;
        return profile;
    }
    bool isAttached() const { return client && client->isValid(); }
    void cut() { client->abort(); }
    void tell(const QByteArray &json) { client->sendTextMessage(QString::fromUtf8(json)); }

    ScriptedServer http;
    QPointer<QWebSocket> client;
    QStringList addresses;
    int sessions = 0;
    int createStatus = 200;
    int sandboxStatus = 200;
    QByteArray sandbox =
        R"({"data":{"id":"0123456789abcdef01234567","name":"n","status":"running"}})";

private:
    QWebSocketServer m_sockets;
    std::unique_ptr<UpgradeFront> m_front;
};

struct Watcher {
    explicit Watcher(Client &client, const StreamOptions &options = quick())
        : stream(client.watch(id, {.path = u"/app"_s}, options))
    {
        QObject::connect(stream.get(), &WatchStream::changed, stream.get(),
                         [this](const WatchEvent &event) { events.append(event); });
        QObject::connect(stream.get(), &WatchStream::finished, stream.get(),
                         [this](const Error &error) { ends.append(error); });
    }
    std::unique_ptr<WatchStream> stream;
    QList<WatchEvent> events;
    QList<Error> ends;
};

}  // namespace

// A watch against a scripted server: events, cuts, and when it must not come back.
class WatchStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsChanges();
    void cutBecomesARescan();
    void wakesNoSandbox();
    void outageIsAskedAboutLessAndLess();
    void asksFirstWhereItMayNotWake();
    void firstFailureIsTold();
    void silentPeerIsNoticed();
    void closeEndsOnce();
    void deletedInASlot();
    void deletingTheClientEndsIt();
};

void WatchStreamTest::tellsChanges()
{
    WatchServer server;
    Client client(server.profile());
    Watcher watcher(client);
    QTRY_COMPARE(watcher.stream->state(), State::Live);
    QTRY_VERIFY(server.isAttached());
    QCOMPARE(server.addresses,
             QStringList{"/api/sandboxes/"_L1 + id + "/files/watch/w1/stream"_L1});
    QCOMPARE(server.client->request().rawHeader("X-API-Key"), "vr_secret"_ba);
    server.tell(R"({"type":"created","path":"/app/a","size":3})");
    server.tell(R"({"type":"rename","path":"/app/b","oldPath":"/app/a"})");
    server.tell("nonsense");
    QTRY_COMPARE(watcher.events.size(), 3);
    QCOMPARE(watcher.events[0].type, Type::Created);
    QCOMPARE(watcher.events[0].size, std::optional<qint64>(3));
    QCOMPARE(watcher.events[1].type, Type::Renamed);
    QCOMPARE(watcher.events[1].oldPath, u"/app/a"_s);
    QCOMPARE(watcher.events[2].type, Type::Rescan);
    QVERIFY(watcher.ends.isEmpty());
}

void WatchStreamTest::cutBecomesARescan()
{
    WatchServer server;
    Client client(server.profile());
    Watcher watcher(client);
    for (int round = 1; round <= 3; ++round) {
        QTRY_COMPARE(server.addresses.size(), round);
        QTRY_COMPARE(watcher.stream->state(), State::Live);
        QCOMPARE(watcher.events.size(), round - 1);
        server.cut();
        QTRY_COMPARE(watcher.events.size(), round);
        QCOMPARE(watcher.events.last().type, Type::Rescan);
        QCOMPARE(watcher.events.last().path, u"/app"_s);
    }
    server.tell(R"({"type":"modified","path":"/app/a"})");
    QTRY_COMPARE(watcher.events.last().type, Type::Modified);
}

void WatchStreamTest::wakesNoSandbox()
{
    WatchServer server;
    Client client(server.profile());
    Watcher watcher(client);
    QTRY_VERIFY(server.isAttached());
    QTRY_COMPARE(watcher.stream->state(), State::Live);
    server.sandbox = server.sandbox.replace("running", "snapshotted");
    server.cut();
    QTRY_COMPARE(watcher.ends.size(), 1);
    QCOMPARE(watcher.ends.first().kind, Kind::Unavailable);
    QCOMPARE(server.sessions, 1);
    QCOMPARE(watcher.stream->state(), State::Ended);
}

// Also after a connection that held for long: only what holds again makes the pauses short.
void WatchStreamTest::outageIsAskedAboutLessAndLess()
{
    WatchServer server;
    Client client(server.profile());
    StreamOptions options = quick();
    options.stableAfter = 50ms;
    options.retryMax = 10s;
    Watcher watcher(client, options);
    QTRY_COMPARE(watcher.stream->state(), State::Live);
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(timer.hasExpired(200));
    server.sandboxStatus = 500;
    const qsizetype before = server.http.requests().size();
    server.cut();
    timer.start();
    QTRY_VERIFY(timer.hasExpired(1500));
    const qsizetype asked = server.http.requests().size() - before;
    QVERIFY2(asked >= 2 && asked <= 25, qPrintable(QString::number(asked)));
    QCOMPARE(watcher.stream->state(), State::Reconnecting);
}

// Nobody has asked for this watch just now: it begins only in a sandbox that runs.
void WatchStreamTest::asksFirstWhereItMayNotWake()
{
    WatchServer server;
    Client client(server.profile());
    const auto watch = [&] {
        return client.watch(id, {.path = u"/app"_s, .mayWake = false}, quick());
    };
    const auto running = watch();
    QTRY_COMPARE(running->state(), State::Live);
    QCOMPARE(server.sessions, 1);
    server.sandbox =
        R"({"data":{"id":"0123456789abcdef01234567","name":"n","status":"snapshotted"}})";
    const auto asleep = watch();
    std::optional<Error> end;
    connect(asleep.get(), &WatchStream::finished, this, [&](const Error &error) { end = error; });
    QTRY_VERIFY(end.has_value());
    QCOMPARE(end->kind, Kind::Unavailable);
    QCOMPARE(end->httpStatus, 0);
    QCOMPARE(server.sessions, 1);
}

void WatchStreamTest::firstFailureIsTold()
{
    WatchServer server;
    server.createStatus = 500;
    Client client(server.profile());
    Watcher watcher(client);
    QTRY_COMPARE(watcher.ends.size(), 1);
    QCOMPARE(watcher.ends.first().kind, Kind::Server);
    QCOMPARE(server.sessions, 1);
    Watcher relative(client);
    relative.stream = client.watch(id, {.path = u"app"_s});
    Error told;
    connect(relative.stream.get(), &WatchStream::finished, this,
            [&told](const Error &error) { told = error; });
    QTRY_COMPARE(told.kind, Kind::InvalidInput);
}

void WatchStreamTest::silentPeerIsNoticed()
{
    WatchServer server;
    CuttingProxy proxy(static_cast<quint16>(server.profile().baseUrl.port()));
    ConnectionProfile profile = server.profile();
    profile.baseUrl = proxy.through(profile.baseUrl);
    Client client(profile);
    StreamOptions options = quick();
    options.pingInterval = 50ms;
    options.deadAfter = 300ms;
    Watcher watcher(client, options);
    QTRY_COMPARE(watcher.stream->state(), State::Live);
    proxy.setSilent(true);
    QTRY_COMPARE(watcher.stream->state(), State::Reconnecting);
    proxy.setSilent(false);
    proxy.cutNow();
    QTRY_COMPARE_WITH_TIMEOUT(watcher.stream->state(), State::Live, 10000);
    QTRY_COMPARE(watcher.events.size(), 1);
    QCOMPARE(watcher.events.first().type, Type::Rescan);
}

void WatchStreamTest::closeEndsOnce()
{
    WatchServer server;
    Client client(server.profile());
    Watcher watcher(client);
    QTRY_VERIFY(server.isAttached());
    watcher.stream->close();
    watcher.stream->close();
    QVERIFY(watcher.ends.isEmpty());
    QTRY_COMPARE(watcher.ends.size(), 1);
    QCOMPARE(watcher.ends.first().kind, Kind::Cancelled);
    QTRY_VERIFY(!server.isAttached());
}

void WatchStreamTest::deletedInASlot()
{
    WatchServer server;
    Client client(server.profile());
    Watcher watcher(client);
    QTRY_VERIFY(server.isAttached());
    connect(watcher.stream.get(), &WatchStream::changed, this, [&] { watcher.stream.reset(); });
    server.tell(R"({"type":"created","path":"/app/a"})");
    QTRY_VERIFY(!watcher.stream);
    QTRY_VERIFY(!server.isAttached());
}

void WatchStreamTest::deletingTheClientEndsIt()
{
    WatchServer server;
    auto client = std::make_unique<Client>(server.profile());
    Watcher watcher(*client);
    QTRY_VERIFY(server.isAttached());
    client.reset();
    QTRY_COMPARE(watcher.ends.size(), 1);
    QCOMPARE(watcher.ends.first().kind, Kind::Cancelled);
}

QTEST_GUILESS_MAIN(WatchStreamTest)
#include "tst_watchstream.moc"
