// SPDX-License-Identifier: MIT
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketServer>

#include "api/client.h"
#include "api/eventstream.h"
#include "api/terminalqueue.h"
#include "api/terminalstream.h"
#include "api/watchstream.h"
#include "support/cuttingproxy.h"
#include "support/scriptedserver.h"
#include "support/upgradefront.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;
using State = TerminalStream::State;

namespace
{

StreamOptions quick()
{
    StreamOptions options;
    options.connectTimeout = 3s;
    options.openTimeout = 3s;
    options.retryMin = 10ms;
    options.retryMax = 40ms;
    options.replayQuiet = 60ms;
    return options;
}

// A terminal server of one session: remembers its output, and replays it on attach or not.
class Session : public QObject
{
public:
    explicit Session(bool replays)
        : m_server(u"session"_s, QWebSocketServer::NonSecureMode), m_replays(replays)
    {
        connect(&m_server, &QWebSocketServer::newConnection, this, [this] { attach(); });
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("the session server cannot listen");
    }

    quint16 port() const { return m_server.serverPort(); }
    bool isAttached() const { return m_client && m_client->isValid(); }
    int attachments = 0;
    QByteArray input;
    QByteArray output;  // all that was printed
    QNetworkRequest request;

    // What a server says that it has printed, last.
    void answerBuffer(const TerminalStream::BufferDone &done)
    {
        ++buffersAsked;
        done(output.last(std::min<qsizetype>(output.size(), 256 * 1024)));
    }
    int buffersAsked = 0;

    void print(const QByteArray &bytes)
    {
        output += bytes;
        if (isAttached())
            m_client->sendBinaryMessage(bytes);
    }
    // Only to a client that is there, as a server without a buffer does it.
    void endWith(const QString &reason)
    {
        m_client->close(QWebSocketProtocol::CloseCodeNormal, reason);
    }
    QWebSocket *client() const { return m_client; }

private:
    void attach()
    {
        ++attachments;
        m_client = m_server.nextPendingConnection();
        m_client->setParent(this);
        request = m_client->request();
        connect(m_client, &QWebSocket::binaryMessageReceived, this,
                [this](const QByteArray &bytes) { input += bytes; });
        if (m_replays && !output.isEmpty())
            m_client->sendBinaryMessage(
                output.last(std::min<qsizetype>(output.size(), 256 * 1024)));
    }

    QWebSocketServer m_server;
    QPointer<QWebSocket> m_client;
    bool m_replays;
};

// Reads a stream as a tab does.
class Reader : public QObject
{
public:
    Reader(quint16 port, bool persistent, const StreamOptions &options = quick(),
           const QString &key = u"vr_secret"_s)
    {
        ConnectionProfile profile;
        profile.baseUrl = QUrl(u"http://127.0.0.1:%1/api"_s.arg(port));
        profile.apiKey = key;
        stream = std::make_unique<TerminalStream>(
            profile, QUrl(u"ws://127.0.0.1:%1/api/sandboxes/a/pty/sessions/s"_s.arg(port)),
            persistent, options);
        connect(stream.get(), &TerminalStream::dataAvailable, this, [this] {
            if (!paused)
                got += stream->read(1 << 20);
        });
        connect(stream.get(), &TerminalStream::stateChanged, this,
                [this](State state) { states.append(state); });
        connect(stream.get(), &TerminalStream::finished, this,
                [this](const Error &error) { ends.append(error); });
    }

    std::unique_ptr<TerminalStream> stream;
    QByteArray got;
    QList<State> states;
    QList<Error> ends;
    bool paused = false;
};

QByteArray lines(int from, int count)
{
    QByteArray text;
    for (int i = from; i < from + count; ++i)
        text += "line number " + QByteArray::number(i) + "\r\n";
    return text;
}

}  // namespace

// The stream against a scripted session: output, input, cuts, ends, and the queue's bounds.
class TerminalStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void carriesBytesBothWays();
    void textFramesAreBytesToo();
    void cutLosesAndDoublesNothing_data();
    void cutLosesAndDoublesNothing();
    void clientAsksForWhatWasPrinted();
    void outputIsShownThoughItNeverPauses();
    void cutInAReplayThenSilence();
    void typedWhileAwayIsSentOnce();
    void shellEndIsTheEnd();
    void outputComesBeforeTheEnd();
    void temporaryTerminalEndsWithItsSocket();
    void refusedUpgrade_data();
    void refusedUpgrade();
    void openingHasALimitOfItsOwn();
    void silenceIsNoticedInTime();
    void keyGoesIntoTheQueryOnceRefused();
    void unresolvedNodeFallsBack();
    void proxyIsObeyed_data();
    void proxyIsObeyed();
    void silentPeerIsNoticed();
    void floodIsHeldBack();
    void inputPassesAWaitingFlood();
    void destructionUnderAFloodIsQuick();
    void closeEndsOnce();
    void hugeMessageIsRefused();
    void protocolErrorsEnd_data();
    void protocolErrorsEnd();
    void missingKeyAndAddress();
};

