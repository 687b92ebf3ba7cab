// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <memory>

#include "api/loopbacknetwork.h"
#include "api/loopbackreply.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Code = QNetworkReply::NetworkError;
using End = ScriptedReply::End;

namespace
{

constexpr qint64 headLimit = 64LL * 1024;
constexpr int most = 6;  // connections to a server, as in Qt

ScriptedReply answer(const QByteArray &body, const QByteArray &headers = {})
{
    return ScriptedReply::json(200, body, headers);
}

}  // namespace

// Connections to a server of this computer: how many, when they are used again, and what becomes of
// a call whose connection was closed.
class LoopbackReplyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void whoIsLoopback_data();
    void whoIsLoopback();
    void sendsWhatItWasGiven();
    void findsAServerOfIPv6_data();
    void findsAServerOfIPv6();
    void oneConnectionForCallsInTurn();
    void sixConnectionsForCallsAtOnce();
    void closedConnectionIsNotUsedAgain();
    void unaskedBytesAreNoAnswer();
    void callOnADyingConnection_data();
    void callOnADyingConnection();
    void callThatWaitsIsNotSentOnceCancelled();
    void requestIsNeverTwo();
    void nothingIsStoredBeforeItCame();
    void bigUploadComesWhole();
    void unreadBytesStayWithTheServer();
    void networkMayGoInAnySlot_data();
    void networkMayGoInAnySlot();

private:
    QNetworkReply *get(const QByteArray &target = "/x")
    {
        return m_network->get(QNetworkRequest(urlOf(target)));
    }
    QNetworkReply *post(QIODevice *body)
    {
        QNetworkRequest request(urlOf("/up"));
        request.setHeader(QNetworkRequest::ContentLengthHeader, body->size());
        return m_network->sendCustomRequest(request, "POST", body);
    }
    QUrl urlOf(const QByteArray &target) const
    {
        const QByteArray server = "http://127.0.0.1:" + QByteArray::number(m_server->port());
        return QUrl::fromEncoded(QByteArray(server + target));
    }

    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<LoopbackNetwork> m_network;
};

// The body of the answer, once it has ended without an error.
#define VERIFY_BODY(call, expected)                                                \
    do {                                                                           \
        QNetworkReply *const done = (call);                                        \
        QTRY_VERIFY(done->isFinished());                                           \
        QVERIFY2(done->error() == Code::NoError, qPrintable(done->errorString())); \
        QCOMPARE(done->readAll(), QByteArray(expected));                           \
    } while (false)

void LoopbackReplyTest::init()
{
    m_server = std::make_unique<ScriptedServer>();
    m_network = std::make_unique<LoopbackNetwork>(headLimit);
}

void LoopbackReplyTest::cleanup()
{
    m_network.reset();
    m_server.reset();
}

void LoopbackReplyTest::whoIsLoopback_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("address") << u"http://127.0.0.1:8080/api"_s << "127.0.0.1:8080"_ba;
    QTest::newRow("another address") << u"http://127.9.8.7/"_s << "127.9.8.7"_ba;
    QTest::newRow("IPv6") << u"http://[::1]:81/"_s << "[::1]:81"_ba;
    QTest::newRow("name") << u"http://LocalHost:80/"_s << "localhost"_ba;
    QTest::newRow("https") << u"https://127.0.0.1/"_s << ""_ba;
    QTest::newRow("name below it") << u"http://a.localhost/"_s << ""_ba;
    QTest::newRow("name like it") << u"http://localhost.example/"_s << ""_ba;
    QTest::newRow("name like an address") << u"http://127.0.0.1.example/"_s << ""_ba;
    QTest::newRow("any address") << u"http://0.0.0.0/"_s << ""_ba;
    QTest::newRow("a neighbour") << u"http://192.168.1.1/"_s << ""_ba;
    QTest::newRow("nowhere") << u"http:/path"_s << ""_ba;
}

