// SPDX-License-Identifier: MIT
#include <QCryptographicHash>
#include <QWebSocket>

#include "engineundertest.h"

// Terminals: sessions, sockets, replay, back-pressure and ends.
class TestEngineTerminal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void promptAndEcho();
    void replayHasNoGap();
    void ringKeepsTheLastPart();
    void severalClients();
    void resize();
    void badRequests_data();
    void badRequests();
    void executeAndBuffer();
    void shellExitClosesSockets();
    void lastOutputIsComplete();
    void deleteEndsTheShell();
    void temporaryDiesWithItsSocket();
    void floodAndInterrupt();
    void slowReaderStopsTheShell();
    void largeInputArrives();
    void sessionLimit();
    void textFramesAreInput();

private:
    QString createSession(const QJsonObject &size = {});
    EngineUnderTest m_engine;
    QString m_id;
    QString m_pty;
};

namespace
{

// One attached socket and what it has received.
struct Terminal {
    QWebSocket socket;
    QByteArray output;
    bool paused = false;

    Terminal(const EngineUnderTest &engine, const QString &path)
    {
        QObject::connect(&socket, &QWebSocket::binaryMessageReceived, &socket,
                         [this](const QByteArray &bytes) { output += bytes; });
        QNetworkRequest request = engine.request(path);
        QUrl url = request.url();
        url.setScheme(u"ws"_s);
        request.setUrl(url);
        socket.open(request);
    }
    bool isOpen() const { return socket.state() == QAbstractSocket::ConnectedState; }
    void type(const QByteArray &keys) { socket.sendBinaryMessage(keys); }
};

}  // namespace

void TestEngineTerminal::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"term"_s);
    QVERIFY(!m_id.isEmpty());
    m_pty = u"/sandboxes/"_s + m_id + u"/pty"_s;
}

QString TestEngineTerminal::createSession(const QJsonObject &size)
{
    return m_engine.post(m_pty + u"/sessions"_s, size)
        .data()
        .toObject()
        .value("sessionId"_L1)
        .toString();
}

void TestEngineTerminal::promptAndEcho()
{
    Terminal terminal(m_engine, m_pty + u"/sessions/"_s + createSession());
    QTRY_VERIFY(terminal.output.contains("term:/app$ "));
    terminal.type("echo $((6*7)); tty; echo $TERM\n");
    QTRY_VERIFY(terminal.output.contains("\r42\r\n/dev/pts/"));
    QTRY_VERIFY(terminal.output.contains("xterm-256color\r\n"));
}