void TerminalStreamTest::carriesBytesBothWays()
{
    Session session(false);
    Reader reader(session.port(), true);
    QCOMPARE(reader.stream->state(), State::Connecting);
    QTRY_COMPARE(reader.stream->state(), State::Live);
    QTRY_VERIFY(session.isAttached());
    QCOMPARE(session.request.rawHeader("X-API-Key"), "vr_secret"_ba);
    QVERIFY(!session.request.url().hasQuery());
    const QByteArray bytes("\x00\xff\xc3\x1b[0m", 7);
    session.print(bytes);
    QTRY_COMPARE(reader.got, bytes);
    QVERIFY(reader.stream->write("ls\r"));
    QVERIFY(reader.stream->write("\x03"));
    QTRY_COMPARE(session.input, "ls\r\x03"_ba);
}

void TerminalStreamTest::textFramesAreBytesToo()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    session.client()->sendTextMessage(u"\u00e4\U0001F600"_s);
    QTRY_COMPARE(reader.got, u"\u00e4\U0001F600"_s.toUtf8());
}

void TerminalStreamTest::cutLosesAndDoublesNothing_data()
{
    QTest::addColumn<bool>("replays");
    QTest::newRow("replays") << true;
    QTest::newRow("does not replay") << false;
}

void TerminalStreamTest::cutLosesAndDoublesNothing()
{
    QFETCH(bool, replays);
    Session session(replays);
    CuttingProxy proxy(session.port());
    Reader reader(proxy.port(), true);
    QTRY_VERIFY(session.isAttached());
    session.print(lines(0, 50));
    QTRY_COMPARE(reader.got, session.output);
    reader.stream->setBufferSource([&session](QObject *, const TerminalStream::BufferDone &done) {
        session.answerBuffer(done);
    });
    for (int round = 1; round <= 6; ++round) {
        const int before = session.attachments;
        proxy.setRefusing(true);
        proxy.cutNow();
        QTRY_COMPARE(reader.stream->state(), State::Reconnecting);
        QTRY_VERIFY(!session.isAttached());
        session.print(lines(round * 100 + 50, 20));  // nobody is there
        proxy.setRefusing(false);
        QTRY_VERIFY(session.attachments > before);
        QTRY_COMPARE(reader.stream->state(), State::Live);
        session.print(lines(round * 100, 50));
        QTRY_COMPARE(reader.got, session.output);
    }
    QVERIFY(reader.ends.isEmpty());
    QCOMPARE(session.buffersAsked, replays ? 0 : 6);
}

void TerminalStreamTest::clientAsksForWhatWasPrinted()
{
    const QString id = u"0123456789abcdef01234567"_s;
    Session session(false);
    ScriptedServer http;
    http.setHandler([&](const SeenRequest &) {
        const QJsonObject data{{u"output"_s, QString::fromUtf8(session.output)}};
        return ScriptedReply::json(
            200, QJsonDocument(QJsonObject{{u"data"_s, data}}).toJson(QJsonDocument::Compact));
    });
    const UpgradeFront front(http.port(), session.port());
    ConnectionProfile profile;
    profile.baseUrl = QUrl(u"http://127.0.0.1:%1/api"_s.arg(front.port()));
    profile.apiKey = u"vr_secret"_s;
    Client client(profile);
    const std::unique_ptr<TerminalStream> stream(client.openTerminal(id, u"s1"_s, quick()));
    QByteArray got;
    connect(stream.get(), &TerminalStream::dataAvailable, this,
            [&] { got += stream->read(1 << 20); });
    QTRY_VERIFY(session.isAttached());
    session.print(lines(0, 20));
    QTRY_COMPARE(got, session.output);
    session.client()->abort();
    session.print(lines(100, 20));
    QTRY_COMPARE(session.attachments, 2);
    session.print(lines(200, 20));
    QTRY_COMPARE(got, session.output);
    QCOMPARE(http.requests().size(), 1);
    QCOMPARE(http.requests().first().method + ' ' + http.requests().first().target,
             "GET /api/sandboxes/" + id.toUtf8() + "/pty/sessions/s1/buffer");
}

