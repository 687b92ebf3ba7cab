// SPDX-License-Identifier: MIT
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "engineundertest.h"

// Who may call, and what the engine does with requests that are not in order.
class TestEngineAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refused_data();
    void refused();
    void noKey_data();
    void noKey();
    void badChunks_data();
    void badChunks();
    void served_data();
    void served();
    void socketKey_data();
    void socketKey();
    void endlessHeaderIsRefused();
    void largeJsonIsRefused();
    void refusalHasNoEffect();
    void twoRequestsOnOneConnection();
    void idleConnectionsGiveWay();
    void tenThousandConnections();

private:
    QByteArray head(const QByteArray &text) const;
    EngineUnderTest m_engine;
    QString m_id;
};

namespace
{

QByteArray statusLine(int status)
{
    return "HTTP/1.1 " + QByteArray::number(status) + ' ';
}

}  // namespace

void TestEngineAccess::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
}

// $K stands for the key, $I for the sandbox's id; lines end with \n here.
QByteArray TestEngineAccess::head(const QByteArray &text) const
{
    QByteArray result = text;
    result.replace("$K", m_engine.key()).replace("$I", m_id.toUtf8());
    return result.replace("\n", "\r\n") + "\r\n\r\n";
}

void TestEngineAccess::refused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &request, int status) {
        QTest::newRow(name) << request << status;
    };
    const QByteArray list = "GET /api/sandboxes HTTP/1.1\n";
    row("no key", list + "Host: 127.0.0.1", 401);
    row("empty key", list + "Host: 127.0.0.1\nX-API-Key:", 401);
    row("wrong key", list + "Host: 127.0.0.1\nX-API-Key: vr_wrong", 401);
    row("longer key", list + "Host: 127.0.0.1\nX-API-Key: $Kx", 401);
    row("two keys", list + "Host: 127.0.0.1\nX-API-Key: $K\nX-API-Key: $K", 401);
    row("key in the address", "GET /api/sandboxes?apiKey=$K HTTP/1.1\nHost: 127.0.0.1", 401);
    row("foreign host", list + "Host: evil.example\nX-API-Key: $K", 403);
    row("host like ours", list + "Host: 127.0.0.1.evil.example\nX-API-Key: $K", 403);
    row("host with user", list + "Host: a@127.0.0.1\nX-API-Key: $K", 403);
    row("other loopback name", list + "Host: localhost.evil:80\nX-API-Key: $K", 403);
    row("no host", list + "X-API-Key: $K", 403);
    row("empty host", list + "Host:\nX-API-Key: $K", 403);
    row("two hosts", list + "Host: 127.0.0.1\nHost: 127.0.0.1\nX-API-Key: $K", 403);
    row("host before key", list + "Host: evil.example", 403);
    row("origin", list + "Host: 127.0.0.1\nOrigin: https://evil.example\nX-API-Key: $K", 403);
    row("own origin", list + "Host: 127.0.0.1\nOrigin: http://127.0.0.1\nX-API-Key: $K", 403);
    row("null origin", list + "Host: 127.0.0.1\nOrigin: null\nX-API-Key: $K", 403);
    row("version, foreign host", "GET /api/version HTTP/1.1\nHost: evil.example", 403);
    const QByteArray good = "Host: 127.0.0.1\nX-API-Key: $K\n";
    const QByteArray post = "POST /api/sandboxes HTTP/1.1\n" + good;
    row("length and chunks", post + "Content-Length: 3\nTransfer-Encoding: chunked", 400);
    row("chunks and length", post + "Transfer-Encoding: chunked\nContent-Length: 3", 400);
    row("two lengths", post + "Content-Length: 3\nContent-Length: 4", 400);
    row("same length twice", post + "Content-Length: 3\nContent-Length: 3", 400);
    row("negative length", post + "Content-Length: -1", 400);
    row("unknown coding", post + "Transfer-Encoding: gzip", 400);
    row("not HTTP", "HELLO", 400);
    row("bad header", list + "Host 127.0.0.1", 400);
    const auto get = [&](const char *name, const QByteArray &target, int status) {
        row(name, "GET " + target + " HTTP/1.1\n" + good, status);
    };
    get("NUL in path", "/api/sandboxes/%00", 400);
    get("NUL in query", "/api/sandboxes/$I/files?path=/a%00b", 400);
    get("dots", "/api/../etc/passwd", 400);
    get("encoded dots", "/api/%2e%2e/etc/passwd", 400);
    get("half encoded dots", "/api/sandboxes/$I/.%2e/x", 400);
    get("encoded slash", "/api/sandboxes/$I%2fexec", 400);
    get("double slash", "/api//sandboxes", 400);
    get("bad percent", "/api/sandboxes/%zz", 400);
    get("absolute form", "http://127.0.0.1/api/version", 400);
    get("id like an option", "/api/sandboxes/--bind", 400);
    get("short id", "/api/sandboxes/abc", 400);
    get("upper-case id", "/api/sandboxes/0123456789ABCDEF01234567", 400);
    get("unknown id", "/api/sandboxes/0123456789abcdef01234567", 404);
    get("unknown id, guest", "/api/sandboxes/0123456789abcdef01234567/files?path=/", 404);
    get("unknown address", "/api/nothing", 404);
    get("outside", "/", 404);
    get("outside too", "/sandboxes", 404);
    get("unknown guest address", "/api/sandboxes/$I/files/nothing", 404);
    row("wrong method", "PUT /api/sandboxes HTTP/1.1\n" + good + "Content-Length: 0", 405);
    row("wrong guest method", "GET /api/sandboxes/$I/exec HTTP/1.1\n" + good, 405);
}