void LoopbackReplyTest::whoIsLoopback()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, header);
    const auto server = LoopbackServer::of(QUrl(url));
    QCOMPARE(server.has_value(), !header.isEmpty());
    if (!server)
        return;
    QCOMPARE(server->hostHeader(), header);
    for (const QHostAddress &address : server->addresses)
        QVERIFY(address.isLoopback());
}

void LoopbackReplyTest::sendsWhatItWasGiven()
{
    m_server->setReplies({answer("hello")});
    QNetworkRequest request(urlOf("/a%2Fb?c=%20d"));
    request.setRawHeader("X-API-Key", "vr_secret");
    QNetworkReply *reply = m_network->get(request);
    VERIFY_BODY(reply, "hello");
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
    QCOMPARE(reply->rawHeader("content-type"), "application/json"_ba);
    const SeenRequest &seen = m_server->requests().first();
    QCOMPARE(seen.method + ' ' + seen.target, "GET /a%2Fb?c=%20d"_ba);
    QCOMPARE(seen.header("host"), "127.0.0.1:" + QByteArray::number(m_server->port()));
    QCOMPARE(seen.header("x-api-key"), "vr_secret"_ba);
    QCOMPARE(seen.headers.size(), 2);
}

void LoopbackReplyTest::findsAServerOfIPv6_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("by its address") << "[::1]"_ba;
    QTest::newRow("by name, after nobody answered at 127.0.0.1") << "localhost"_ba;
}

void LoopbackReplyTest::findsAServerOfIPv6()
{
    QFETCH(QByteArray, host);
    ScriptedServer server{QHostAddress(QHostAddress::LocalHostIPv6)};
    server.setReplies({answer("hello")});
    const QByteArray authority = host + ':' + QByteArray::number(server.port());
    const QUrl url = QUrl::fromEncoded(QByteArray("http://" + authority + "/x"));
    for (int i = 0; i < 2; ++i)
        VERIFY_BODY(m_network->get(QNetworkRequest(url)), "hello");
    QCOMPARE(server.requests().first().header("host"), authority);
    QCOMPARE(server.connections(), 1);
}

void LoopbackReplyTest::oneConnectionForCallsInTurn()
{
    m_server->setReplies({answer("hello")});
    for (int i = 0; i < 20; ++i)
        VERIFY_BODY(get(), "hello");
    QCOMPARE(m_server->connections(), 1);
}

void LoopbackReplyTest::sixConnectionsForCallsAtOnce()
{
    ScriptedReply slow = answer("hello");
    slow.delay = 20ms;
    m_server->setReplies({slow});
    QList<QNetworkReply *> replies;
    for (int i = 0; i < 5 * most; ++i)
        replies.append(get("/" + QByteArray::number(i)));
    for (QNetworkReply *reply : replies)
        VERIFY_BODY(reply, "hello");
    QCOMPARE(m_server->connections(), most);
    // In their order.
    for (int i = 0; i < most; ++i)
        QVERIFY(m_server->requests()[i].target.sliced(1).toInt() < most);
}

void LoopbackReplyTest::closedConnectionIsNotUsedAgain()
{
    ScriptedReply last = answer("hello");
    last.end = End::Fin;
    m_server->setReplies({last, answer("a", "Connection: close\r\n"), answer("b")});
    VERIFY_BODY(get(), "hello");
    VERIFY_BODY(get(), "a");
    QBuffer body;
    body.setData("x");
    QVERIFY(body.open(QIODevice::ReadOnly));
    VERIFY_BODY(post(&body), "b");
    QCOMPARE(m_server->connections(), 3);
}

void LoopbackReplyTest::unaskedBytesAreNoAnswer()
{
    ScriptedReply two = answer("first");
    two.bytes += answer("smuggled").bytes;
    ScriptedReply later = answer("second");
    later.bytes += answer("smuggled").bytes;
    later.slice = later.bytes.indexOf("second") + 6;  // the rest comes after the answer was told
    m_server->setReplies({two, later, answer("third"), answer("fourth")});
    VERIFY_BODY(get(), "first");
    VERIFY_BODY(get(), "second");
    VERIFY_BODY(get(), "third");
    VERIFY_BODY(get(), "fourth");
}