void TerminalStreamTest::outputIsShownThoughItNeverPauses()
{
    Session session(true);
    CuttingProxy proxy(session.port());
    StreamOptions options = quick();
    options.replayQuiet = 5s;  // longer than any pause here
    Reader reader(proxy.port(), true, options);
    QTRY_VERIFY(session.isAttached());
    session.print(lines(0, 50));
    QTRY_COMPARE(reader.got, session.output);
    proxy.cutNow();
    QTRY_COMPARE(session.attachments, 2);
    QTimer clock;
    int ticks = 0;
    connect(&clock, &QTimer::timeout, this, [&] { session.print(lines(1000 + ticks++, 1)); });
    clock.start(50);
    QTRY_VERIFY_WITH_TIMEOUT(reader.got.contains("line number 1001"), 3000);
    clock.stop();
    QTRY_COMPARE(reader.got, session.output);
}

void TerminalStreamTest::cutInAReplayThenSilence()
{
    Session session(false);
    CuttingProxy proxy(session.port());
    StreamOptions options = quick();
    options.replayQuiet = 200ms;
    Reader reader(proxy.port(), true, options);
    QTRY_VERIFY(session.isAttached());
    session.print(lines(0, 50));
    QTRY_COMPARE(reader.got, session.output);
    proxy.cutNow();
    QTRY_COMPARE(session.attachments, 2);
    // Comes while it is still open whether it is a replay, and then the line is cut again.
    QTRY_COMPARE(reader.states.count(State::Live), 2);
    proxy.cutAfter(12);  // the frame, whole
    session.print("one more\r\n");
    QTRY_COMPARE(session.attachments, 3);
    QTRY_COMPARE(reader.got, session.output);
}

void TerminalStreamTest::typedWhileAwayIsSentOnce()
{
    Session session(true);
    CuttingProxy proxy(session.port());
    Reader reader(proxy.port(), true);
    QTRY_VERIFY(session.isAttached());
    QVERIFY(reader.stream->write("before "));
    QTRY_COMPARE(session.input, "before "_ba);
    proxy.setRefusing(true);
    proxy.cutNow();
    QTRY_COMPARE(reader.stream->state(), State::Reconnecting);
    QVERIFY(reader.stream->write("away "));
    QTRY_VERIFY(proxy.connections() >= 4);  // it kept trying
    proxy.setRefusing(false);
    QTRY_COMPARE(session.input, "before away "_ba);
    QVERIFY(reader.stream->write("after"));
    QTRY_COMPARE(session.input, "before away after"_ba);
}

void TerminalStreamTest::shellEndIsTheEnd()
{
    Session session(true);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    session.endWith(u"exit 3"_s);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::Cancelled);
    QCOMPARE(reader.ends.first().code, u"exit 3"_s);
    QCOMPARE(reader.stream->state(), State::Ended);
    QCOMPARE(session.attachments, 1);
    QVERIFY(!reader.stream->write("x"));
}

void TerminalStreamTest::outputComesBeforeTheEnd()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    reader.paused = true;
    session.print(lines(0, 500));
    session.endWith(u"exit 0"_s);
    QTRY_COMPARE(reader.stream->bytesAvailable(), session.output.size());
    QTRY_VERIFY(!session.isAttached());
    QVERIFY(reader.ends.isEmpty());
    QCOMPARE(reader.stream->read(10), session.output.first(10));
    reader.paused = false;
    QTRY_COMPARE(reader.got, session.output.sliced(10));  // it is told again
    QTRY_COMPARE(reader.ends.size(), 1);
}

void TerminalStreamTest::temporaryTerminalEndsWithItsSocket()
{
    Session session(false);
    CuttingProxy proxy(session.port());
    Reader reader(proxy.port(), false);
    QTRY_VERIFY(session.isAttached());
    proxy.cutNow();
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::ConnectionLost);
    QCOMPARE(session.attachments, 1);
}

void TerminalStreamTest::refusedUpgrade_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("gone") << 404 << Kind::NotFound;
    QTest::newRow("forbidden") << 403 << Kind::Unauthorized;
    QTest::newRow("elsewhere") << 302 << Kind::Redirected;
}