void TestEngineAccess::refused()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    QByteArray bytes = head(request);
    bytes.replace("\r\n\r\n\r\n", "\r\n\r\n");
    const QByteArray answer = m_engine.raw(bytes, "}");
    QVERIFY2(answer.startsWith(statusLine(status)), answer.constData());
    QVERIFY2(answer.contains("{\"error\":\""), answer.constData());
    if (status == 400 || status == 401 || status == 403) {
        if (!answer.contains("no such"))
            QVERIFY2(answer.contains("Connection: close"), answer.constData());
    }
}

// Every address there is, sockets and streams among them.
void TestEngineAccess::noKey_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : {"GET /api/sandboxes",
                             "POST /api/sandboxes",
                             "GET /api/sandboxes/$I",
                             "PATCH /api/sandboxes/$I",
                             "DELETE /api/sandboxes/$I",
                             "POST /api/sandboxes/$I/sleep",
                             "POST /api/sandboxes/$I/wake",
                             "POST /api/sandboxes/$I/start",
                             "GET /api/sandboxes/$I/public-urls",
                             "PATCH /api/sandboxes/$I/publish-ports",
                             "POST /api/sandboxes/$I/exec",
                             "POST /api/sandboxes/$I/exec-stream",
                             "POST /api/sandboxes/$I/commands/run",
                             "GET /api/sandboxes/$I/commands/list",
                             "POST /api/sandboxes/$I/commands/attach",
                             "POST /api/sandboxes/$I/session-exec",
                             "POST /api/sandboxes/$I/session-exec-stream",
                             "GET /api/sandboxes/$I/files?path=/",
                             "GET /api/sandboxes/$I/files/download?path=/etc/passwd",
                             "POST /api/sandboxes/$I/files/upload?path=/app/x",
                             "DELETE /api/sandboxes/$I/files?path=/app",
                             "POST /api/sandboxes/$I/files/watch",
                             "GET /api/sandboxes/$I/files/watch/x/stream",
                             "GET /api/sandboxes/$I/pty",
                             "POST /api/sandboxes/$I/pty/sessions",
                             "GET /api/sandboxes/$I/pty/sessions/x",
                             "GET /api/users/me",
                             "GET /api/orgs/users",
                             "GET /api/orgs/apikeys",
                             "POST /api/orgs/apikeys",
                             "DELETE /api/orgs/apikeys/x",
                             "GET /api/images",
                             "GET /api/nothing",
                             "GET /"})
        QTest::newRow(line) << QByteArray(line);
}

void TestEngineAccess::noKey()
{
    QFETCH(QByteArray, line);
    const QByteArray upgrade =
        "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";
    for (const QByteArray &more : {QByteArray(), upgrade}) {
        const QByteArray answer =
            m_engine.raw(head(line + " HTTP/1.1\n" + more + "Host: 127.0.0.1"), "}");
        QVERIFY2(answer.startsWith(statusLine(401)), answer.constData());
    }
}

void TestEngineAccess::badChunks_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no number") << QByteArray("x\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("negative") << QByteArray("-1\r\na\r\n0\r\n\r\n");
    QTest::newRow("too large a number") << QByteArray("fffffffffffffffff\r\na\r\n");
    QTest::newRow("longer than said") << QByteArray("1\r\nabc\r\n0\r\n\r\n");
    QTest::newRow("no line end") << QByteArray("1\nabc\r\n0\r\n\r\n");
}

void TestEngineAccess::badChunks()
{
    QFETCH(QByteArray, body);
    const QByteArray request = head(
        "POST /api/sandboxes HTTP/1.1\nHost: 127.0.0.1\nX-API-Key: $K\nTransfer-Encoding: chunked");
    const QByteArray answer = m_engine.raw(request + body, "}");
    QVERIFY2(answer.startsWith(statusLine(400)), answer.constData());
    QCOMPARE(m_engine.get(u"/sandboxes"_s).data().toArray().size(), 1);
}

void TestEngineAccess::served_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char *host :
         {"127.0.0.1", "127.0.0.1:1", "localhost", "LocalHost:33944", "[::1]", "[::1]:80"})
        QTest::newRow(host) << QByteArray(host);
}

