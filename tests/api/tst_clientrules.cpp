// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QScopeGuard>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include "api/client.h"
#include "api/transport.h"
#include "support/httpway.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;

namespace
{

const QString sandboxId = u"0123456789abcdef01234567"_s;

QByteArray sandboxOn(const QByteArray &node)
{
    return R"({"data":{"id":")" + sandboxId.toLatin1() +
           R"(","name":"one","status":"running","nodeId":")" + node + "\"}}";
}

ConnectionProfile profileFor(const QUrl &base)
{
    ConnectionProfile profile;
    profile.baseUrl = base;
    profile.apiKey = u"vr_secret_0123"_s;
    return profile;
}

}  // namespace

// What the client does by rules of its own: the product's limits, nodes, and what it never believes
// or repeats of a server.
class ClientRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void limitsOfTheProduct();
    void callsOfASandboxGoToItsNode();
    void nodeThatDoesNotResolveIsNotTriedAgain();
    void uploadIsNotStoredBeforeItWasSent();
    void keyIsNotRepeated();
};

// The figures that are promised; everything else in these tests uses shorter ones.
void ClientRulesTest::limitsOfTheProduct()
{
    const TransportOptions calls;
    QCOMPARE(calls.connectTimeout, 10s);
    QCOMPARE(calls.idleTimeout, 30s);
    QCOMPARE(calls.retryMin, 500ms);
    QCOMPARE(calls.retryMax, 30s);
    QCOMPARE(calls.retryAfterMax, 5min);
    QCOMPARE(calls.maxRetries, 5);
    QCOMPARE(calls.maxJsonBytes, 64LL * 1024 * 1024);
    QCOMPARE(calls.maxHeaderBytes, 64LL * 1024);
    QCOMPARE(calls.threadedDecodeBytes, 1024LL * 1024);
    const StreamOptions streams;
    QCOMPARE(streams.connectTimeout, 10s);
    QCOMPARE(streams.pingInterval, 15s);
    QCOMPARE(streams.deadAfter, 45s);
    QCOMPARE(streams.retryMin, 500ms);
    QCOMPARE(streams.retryMax, 30s);
}

// Seen from a proxy, so that names which do not exist can be asked for.
void ClientRulesTest::callsOfASandboxGoToItsNode()
{
    ScriptedServer proxy;
    proxy.setReplies({ScriptedReply::json(200, sandboxOn("n1"))});
    qputenv("http_proxy", QByteArray("http://127.0.0.1:" + QByteArray::number(proxy.port())));
    const auto restore = qScopeGuard([] { qunsetenv("http_proxy"); });
    ConnectionProfile profile = profileFor(QUrl(u"http://fleet.invalid/api"_s));
    profile.pinNodes = true;
    Client client(profile, productOptions());
    const QByteArray path = "/api/sandboxes/" + sandboxId.toLatin1();
    QVERIFY(answerOf(client.sandbox(sandboxId)));  // tells the node
    QVERIFY(answerOf(client.sandbox(sandboxId)));
    (void)answerOf(client.exec(sandboxId, {.command = u"true"_s}));
    (void)answerOf(client.listSandboxes());
    (void)answerOf(client.createSandbox({}));
    (void)answerOf(client.me());
    QByteArrayList asked;
    for (const SeenRequest &seen : proxy.requests())
        asked.append(seen.target.split('?').first());
    QCOMPARE(asked,
             (QByteArrayList{
                 "http://fleet.invalid" + path, "http://n1-fleet.invalid" + path,
                 "http://n1-fleet.invalid" + path + "/exec", "http://fleet.invalid/api/sandboxes",
                 "http://fleet.invalid/api/sandboxes", "http://fleet.invalid/api/users/me"}));
}

void ClientRulesTest::nodeThatDoesNotResolveIsNotTriedAgain()
{
    const QUrl base(u"http://fleet.invalid/api"_s);
    ConnectionProfile profile = profileFor(base);
    profile.pinNodes = true;
    Transport transport(profile, {});
    QCOMPARE(transport.baseFor(sandboxId), base);
    transport.rememberNode(sandboxId, u"n1"_s);
    QCOMPARE(transport.baseFor(sandboxId), QUrl(u"http://n1-fleet.invalid/api"_s));
    QVERIFY(transport.unpin(sandboxId));
    QCOMPARE(transport.baseFor(sandboxId), base);
    QVERIFY(!transport.unpin(sandboxId));
    transport.rememberNode(sandboxId, u"n1"_s);  // as every answer says
    QCOMPARE(transport.baseFor(sandboxId), base);
}

// Also where the connection itself would not mind.
void ClientRulesTest::uploadIsNotStoredBeforeItWasSent()
{
    QTcpServer server;  // answers at once, and takes no more
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        socket->setReadBufferSize(1024);
        connect(
            socket, &QTcpSocket::readyRead, socket,
            [socket] { socket->write(ScriptedReply::json(200, R"({"success":true})").bytes); },
            Qt::SingleShotConnection);
    });
    TransportOptions options = productOptions();
    options.idleTimeout = 1s;
    options.retryMin = 1ms;
    options.retryMax = 5ms;
    Client client(profileFor(QUrl(u"http://127.0.0.1:%1/api"_s.arg(server.serverPort()))), options);
    QByteArray bytes(64 * 1024 * 1024, 'x');  // more than waits in sockets
    QBuffer source(&bytes);
    QVERIFY(source.open(QIODevice::ReadOnly));
    const auto result = answerOf(client.upload(sandboxId, u"/tmp/big"_s, &source));
    QVERIFY(!result);
    // Qt's way waits until the server takes more, or for too long.
    const Kind kind = result.error().kind;
    QVERIFY(kind == Kind::ConnectionLost || kind == Kind::Timeout);
}

void ClientRulesTest::keyIsNotRepeated()
{
    ScriptedServer server;
    Client client(profileFor(server.baseUrl()), productOptions());
    for (const ScriptedReply &reply :
         {ScriptedReply::json(401,
                              R"({"error":"bad key vr_secret_0123","details":"vr_secret_0123"})"),
          ScriptedReply::with(400, "text/plain", "vr_secret_0123 is wrong")}) {
        server.setReplies({reply});
        const auto result = answerOf(client.images());
        QVERIFY(!result);
        const Error &error = result.error();
        QVERIFY(!error.code.isEmpty());
        for (const QString &text : {error.code, error.detail, error.subject})
            QVERIFY2(!text.contains("secret"_L1), problemOf(result).constData());
    }
}

QTEST_GUILESS_MAIN(ClientRulesTest)
#include "tst_clientrules.moc"