void TerminalStreamTest::refusedUpgrade()
{
    QFETCH(int, status);
    QFETCH(Kind, kind);
    ScriptedServer other;
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(
        status, "{}", "Location: ws://127.0.0.1:" + QByteArray::number(other.port()) + "/\r\n")});
    Reader reader(server.port(), true);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, kind);
    QCOMPARE(reader.ends.first().httpStatus, status);
    QCOMPARE(other.connections(), 0);
    if (kind != Kind::Redirected) {
        QCOMPARE(server.requests().size(), 1);
        return;
    }
    // It says where; to know, the address was asked once more, without the key.
    QCOMPARE(reader.ends.first().detail, u"ws://127.0.0.1:%1/"_s.arg(other.port()));
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(server.requests().last().header("x-api-key").isEmpty());
    QVERIFY(server.requests().last().header("upgrade").isEmpty());
}

// A server that takes the connection has longer to open the stream, since it may have to wake a
// sandbox, but not for ever.
void TerminalStreamTest::openingHasALimitOfItsOwn()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply{}});  // never answers
    StreamOptions options = quick();
    options.connectTimeout = 300ms;
    options.openTimeout = 1500ms;
    QElapsedTimer timer;
    timer.start();
    Reader reader(server.port(), false, options);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::Timeout);
    QVERIFY(timer.elapsed() >= 1400);
}

// Not at the ping after it, which may be a quarter of a minute later.
void TerminalStreamTest::silenceIsNoticedInTime()
{
    Session session(true);
    CuttingProxy proxy(session.port());
    StreamOptions options = quick();
    options.pingInterval = 3s;
    options.deadAfter = 3500ms;
    Reader reader(proxy.port(), true, options);
    QTRY_VERIFY(session.isAttached());
    session.print("x");
    QTRY_COMPARE(reader.got, session.output);
    proxy.setSilent(true);
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(reader.states.contains(State::Reconnecting), 10000);
    QVERIFY2(timer.elapsed() < 5500, qPrintable(QString::number(timer.elapsed())));
}

void TerminalStreamTest::keyGoesIntoTheQueryOnceRefused()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(401, "{}")});
    Reader reader(server.port(), true);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::Unauthorized);
    QCOMPARE(server.requests().size(), 2);
    QVERIFY(!server.requests().at(0).target.contains("vr_secret"));
    QCOMPARE(server.requests().at(0).header("x-api-key"), "vr_secret"_ba);
    QVERIFY(server.requests().at(1).target.endsWith("?apiKey=vr_secret"));
    QVERIFY(server.requests().at(1).header("x-api-key").isEmpty());
    const Error &error = reader.ends.first();
    for (const QString &text : {error.code, error.detail, error.subject})
        QVERIFY(!text.contains("vr_secret"_L1));
}

void TerminalStreamTest::unresolvedNodeFallsBack()
{
    Session session(true);
    ConnectionProfile profile;
    profile.baseUrl = QUrl(u"http://127.0.0.1:%1/api"_s.arg(session.port()));
    profile.apiKey = u"vr_secret"_s;
    StreamOptions options = quick();
    options.connectTimeout = 10s;  // looking for a name may take its time
    TerminalStream stream(profile, QUrl(u"ws://no-such-node.invalid:%1/pty"_s.arg(session.port())),
                          true, options);
    QTRY_VERIFY_WITH_TIMEOUT(session.isAttached(), 15000);
    QCOMPARE(session.request.rawHeader("X-API-Key"), "vr_secret"_ba);
    session.client()->abort();
    QTRY_COMPARE(session.attachments, 2);
}

void TerminalStreamTest::proxyIsObeyed_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("target");
    QTest::newRow("ws") << "http_proxy"_ba << u"ws://voidrun.invalid/pty"_s
                        << "voidrun.invalid:80"_ba;
    QTest::newRow("wss") << "https_proxy"_ba << u"wss://voidrun.invalid/pty"_s
                         << "voidrun.invalid:443"_ba;
}

// The way of the web pages of the same server, and no key for the proxy.
void TerminalStreamTest::proxyIsObeyed()
{
    QFETCH(QByteArray, variable);
    QFETCH(QString, url);
    QFETCH(QByteArray, target);
    ScriptedServer proxy;
    proxy.setReplies({ScriptedReply::json(502, "{}")});
    qputenv(variable.constData(),
            QByteArray("http://127.0.0.1:" + QByteArray::number(proxy.port())));
    const auto restore = qScopeGuard([&variable] { qunsetenv(variable.constData()); });
    ConnectionProfile profile;
    profile.baseUrl = QUrl(u"https://voidrun.invalid/api"_s);
    profile.apiKey = u"vr_secret"_s;
    const TerminalStream stream(profile, QUrl(url), false, quick());
    QTRY_COMPARE(proxy.requests().size(), 1);
    QCOMPARE(proxy.requests().first().method, "CONNECT"_ba);
    QCOMPARE(proxy.requests().first().target, target);
    QVERIFY(!proxy.sawHeader("x-api-key"));
}

