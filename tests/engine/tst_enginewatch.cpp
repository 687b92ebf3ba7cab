// SPDX-License-Identifier: MIT
#include <QWebSocket>

#include "engineundertest.h"

// files/watch: what is told, what is left out, and what happens when there is too much of it.
class TestEngineWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void changes_data();
    void changes();
    void eventFields();
    void uploadsAreSeenOnce();
    void newFoldersAreFollowed();
    void renamedFoldersAreFollowed();
    void notRecursive();
    void hiddenNames_data();
    void hiddenNames();
    void manyWritesAreFewEvents();
    void floodBecomesRescan();
    void slowReaderGetsRescan();
    void rootThatComesBack();
    void rootWhoseParentGoes();
    void oneFile();
    void eventsBeforeTheSocket();
    void laterSocketReplaces();
    void wholeSystem();
    void badRequests_data();
    void badRequests();
    void streamNeedsASocket();
    void sessionLimit();
    void unusedSessionsEnd();

private:
    QString start(const QString &path, bool recursive = true, bool ignoreHidden = true)
    {
        const Answer answer = m_engine.post(
            m_files + u"/watch"_s,
            {{u"path"_s, path}, {u"recursive"_s, recursive}, {u"ignoreHidden"_s, ignoreHidden}});
        return answer.data().toObject().value("sessionId"_L1).toString();
    }
    QString output(const QString &command) { return m_engine.output(m_id, command); }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_files;
};

namespace
{

// One socket on a watch and what it was told.
struct Watcher {
    QWebSocket socket;
    QList<QJsonObject> events;

    Watcher(const EngineUnderTest &engine, const QString &files, const QString &session)
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) {
                             events << QJsonDocument::fromJson(text.toUtf8()).object();
                         });
        QNetworkRequest request = engine.request(files + u"/watch/"_s + session + u"/stream"_s);
        QUrl url = request.url();
        url.setScheme(u"ws"_s);
        request.setUrl(url);
        socket.open(request);
    }

    // "created /app/x", "renamed /app/a /app/b"
    QStringList told() const
    {
        QStringList list;
        for (const QJsonObject &event : events) {
            QString line = event.value("type"_L1).toString();
            for (const auto key : {"oldPath"_L1, "path"_L1}) {
                if (event.contains(key))
                    line += u' ' + event.value(key).toString();
            }
            list << line;
        }
        return list;
    }
    bool isOpen() const { return socket.state() == QAbstractSocket::ConnectedState; }
};

}  // namespace

void TestEngineWatch::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    m_files = u"/sandboxes/"_s + m_id + u"/files"_s;
}

void TestEngineWatch::init()
{
    m_engine.exec(m_id,
                  u"cd /; rm -rf /app /else /dev/shm/*; mkdir /app /app/d /else; touch /app/d/f"_s);
}

void TestEngineWatch::changes_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("told");
    const auto row = [](const char *name, const QString &command, const QStringList &told) {
        QTest::newRow(name) << command << told;
    };
    row("new file", u"echo x > /app/n"_s, {u"created /app/n"_s});
    row("new folder", u"mkdir /app/n"_s, {u"created /app/n"_s});
    row("write", u"echo x >> /app/d/f"_s, {u"modified /app/d/f"_s});
    row("delete", u"rm /app/d/f"_s, {u"deleted /app/d/f"_s});
    row("delete folder", u"rm -r /app/d"_s, {u"deleted /app/d/f"_s, u"deleted /app/d"_s});
    row("rename", u"mv /app/d/f /app/g"_s, {u"renamed /app/d/f /app/g"_s});
    row("rename folder", u"mv /app/d /app/e"_s, {u"renamed /app/d /app/e"_s});
    row("mode", u"chmod 600 /app/d/f"_s, {u"chmod /app/d/f"_s});
    row("out", u"mv /app/d/f /else/f"_s, {u"deleted /app/d/f"_s});
    row("out, folder", u"mv /app/d /else/d; touch /else/d/x"_s, {u"deleted /app/d"_s});
    row("in", u"touch /else/x; mv /else/x /app/x"_s, {u"created /app/x"_s});
    row("in, folder", u"mkdir /else/x; touch /else/x/y; mv /else/x /app/x"_s,
        {u"created /app/x"_s, u"created /app/x/y"_s});
    row("link", u"ln -s d /app/l; touch /app/l/new"_s,
        {u"created /app/l"_s, u"created /app/d/new"_s});
    row("atomic save", u"echo x > /app/d/.f.tmp; mv /app/d/.f.tmp /app/d/f"_s,
        {u"created /app/d/f"_s});
    row("Unicode", u"touch '/app/grün 語'"_s, {u"created /app/grün 語"_s});
    row("short life", u"touch /app/t; rm /app/t"_s, {u"created /app/t"_s, u"deleted /app/t"_s});
}