void LoopbackReplyTest::callOnADyingConnection_data()
{
    QTest::addColumn<bool>("kept");  // the connection has carried a call before
    QTest::addColumn<bool>("isPost");
    QTest::addColumn<QByteArray>("before");  // what comes before the end
    QTest::addColumn<bool>("passes");
    for (const bool kept : {false, true}) {
        const char *name = kept ? "kept" : "new";
        QTest::addRow("%s, get", name) << kept << false << ""_ba << kept;
        QTest::addRow("%s, get, half a head", name) << kept << false << "HTTP/1.1 2"_ba << false;
        QTest::addRow("%s, post", name) << kept << true << ""_ba << false;
    }
}

void LoopbackReplyTest::callOnADyingConnection()
{
    QFETCH(bool, kept);
    QFETCH(bool, isPost);
    QFETCH(QByteArray, before);
    QFETCH(bool, passes);
    for (const End end : {End::Fin, End::Rst}) {
        cleanup();
        init();
        if (kept) {
            m_server->setReplies({answer("hello")});
            VERIFY_BODY(get(), "hello");
        }
        const qsizetype seen = m_server->requests().size();
        m_server->setReplies({ScriptedReply{.bytes = before, .end = end}, answer("again")});
        QBuffer body;
        body.setData("x");
        QVERIFY(body.open(QIODevice::ReadOnly));
        QNetworkReply *reply = isPost ? post(&body) : get();
        if (passes) {
            VERIFY_BODY(reply, "again");
        } else {
            QTRY_VERIFY(reply->isFinished());
            QCOMPARE(reply->error(), Code::RemoteHostClosedError);
        }
        QCOMPARE(m_server->requests().size(), seen + (passes ? 2 : 1));
    }
}

void LoopbackReplyTest::callThatWaitsIsNotSentOnceCancelled()
{
    m_server->setReplies({ScriptedReply{}});
    QList<QNetworkReply *> replies;
    for (int i = 0; i < 3 * most; ++i)
        replies.append(get());
    QTRY_COMPARE(m_server->requests().size(), most);
    for (QNetworkReply *reply : replies) {
        QSignalSpy finished(reply, &QNetworkReply::finished);
        reply->abort();
        QCOMPARE(finished.size(), 1);
        QCOMPARE(reply->error(), Code::OperationCanceledError);
    }
    m_server->setReplies({answer("hello")});
    VERIFY_BODY(get(), "hello");
    QCOMPARE(m_server->requests().size(), most + 1);
}

void LoopbackReplyTest::requestIsNeverTwo()
{
    m_server->setReplies({answer("hello")});
    for (const QByteArray &value : {"a\r\nY: b"_ba, "a\nY: b"_ba, QByteArray("a\0Y: b", 6)}) {
        QNetworkRequest request(urlOf("/x"));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"illegal character"_s));
        request.setRawHeader("X", value);
        QNetworkReply *reply = m_network->get(request);
        QTRY_VERIFY(reply->isFinished());
    }
    for (const SeenRequest &seen : m_server->requests())
        QVERIFY(seen.header("x").isEmpty() && seen.header("y").isEmpty());
    const int before = m_server->connections();
    QNetworkReply *reply =
        m_network->sendCustomRequest(QNetworkRequest(urlOf("/x")), "GET / HTTP/1.1\r\nX:");
    QTRY_VERIFY(reply->isFinished());
    QVERIFY(reply->error() != Code::NoError);
    QCOMPARE(m_server->connections(), before);
}