void TerminalStreamTest::silentPeerIsNoticed()
{
    Session session(true);
    CuttingProxy proxy(session.port());
    StreamOptions options = quick();
    options.pingInterval = 50ms;
    options.deadAfter = 300ms;
    Reader reader(proxy.port(), true, options);
    QTRY_VERIFY(session.isAttached());
    session.print(lines(0, 10));
    QTRY_COMPARE(reader.got, session.output);
    // Alive for longer than the limit as long as pongs come.
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(timer.elapsed() > 600, 2000);
    QCOMPARE(reader.stream->state(), State::Live);
    proxy.setSilent(true);
    QTRY_VERIFY(reader.states.contains(State::Reconnecting));
    proxy.setSilent(false);
    QTRY_COMPARE(reader.stream->state(), State::Live);
    QTRY_VERIFY(session.isAttached());
    session.print(lines(100, 10));
    QTRY_COMPARE(reader.got, session.output);
}

void TerminalStreamTest::floodIsHeldBack()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    reader.paused = true;
    const QByteArray piece = lines(0, 5000);
    for (int i = 0; i < 200; ++i)
        session.print(piece);
    QVERIFY(session.output.size() > 16 * 1024 * 1024);
    QTRY_VERIFY(reader.stream->bytesAvailable() >= TerminalQueue::highMark);
    // The server cannot get rid of it, and we do not hold it.
    QVERIFY(reader.stream->bytesAvailable() <= 2 * TerminalQueue::highMark);
    QVERIFY(session.client()->bytesToWrite() > 1024 * 1024);
    reader.paused = false;
    reader.got += reader.stream->read(1 << 20);
    QTRY_COMPARE_WITH_TIMEOUT(reader.got.size(), session.output.size(), 30000);
    QVERIFY(reader.got == session.output);
}

void TerminalStreamTest::inputPassesAWaitingFlood()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    reader.paused = true;
    for (int i = 0; i < 50; ++i)
        session.print(lines(0, 5000));
    QTRY_VERIFY(reader.stream->bytesAvailable() >= TerminalQueue::highMark);
    QVERIFY(reader.stream->write("\x03"));
    QTRY_COMPARE(session.input, "\x03"_ba);
}

void TerminalStreamTest::destructionUnderAFloodIsQuick()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    reader.paused = true;
    for (int i = 0; i < 50; ++i)
        session.print(lines(0, 5000));
    QTRY_VERIFY(reader.stream->bytesAvailable() >= TerminalQueue::highMark);
    QElapsedTimer timer;
    timer.start();
    reader.stream.reset();
    QVERIFY(timer.elapsed() < 500);
}

void TerminalStreamTest::closeEndsOnce()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    QVERIFY(reader.stream->write("last words"));
    reader.stream->close();
    reader.stream->close();
    QVERIFY(reader.ends.isEmpty());  // never from inside the call
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::Cancelled);
    QTRY_VERIFY(!session.isAttached());
    QCOMPARE(session.input, "last words"_ba);
    QCOMPARE(reader.ends.size(), 1);
}

void TerminalStreamTest::hugeMessageIsRefused()
{
    Session session(false);
    Reader reader(session.port(), true);
    QTRY_VERIFY(session.isAttached());
    session.client()->sendBinaryMessage(QByteArray(17 * 1024 * 1024, 'x'));
    QTRY_COMPARE_WITH_TIMEOUT(reader.ends.size(), 1, 15000);
    QCOMPARE(reader.ends.first().kind, Kind::TooLarge);
    QVERIFY(!reader.ends.first().detail.isEmpty());
}