void TestEngineWatch::changes()
{
    QFETCH(QString, command);
    QFETCH(QStringList, told);
    Watcher watcher(m_engine, m_files, start(u"/app"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(command);
    // Half a rename is told a moment later.
    output(u"sleep 0.1; touch /app/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/last"_s));
    QCOMPARE(watcher.told(), told << u"created /app/last"_s);
}

void TestEngineWatch::eventFields()
{
    Watcher watcher(m_engine, m_files, start(u"/app"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"echo text > /app/n"_s);
    QTRY_COMPARE(watcher.events.size(), 1);
    const QJsonObject event = watcher.events.first();
    QCOMPARE(event.keys(), QStringList({u"path"_s, u"size"_s, u"timestamp"_s, u"type"_s}));
    QCOMPARE(event.value("size"_L1).toInt(), 5);
    const QDateTime time =
        QDateTime::fromString(event.value("timestamp"_L1).toString(), Qt::ISODateWithMs);
    QVERIFY(qAbs(time.secsTo(QDateTime::currentDateTimeUtc())) < 60);
}

void TestEngineWatch::uploadsAreSeenOnce()
{
    Watcher watcher(m_engine, m_files, start(u"/app"_s, true, false));
    QTRY_VERIFY(watcher.isOpen());
    QCOMPARE(m_engine.call("POST", m_files + u"/upload?path=/app/up"_s, "content").status, 200);
    QTRY_COMPARE(watcher.told(), QStringList{u"created /app/up"_s});
    QCOMPARE(m_engine.call("POST", m_files + u"/upload?path=/app/up"_s, "again").status, 200);
    QTRY_COMPARE(watcher.events.size(), 2);
    for (const QString &line : watcher.told())
        QVERIFY2(line.endsWith(u" /app/up"_s), qPrintable(line));
}

// However fast they are filled.
void TestEngineWatch::newFoldersAreFollowed()
{
    Watcher watcher(m_engine, m_files, start(u"/app"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(
        u"for i in $(seq 20); do mkdir -p /app/n$i/a/b; touch /app/n$i/a/b/f; done; "
        "sleep 0.3; touch /app/n7/a/b/late"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/n7/a/b/late"_s));
    const QStringList told = watcher.told();
    for (int i = 1; i <= 20; ++i) {
        for (const QString &path : {u""_s, u"/a"_s, u"/a/b"_s, u"/a/b/f"_s})
            QCOMPARE(told.count(u"created /app/n%1%2"_s.arg(i).arg(path)), 1);
    }
}

void TestEngineWatch::renamedFoldersAreFollowed()
{
    output(u"mkdir -p /app/d/in"_s);
    Watcher watcher(m_engine, m_files, start(u"/app"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"mv /app/d /app/e; touch /app/e/in/x; mkdir /app/d; touch /app/d/y"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/d/y"_s));
    QCOMPARE(watcher.told(), QStringList({u"renamed /app/d /app/e"_s, u"created /app/e/in/x"_s,
                                          u"created /app/d"_s, u"created /app/d/y"_s}));
}

void TestEngineWatch::notRecursive()
{
    Watcher watcher(m_engine, m_files, start(u"/app"_s, false));
    QTRY_VERIFY(watcher.isOpen());
    output(u"touch /app/d/deep; mkdir -p /app/n/m; touch /app/n/deep /app/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/last"_s));
    QCOMPARE(watcher.told(), QStringList({u"created /app/n"_s, u"created /app/last"_s}));
}

void TestEngineWatch::hiddenNames_data()
{
    QTest::addColumn<bool>("ignored");
    QTest::addColumn<QStringList>("told");
    QTest::newRow("ignored") << true
                             << QStringList({u"created /app/shown"_s, u"deleted /app/shown"_s,
                                             u"created /app/last"_s});
    QTest::newRow("told") << false
                          << QStringList({u"created /app/.x"_s, u"created /app/.h"_s,
                                          u"created /app/.h/in"_s, u"renamed /app/.x /app/shown"_s,
                                          u"renamed /app/shown /app/.y"_s, u"created /app/last"_s});
}

void TestEngineWatch::hiddenNames()
{
    QFETCH(bool, ignored);
    Watcher watcher(m_engine, m_files, start(u"/app"_s, true, ignored));
    QTRY_VERIFY(watcher.isOpen());
    output(
        u"touch /app/.x; mkdir /app/.h; touch /app/.h/in; sleep 0.2; "
        "mv /app/.x /app/shown; sleep 0.2; mv /app/shown /app/.y; sleep 0.2; touch /app/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/last"_s));
    QTEST(watcher.told(), "told");
}

void TestEngineWatch::manyWritesAreFewEvents()
{
    Watcher watcher(m_engine, m_files, start(u"/app"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"for i in $(seq 20000); do echo $i; done > /app/d/f; touch /app/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/last"_s));
    QVERIFY2(watcher.events.size() < 100, QByteArray::number(watcher.events.size()).constData());
    QCOMPARE(watcher.told().count(u"rescan /app"_s), 0);
}

void TestEngineWatch::floodBecomesRescan()
{
    output(u"mkdir -p /dev/shm/d"_s);  // in memory: some disks are slower than a reader
    Watcher watcher(m_engine, m_files, start(u"/dev/shm"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"python3 -c \"for i in range(6000): open('/dev/shm/d/%d' % i, 'w').close()\""_s);
    output(u"sleep 0.3; touch /dev/shm/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /dev/shm/last"_s));
    const qsizetype rescans = watcher.told().count(u"rescan /dev/shm"_s);
    QVERIFY(rescans > 0 || watcher.events.size() >= 6'001);
}

void TestEngineWatch::slowReaderGetsRescan()
{
    output(u"mkdir -p /dev/shm/d"_s);
    const QString session = start(u"/dev/shm"_s);
    QTcpSocket socket;  // attaches and never reads
    QVERIFY(socket.bind(QHostAddress::LocalHost));
    socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 4096);
    socket.setReadBufferSize(1024);
    socket.connectToHost(u"127.0.0.1"_s, m_engine.port());
    socket.write("GET /api" + m_files.toUtf8() + "/watch/" + session.toUtf8() +
                 "/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + m_engine.key() +
                 "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    QVERIFY(socket.waitForReadyRead());
    // More than the network holds, and not so quickly that it were told as one rescan.
    output(
        u"python3 -c \"import os,time\nfor i in range(8000):\n open('/dev/shm/d/'+'n'*240, "
        u"'w').close()\n"
        " os.remove('/dev/shm/d/'+'n'*240)\n if i%500==0: time.sleep(0.1)\""_s);
    qint64 memory = 0;
    for (const QString &agent : EngineUnderTest::processesWith(u"agent"_s + QChar(0) + m_id))
        memory = std::max(memory, EngineUnderTest::peakMemory(agent.section(u' ', 0, 0)));
    QVERIFY2(memory > 0 && memory < 64 * 1024, QByteArray::number(memory).constData());
    Watcher watcher(m_engine, m_files, session);
    QTRY_VERIFY(watcher.told().contains(u"rescan /dev/shm"_s));
    output(u"touch /dev/shm/last"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /dev/shm/last"_s));
}

void TestEngineWatch::rootThatComesBack()
{
    Watcher watcher(m_engine, m_files, start(u"/app/d"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"cd /; rm -r /app/d; sleep 0.2; mkdir -p /app/d/sub; touch /app/d/sub/x"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/d/sub/x"_s));
    QCOMPARE(watcher.told(),
             QStringList({u"deleted /app/d/f"_s, u"deleted /app/d"_s, u"created /app/d"_s,
                          u"created /app/d/sub"_s, u"created /app/d/sub/x"_s}));
    output(
        u"cd /; mv /app/d /app/e; touch /app/e/unseen; sleep 0.2; mv /app/e /app/d; touch /app/d/seen"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/d/seen"_s));
    QCOMPARE(watcher.told().count(u"deleted /app/d"_s), 2);
    QCOMPARE(watcher.told().count(u"created /app/d"_s), 2);
}

void TestEngineWatch::rootWhoseParentGoes()
{
    output(u"mkdir -p /app/p/q/r"_s);
    Watcher watcher(m_engine, m_files, start(u"/app/p/q/r"_s));
    QTRY_VERIFY(watcher.isOpen());
    for (int round = 1; round <= 3; ++round) {
        output(
            u"rm -r /app/p; sleep 0.2; mkdir /app/p; sleep 0.1; mkdir -p /app/p/q/r; touch /app/p/q/r/x%1"_s
                .arg(round));
        QTRY_VERIFY(watcher.told().contains(u"created /app/p/q/r/x%1"_s.arg(round)));
        QCOMPARE(watcher.told().count(u"deleted /app/p/q/r"_s), round);
        QCOMPARE(watcher.told().count(u"created /app/p/q/r"_s), round);
    }
}

void TestEngineWatch::oneFile()
{
    Watcher watcher(m_engine, m_files, start(u"/app/d/f"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(
        u"touch /app/d/other; echo x > /app/d/f; sleep 0.2; rm /app/d/f; sleep 0.2; echo y > "
        u"/app/d/f; "
        "sleep 0.2; echo z > /app/d/.g; mv /app/d/.g /app/d/f"_s);
    const QString file = u" /app/d/f"_s;
    QTRY_COMPARE(watcher.told(), QStringList({u"modified"_s + file, u"deleted"_s + file,
                                              u"created"_s + file, u"created"_s + file}));
}

void TestEngineWatch::eventsBeforeTheSocket()
{
    const QString session = start(u"/app"_s);
    output(u"touch /app/early"_s);
    Watcher watcher(m_engine, m_files, session);
    QTRY_COMPARE(watcher.told(), QStringList{u"created /app/early"_s});
}

void TestEngineWatch::laterSocketReplaces()
{
    const QString session = start(u"/app"_s);
    Watcher first(m_engine, m_files, session);
    QTRY_VERIFY(first.isOpen());
    Watcher second(m_engine, m_files, session);
    QTRY_COMPARE(first.socket.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(second.isOpen());
    output(u"touch /app/x"_s);
    QTRY_COMPARE(second.told(), QStringList{u"created /app/x"_s});
    second.socket.abort();
    // A gap without a socket loses nothing.
    output(u"sleep 0.3; touch /app/gap"_s);
    Watcher third(m_engine, m_files, session);
    QTRY_COMPARE(third.told(), QStringList{u"created /app/gap"_s});
}

// The kernel's own file systems are left alone, and it comes to an end.
void TestEngineWatch::wholeSystem()
{
    Watcher watcher(m_engine, m_files, start(u"/"_s));
    QTRY_VERIFY(watcher.isOpen());
    output(u"touch /app/x"_s);
    QTRY_VERIFY(watcher.told().contains(u"created /app/x"_s) ||
                watcher.told().contains(u"rescan /"_s));
}

void TestEngineWatch::badRequests_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &body, int status = 400) {
        QTest::newRow(name) << body << status;
    };
    row("nothing", "{}");
    row("no object", "[]");
    row("relative", R"({"path":"app"})");
    row("path type", R"({"path":1})");
    row("NUL", R"({"path":"/app\u0000"})");
    row("too long", "{\"path\":\"/" + QByteArray(4096, 'a') + "\"}");
    row("recursive type", R"({"path":"/app","recursive":"yes"})");
    row("ignoreHidden type", R"({"path":"/app","ignoreHidden":1})");
    row("missing", R"({"path":"/nowhere"})", 404);
}

void TestEngineWatch::badRequests()
{
    QFETCH(QByteArray, body);
    const Answer answer = m_engine.call("POST", m_files + u"/watch"_s, body);
    QTEST(answer.status, "status");
    QVERIFY(!answer.error().isEmpty());
}

void TestEngineWatch::streamNeedsASocket()
{
    const QString watch = m_files + u"/watch"_s;
    QCOMPARE(m_engine.get(watch).status, 405);
    QCOMPARE(m_engine.get(watch + u"/x/stream"_s).status, 404);
    const QString session = start(u"/app"_s);
    QVERIFY(QUuid::fromString(session).version() == QUuid::Random);
    QCOMPARE(m_engine.get(watch + u'/' + session + u"/stream"_s).status, 400);
    QCOMPARE(m_engine.post(watch + u'/' + session + u"/stream"_s).status, 405);
    QCOMPARE(m_engine.get(watch + u'/' + session).status, 404);
}

// Those in use stay; of the others the oldest gives way.
void TestEngineWatch::sessionLimit()
{
    std::vector<std::unique_ptr<Watcher>> watchers;
    const QString unused = start(u"/app"_s);
    for (int i = 0; i < 32; ++i) {
        const QString session = start(u"/app"_s);
        QVERIFY(!session.isEmpty());
        watchers.push_back(std::make_unique<Watcher>(m_engine, m_files, session));
        QTRY_VERIFY(watchers.back()->isOpen());
    }
    QCOMPARE(m_engine.get(m_files + u"/watch/"_s + unused + u"/stream"_s).status, 404);
    const Answer refused = m_engine.post(m_files + u"/watch"_s, {{u"path"_s, u"/app"_s}});
    QCOMPARE(refused.status, 429);
    QVERIFY(!refused.error().isEmpty());
    output(u"touch /app/x"_s);
    for (const auto &watcher : watchers)
        QTRY_COMPARE(watcher->told(), QStringList{u"created /app/x"_s});
}

// A minute without a socket; looked at only in the long tests.
void TestEngineWatch::unusedSessionsEnd()
{
    const QString session = start(u"/app"_s);
    const QString path = m_files + u"/watch/"_s + session + u"/stream"_s;
    QCOMPARE(m_engine.get(path).status, 400);
    if (qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS"))
        QTRY_COMPARE_WITH_TIMEOUT(m_engine.get(path).status, 404, 90'000);
}

QTEST_GUILESS_MAIN(TestEngineWatch)
#include "tst_enginewatch.moc"