// A server that says "stored" before it has all of a file cannot have stored it.
void LoopbackReplyTest::nothingIsStoredBeforeItCame()
{
    ScriptedReply early = answer("stored");
    early.afterHead = true;
    m_server->setReplies({early});
    // A body whose last byte never comes.
    class Endless : public QIODevice
    {
    public:
        bool isSequential() const override { return true; }
        qint64 size() const override { return 1'000'000; }
        qint64 readData(char *data, qint64 size) override
        {
            const qint64 count = std::min<qint64>(size, m_left);
            std::fill_n(data, count, 'x');
            m_left -= count;
            return count;
        }
        qint64 writeData(const char *, qint64) override { return -1; }

    private:
        qint64 m_left = 999'999;
    };
    Endless body;
    QVERIFY(body.open(QIODevice::ReadOnly | QIODevice::Unbuffered));
    QNetworkReply *reply = post(&body);
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(reply->error(), Code::RemoteHostClosedError);
}

void LoopbackReplyTest::bigUploadComesWhole()
{
    m_server->setReplies({answer("stored")});
    QByteArray bytes(5'000'001, Qt::Uninitialized);
    for (qsizetype i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 7 + i / 1000);
    QBuffer body(&bytes);
    QVERIFY(body.open(QIODevice::ReadOnly));
    QNetworkReply *reply = post(&body);
    QSignalSpy progress(reply, &QNetworkReply::uploadProgress);
    VERIFY_BODY(reply, "stored");
    QVERIFY(m_server->requests().first().body == bytes);
    QCOMPARE(progress.last().first().toLongLong(), bytes.size());
    qint64 last = 0;
    for (const QVariantList &step : progress) {
        QVERIFY(step[0].toLongLong() >= last && step[1].toLongLong() == bytes.size());
        last = step[0].toLongLong();
    }
}

void LoopbackReplyTest::unreadBytesStayWithTheServer()
{
    constexpr qint64 buffer = 64LL * 1024;
    const QByteArray bytes(40'000'000, 'x');
    m_server->setReplies({answer(bytes)});
    QNetworkReply *reply = get();
    reply->setReadBufferSize(buffer);
    QTRY_COMPARE(reply->bytesAvailable(), buffer);
    VERIFY_BODY(get("/other"), bytes);  // time enough for more to come
    QCOMPARE(reply->bytesAvailable(), buffer);
    QVERIFY(!reply->isFinished());
    qint64 taken = 0;
    connect(reply, &QNetworkReply::readyRead, reply, [&] { taken += reply->readAll().size(); });
    taken += reply->readAll().size();
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(taken, bytes.size());
}

void LoopbackReplyTest::networkMayGoInAnySlot_data()
{
    QTest::addColumn<int>("which");
    for (int i = 0; i < 7; ++i)
        QTest::addRow("%d", i) << i;
}

void LoopbackReplyTest::networkMayGoInAnySlot()
{
    QFETCH(int, which);
    ScriptedReply cut = ScriptedReply::json(200, "hello");
    if (which == 6)
        cut.cut(cut.bytes.size() - 1, End::Fin);
    cut.slice = which < 4 ? 0 : cut.bytes.size() - 2;
    m_server->setReplies({cut});
    QBuffer body;
    body.setData(QByteArray(100'000, 'x'));
    QVERIFY(body.open(QIODevice::ReadOnly));
    QNetworkReply *reply = post(&body);
    for (int i = 0; i < 2 * most; ++i)
        get();
    const auto go = [this] { m_network.reset(); };
    const std::array<std::function<void()>, 7> plans{
        [&] { connect(reply, &QNetworkReply::socketStartedConnecting, this, go); },
        [&] { connect(reply, &QNetworkReply::uploadProgress, this, go); },
        [&] { connect(reply, &QNetworkReply::requestSent, this, go); },
        [&] { connect(reply, &QNetworkReply::metaDataChanged, this, go); },
        [&] { connect(reply, &QNetworkReply::readyRead, this, go); },
        [&] { connect(reply, &QNetworkReply::finished, this, go); },
        [&] { connect(reply, &QNetworkReply::errorOccurred, this, go); }};
    plans.at(static_cast<size_t>(which))();
    QTRY_VERIFY(!m_network);
}

QTEST_GUILESS_MAIN(LoopbackReplyTest)
#include "tst_loopbackreply.moc"