void TestEngineTerminal::replayHasNoGap()
{
    const QString path = m_pty + u"/sessions/"_s + createSession();
    Terminal first(m_engine, path);
    QTRY_VERIFY(first.output.contains("$ "));
    first.type("for i in $(seq 3000); do echo line $i; done\n");
    QTRY_VERIFY(first.output.contains("line 100\r\n"));
    // Attached in the middle of the output: all of it, once.
    Terminal second(m_engine, path);
    QTRY_VERIFY_WITH_TIMEOUT(first.output.endsWith("line 3000\r\n\x1b[?2004hterm:/app$ "), 20'000);
    QTRY_COMPARE(second.output.size(), first.output.size());
    QVERIFY(second.output == first.output);
}

void TestEngineTerminal::ringKeepsTheLastPart()
{
    const QString path = m_pty + u"/sessions/"_s + createSession();
    Terminal first(m_engine, path);
    QTRY_VERIFY(first.output.contains("$ "));
    first.type("seq 200000; echo end of it\n");
    QTRY_VERIFY_WITH_TIMEOUT(first.output.endsWith("end of it\r\n\x1b[?2004hterm:/app$ "), 30'000);
    Terminal second(m_engine, path);
    QTRY_COMPARE(second.output.size(), 256 * 1024);
    QVERIFY(second.output == first.output.last(256 * 1024));
}

void TestEngineTerminal::severalClients()
{
    const QString session = createSession();
    Terminal first(m_engine, m_pty + u"/sessions/"_s + session);
    Terminal second(m_engine, m_pty + u"/sessions/"_s + session);
    QTRY_VERIFY(first.output.contains("$ ") && second.output.contains("$ "));
    first.type("echo from-first\n");
    QTRY_VERIFY(second.output.contains("\rfrom-first\r\n"));
    second.type("echo from-second\n");
    QTRY_VERIFY(first.output.contains("\rfrom-second\r\n"));
    const auto entry = [&] {
        for (const QJsonValue &value : m_engine.get(m_pty + u"/sessions"_s)
                                           .data()
                                           .toObject()
                                           .value("sessions"_L1)
                                           .toArray()) {
            if (value.toObject().value("id"_L1).toString() == session)
                return value.toObject();
        }
        return QJsonObject();
    };
    QCOMPARE(entry().value("clients"_L1).toInt(), 2);
    QCOMPARE(entry().value("alive"_L1).toBool(), true);
    second.socket.close();
    QTRY_COMPARE(entry().value("clients"_L1).toInt(), 1);
    first.type("echo still-here\n");
    QTRY_VERIFY(first.output.contains("\rstill-here\r\n"));
}

void TestEngineTerminal::resize()
{
    const QString session = createSession({{u"cols"_s, 101}, {u"rows"_s, 33}});
    const QString path = m_pty + u"/sessions/"_s + session;
    Terminal terminal(m_engine, path);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.type("stty size\n");
    QTRY_VERIFY(terminal.output.contains("\r33 101\r\n"));
    terminal.type("trap 'echo changed' WINCH; echo set-$((1))\n");
    QTRY_VERIFY(terminal.output.contains("\rset-1\r\n"));
    QCOMPARE(m_engine.post(path + u"/resize"_s, {{u"cols"_s, 500}, {u"rows"_s, 200}}).status, 200);
    terminal.type("stty size\n");
    QTRY_VERIFY(terminal.output.contains("\r200 500\r\n"));
    QTRY_VERIFY(terminal.output.contains("changed\r\n"));
}

void TestEngineTerminal::badRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &method, const QString &call,
                        const QByteArray &body,
                        int status) { QTest::newRow(name) << method << call << body << status; };
    row("cols 0", "POST", u"/sessions/$S/resize"_s, R"({"cols":0,"rows":24})", 400);
    row("cols 501", "POST", u"/sessions/$S/resize"_s, R"({"cols":501,"rows":24})", 400);
    row("rows 201", "POST", u"/sessions/$S/resize"_s, R"({"cols":80,"rows":201})", 400);
    row("no rows", "POST", u"/sessions/$S/resize"_s, R"({"cols":80})", 400);
    row("rows text", "POST", u"/sessions/$S/resize"_s, R"({"cols":80,"rows":"24"})", 400);
    row("create cols 0", "POST", u"/sessions"_s, R"({"cols":0})", 400);
    row("no command", "POST", u"/sessions/$S/execute"_s, "{}", 400);
    row("unknown session", "POST", u"/sessions/0123456789abcdef01234567/resize"_s, "{}", 404);
    row("unknown buffer", "GET", u"/sessions/0123456789abcdef01234567/buffer"_s, "", 404);
    row("unknown delete", "DELETE", u"/sessions/0123456789abcdef01234567"_s, "", 404);
    row("no socket", "GET", u""_s, "", 400);
    row("no session socket", "GET", u"/sessions/$S"_s, "", 400);
    row("wrong method", "PUT", u"/sessions"_s, "", 405);
    row("wrong address", "GET", u"/other"_s, "", 404);
}

void TestEngineTerminal::badRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    QFETCH(QByteArray, body);
    static const QString session = createSession();
    const Answer answer = m_engine.call(method, m_pty + call.replace(u"$S"_s, session), body);
    QTEST(answer.status, "status");
    QVERIFY(!answer.error().isEmpty());
}

void TestEngineTerminal::executeAndBuffer()
{
    const QString path = m_pty + u"/sessions/"_s + createSession();
    QCOMPARE(m_engine.post(path + u"/execute"_s, {{u"command"_s, u"echo it-$((1+1))"_s}}).status,
             200);
    const auto output = [&] {
        return m_engine.get(path + u"/buffer"_s).data().toObject().value("output"_L1).toString();
    };
    QTRY_VERIFY(output().contains(u"it-2\r\n"_s));
}