void TerminalStreamTest::protocolErrorsEnd_data()
{
    QTest::addColumn<QByteArray>("frame");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("reserved opcode") << QByteArray("\x83\x01x", 3) << Kind::NotVoidRun;
    QTest::newRow("reserved control opcode") << QByteArray("\x8b\x00", 2) << Kind::NotVoidRun;
    QTest::newRow("reserved bits") << QByteArray("\xf2\x01x", 3) << Kind::NotVoidRun;
    QTest::newRow("continuation of nothing") << QByteArray("\x80\x01x", 3) << Kind::NotVoidRun;
    QTest::newRow("text inside a text") << QByteArray("\x01\x01x\x01\x01y", 6) << Kind::NotVoidRun;
    QTest::newRow("cut control frame") << QByteArray("\x09\x01x", 3) << Kind::NotVoidRun;
    QTest::newRow("long control frame")
        << QByteArray("\x89\x7e\x00\xff", 4) + QByteArray(255, 'x') << Kind::NotVoidRun;
    QTest::newRow("negative length")
        << QByteArray("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10) << Kind::NotVoidRun;
    QTest::newRow("frame of 17 MiB")
        << QByteArray("\x82\x7f\x00\x00\x00\x00\x01\x10\x00\x00", 10) << Kind::TooLarge;
    QTest::newRow("frame of 4 EiB")
        << QByteArray("\x82\x7f\x40\x00\x00\x00\x00\x00\x00\x00", 10) << Kind::TooLarge;
    QTest::newRow("text that is no UTF-8") << QByteArray("\x81\x02\xc3\x28", 4) << Kind::NotVoidRun;
    QTest::newRow("close with a bad code") << QByteArray("\x88\x02\x00\x01", 4) << Kind::NotVoidRun;
    QTest::newRow("not WebSocket at all")
        << QByteArray("HTTP/1.1 400 Bad\r\n\r\n") << Kind::NotVoidRun;
}

// Output before the error arrives; the stream ends once, or comes back to be told the same again.
void TerminalStreamTest::protocolErrorsEnd()
{
    QFETCH(QByteArray, frame);
    QFETCH(Kind, kind);
    ScriptedServer server;
    server.setHandler([&](const SeenRequest &request) {
        const QByteArray key =
            request.header("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        const QByteArray accept =
            QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64();
        return ScriptedReply{.bytes =
                                 "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                                 accept + "\r\n\r\n\x82\x05hello" + frame};
    });
    Reader reader(server.port(), false);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.got, "hello"_ba);
    const Error &error = reader.ends.first();
    QVERIFY2(error.kind == kind,
             qPrintable(u"%1 %2"_s.arg(static_cast<int>(error.kind)).arg(error.detail)));
    if (kind == Kind::TooLarge)
        QVERIFY2(error.detail.contains("16 MiB"_L1), qPrintable(error.detail));
    // One whose session lives on does not ask again and again for the same.
    Reader persistent(server.port(), true);
    QTRY_COMPARE(persistent.ends.size(), 1);
    QCOMPARE(persistent.ends.first().kind, kind);
    QCOMPARE(server.requests().size(), 2);
}

void TerminalStreamTest::missingKeyAndAddress()
{
    Session session(false);
    Reader reader(session.port(), true, quick(), u""_s);
    QTRY_COMPARE(reader.ends.size(), 1);
    QCOMPARE(reader.ends.first().kind, Kind::MissingKey);
    Reader evil(session.port(), true, quick(), u"vr\r\nX: y"_s);
    QTRY_COMPARE(evil.ends.size(), 1);
    QCOMPARE(evil.ends.first().kind, Kind::InvalidInput);
    QCOMPARE(session.attachments, 0);
    // A base URL that was cleared is said by every kind of stream.
    ConnectionProfile cleared;
    cleared.apiKey = u"vr_secret"_s;
    Client client(cleared);
    const QString sandbox = u"0123456789abcdef01234567"_s;
    QList<Kind> kinds;
    const auto terminal = std::unique_ptr<TerminalStream>(client.openTerminal(sandbox, u"s"_s));
    connect(terminal.get(), &TerminalStream::finished, this,
            [&](const Error &error) { kinds.append(error.kind); });
    const auto output = client.execStream(sandbox, {.command = u"x"_s});
    connect(output.get(), &EventStream::finished, this,
            [&](const Result<ExitStatus> &result) { kinds.append(result.error().kind); });
    const auto watch = client.watch(sandbox, {.path = u"/app"_s});
    connect(watch.get(), &WatchStream::finished, this,
            [&](const Error &error) { kinds.append(error.kind); });
    QTRY_COMPARE(kinds.size(), 3);
    QCOMPARE(kinds.count(Kind::MissingBaseUrl), 3);
}

QTEST_GUILESS_MAIN(TerminalStreamTest)
#include "tst_terminalstream.moc"