void TestEngineAccess::served()
{
    QFETCH(QByteArray, host);
    const QByteArray list = "GET /api/sandboxes HTTP/1.1\nX-API-Key: $K\nHost: ";
    QVERIFY(m_engine.raw(head(list + host), "]").startsWith("HTTP/1.1 200 "));
    const QByteArray version = "GET /api/version HTTP/1.1\nHost: ";
    const QByteArray answer = m_engine.raw(head(version + host), "}");
    QVERIFY2(answer.contains("\"engine\":\"voidrun-local\""), answer.constData());
}

void TestEngineAccess::socketKey_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("status");
    QTest::newRow("header") << QByteArray() << QByteArray("X-API-Key: $K\n") << 101;
    QTest::newRow("query") << QByteArray("?apiKey=$K") << QByteArray() << 101;
    QTest::newRow("none") << QByteArray() << QByteArray() << 401;
    QTest::newRow("wrong") << QByteArray("?apiKey=vr_x") << QByteArray() << 401;
    QTest::newRow("origin") << QByteArray() << QByteArray("X-API-Key: $K\nOrigin: http://a\n")
                            << 403;
}

void TestEngineAccess::socketKey()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, header);
    QFETCH(int, status);
    const QByteArray request = "GET /api/sandboxes/$I/pty" + query + " HTTP/1.1\n" + header +
                               "Host: 127.0.0.1\nUpgrade: websocket\nConnection: Upgrade\n"
                               "Sec-WebSocket-Version: 13\n"
                               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    const QByteArray answer = m_engine.raw(head(request), "\r\n\r\n");
    QVERIFY2(answer.startsWith(statusLine(status)), answer.constData());
}

void TestEngineAccess::endlessHeaderIsRefused()
{
    const QByteArray answer = m_engine.raw(
        "GET /api/version HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: " + QByteArray(200'000, 'a'), "}");
    QVERIFY2(answer.startsWith("HTTP/1.1 431 "), answer.left(200).constData());
}

void TestEngineAccess::largeJsonIsRefused()
{
    const QByteArray body = "{\"name\":\"" + QByteArray(2 * 1024 * 1024, 'a') + "\"}";
    QCOMPARE(m_engine.call("POST", u"/sandboxes"_s, body).status, 413);
    QCOMPARE(m_engine.call("POST", u"/sandboxes/"_s + m_id + u"/exec"_s, body).status, 413);
}

void TestEngineAccess::refusalHasNoEffect()
{
    const QByteArray body = R"({"name":"never"})";
    const QByteArray request =
        "POST /api/sandboxes HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Length: 16\r\n\r\n" +
        body;
    QVERIFY(m_engine.raw(request, "}").startsWith("HTTP/1.1 401 "));
    QCOMPARE(m_engine.get(u"/sandboxes"_s).data().toArray().size(), 1);
}

void TestEngineAccess::twoRequestsOnOneConnection()
{
    const QByteArray one = head("GET /api/version HTTP/1.1\nHost: 127.0.0.1");
    const QByteArray last = head("GET /api/version HTTP/1.1\nHost: 127.0.0.1\nConnection: close");
    const QByteArray answer = m_engine.raw(one + last);
    QCOMPARE(answer.count("HTTP/1.1 200 OK"), 2);
}

// More silent connections than the engine has descriptors for: a good client is still served.
void TestEngineAccess::idleConnectionsGiveWay()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start({u"prlimit"_s, u"--nofile=1024:1024"_s}), engine.log().constData());
    std::vector<std::unique_ptr<QTcpSocket>> idle;
    for (int i = 0; i < 700; ++i) {
        idle.push_back(std::make_unique<QTcpSocket>());
        idle.back()->connectToHost(u"127.0.0.1"_s, engine.port());
        QVERIFY(idle.back()->waitForConnected(5000));
        if (i % 2 == 0)
            idle.back()->write("GET /api/ver");
        idle.back()->flush();
    }
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(engine.get(u"/version"_s).status, 200);
    QVERIFY2(timer.elapsed() < 1000, QByteArray::number(timer.elapsed()).constData());
    QVERIFY(!engine.createSandbox(u"one"_s).isEmpty());
}

// As many as this computer lets the test have, 10,000 at most; silent, or slow with their header.
void TestEngineAccess::tenThousandConnections()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const auto count = std::min<rlim_t>(10'000, limit.rlim_max - 200);
    qInfo() << count << "connections";
    EngineUnderTest engine;
    QVERIFY2(engine.start(), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    std::vector<int> idle;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(engine.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (rlim_t i = 0; i < count; ++i) {
        idle.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        QVERIFY(idle.back() >= 0);
        QCOMPARE(::connect(idle.back(), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
        if (i % 2 == 0)
            QCOMPARE(::send(idle.back(), "GET /api/ver", 12, MSG_NOSIGNAL), ssize_t(12));
    }
    QCOMPARE(engine.get(u"/version"_s).status, 200);
    QCOMPARE(engine.output(id, u"echo served"_s), u"served\n"_s);
    for (const int socket : idle)
        ::close(socket);
}

QTEST_GUILESS_MAIN(TestEngineAccess)
#include "tst_engineaccess.moc"