void TestEngineTerminal::shellExitClosesSockets()
{
    const QString session = createSession();
    Terminal first(m_engine, m_pty + u"/sessions/"_s + session);
    Terminal second(m_engine, m_pty + u"/sessions/"_s + session);
    QTRY_VERIFY(first.output.contains("$ ") && second.isOpen());
    first.type("exit 3\n");
    QTRY_COMPARE(first.socket.state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(second.socket.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(first.socket.closeCode(), QWebSocketProtocol::CloseCodeNormal);
    QCOMPARE(first.socket.closeReason(), u"exit 3"_s);
    QCOMPARE(second.socket.closeReason(), u"exit 3"_s);
    QVERIFY(first.output.endsWith("logout\r\n"));
    const QByteArray list = m_engine.get(m_pty + u"/sessions"_s).body;
    QVERIFY2(list.contains("\"alive\":false"), list.constData());
    // Attached after the end: the replay and the same close.
    Terminal late(m_engine, m_pty + u"/sessions/"_s + session);
    QTRY_COMPARE(late.socket.closeReason(), u"exit 3"_s);
    QCOMPARE(late.output, first.output);
}

void TestEngineTerminal::lastOutputIsComplete()
{
    for (int round = 0; round < 5; ++round) {
        Terminal terminal(m_engine, m_pty + u"/sessions/"_s + createSession());
        QTRY_VERIFY(terminal.output.contains("$ "));
        terminal.type("exec seq 50000\n");
        QTRY_COMPARE_WITH_TIMEOUT(terminal.socket.closeReason(), u"exit 0"_s, 20'000);
        QVERIFY(terminal.output.endsWith("\r\n49999\r\n50000\r\n"));
    }
}

void TestEngineTerminal::deleteEndsTheShell()
{
    const QString path = m_pty + u"/sessions/"_s + createSession();
    Terminal terminal(m_engine, path);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.type("trap '' HUP; sleep 17320\n");
    QTRY_COMPARE(EngineUnderTest::processesWith(u"17320"_s).size(), 1);
    QCOMPARE(m_engine.call("DELETE", path).status, 200);
    QCOMPARE(m_engine.call("DELETE", path).status, 404);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"17320"_s), QStringList());
    QTRY_COMPARE(terminal.socket.state(), QAbstractSocket::UnconnectedState);
}

void TestEngineTerminal::temporaryDiesWithItsSocket()
{
    Terminal terminal(m_engine, m_pty);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.type("sleep 22360\n");
    QTRY_COMPARE(EngineUnderTest::processesWith(u"22360"_s).size(), 1);
    QVERIFY(!m_engine.get(m_pty + u"/sessions"_s).body.contains("\"clients\":1"));
    terminal.socket.abort();
    QTRY_COMPARE(EngineUnderTest::processesWith(u"22360"_s), QStringList());
}

void TestEngineTerminal::floodAndInterrupt()
{
    Terminal terminal(m_engine, m_pty);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.type("yes\n");
    QTRY_VERIFY_WITH_TIMEOUT(terminal.output.size() > 4'000'000, 20'000);
    QElapsedTimer timer;
    timer.start();
    terminal.type("\x03");
    QTRY_VERIFY(terminal.output.endsWith("term:/app$ "));
    QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
}

void TestEngineTerminal::slowReaderStopsTheShell()
{
    const QString path = m_pty + u"/sessions/"_s + createSession();
    QTcpSocket socket;  // speaks just enough to attach, then stops reading
    socket.setReadBufferSize(1024);
    socket.connectToHost(u"127.0.0.1"_s, m_engine.port());
    socket.write(
        "GET /api" + path.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " +
        m_engine.key() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    QVERIFY(socket.waitForReadyRead());
    QCOMPARE(
        m_engine.post(path + u"/execute"_s, {{u"command"_s, u"yes | tee /app/count"_s}}).status,
        200);
    const auto written = [&] {
        return m_engine.output(m_id, u"stat -c %s /app/count"_s).toLongLong();
    };
    // It stops by itself after what the buffers on the way hold; a shell that has not had its turn
    // for a moment has not stopped.
    qint64 before = -1;
    int same = 0;
    const auto hasStopped = [&] {
        if (same < 5) {
            const qint64 now = written();
            same = now > 0 && now == before ? same + 1 : 0;
            before = now;
        }
        return same == 5;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasStopped(), 20'000);
    QVERIFY2(before < 64 * 1024 * 1024, QByteArray::number(before).constData());
    socket.abort();
    // Without the slow reader it goes on.
    QTRY_VERIFY(written() > before);
    QCOMPARE(m_engine.call("DELETE", path).status, 200);
}

void TestEngineTerminal::largeInputArrives()
{
    Terminal terminal(m_engine, m_pty);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.type("stty raw -echo; echo ready-$((1)); head -c 900000 | md5sum; stty sane\n");
    QTRY_VERIFY(terminal.output.contains("ready-1"));
    const QByteArray bytes =
        QByteArray("0123456789abcdef").repeated(900'000 / 16 + 1).left(900'000);
    terminal.type(bytes);
    const QByteArray sum = QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex();
    QTRY_VERIFY_WITH_TIMEOUT(terminal.output.contains(sum), 20'000);
}

void TestEngineTerminal::sessionLimit()
{
    const QString id = m_engine.createSandbox(u"many"_s);
    const QString sessions = u"/sandboxes/"_s + id + u"/pty/sessions"_s;
    for (int i = 0; i < 64; ++i)
        QCOMPARE(m_engine.post(sessions).status, 200);
    const Answer refused = m_engine.post(sessions);
    QCOMPARE(refused.status, 429);
    QVERIFY(!refused.error().isEmpty());
    QCOMPARE(m_engine.call("DELETE", u"/sandboxes/"_s + id).status, 200);
}

void TestEngineTerminal::textFramesAreInput()
{
    Terminal terminal(m_engine, m_pty);
    QTRY_VERIFY(terminal.output.contains("$ "));
    terminal.socket.sendTextMessage(u"echo grün-$((2+3))\n"_s);
    QTRY_VERIFY(terminal.output.contains("\rgrün-5\r\n"));
}

QTEST_GUILESS_MAIN(TestEngineTerminal)
#include "tst_engineterminal.moc"
