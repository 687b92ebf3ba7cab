// SPDX-License-Identifier: MIT
#include <QRandomGenerator>

#include "engineundertest.h"

// The file calls: names, bytes, and what must not happen to what is there.
class TestEngineFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void oddNames_data();
    void oddNames();
    void bytesSurvive_data();
    void bytesSurvive();
    void largeFilesOnOneConnection();
    void uploadKeepsModeAndReplaces();
    void uploadThroughLink();
    void cutUploadLeavesTheOldFile_data();
    void cutUploadLeavesTheOldFile();
    void fullDiskLeavesTheOldFile();
    void refusals_data();
    void refusals();
    void downloadNeverBlocks();
    void listing();
    void largeListing();
    void tools();
    void toolFailures_data();
    void toolFailures();
    void plusIsSpace();

private:
    QString path(const QString &call) const { return u"/sandboxes/"_s + m_id + u"/files"_s + call; }
    static QString encoded(const QString &text)
    {
        return QString::fromLatin1(QUrl::toPercentEncoding(text));
    }
    Answer upload(const QString &target, const QByteArray &bytes)
    {
        return m_engine.call("POST", path(u"/upload?path="_s + encoded(target)), bytes);
    }
    Answer download(const QString &target)
    {
        return m_engine.get(path(u"/download?path="_s + encoded(target)));
    }
    QJsonObject tool(const QByteArray &method, const QString &call)
    {
        return m_engine.call(method, path(call)).data().toObject();
    }
    EngineUnderTest m_engine;
    QString m_id;
};

namespace
{

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator generator(42);
    for (char &byte : bytes)
        byte = static_cast<char>(generator.bounded(256));
    return bytes;
}

}  // namespace

void TestEngineFiles::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
}

void TestEngineFiles::init()
{
    m_engine.exec(m_id, u"rm -rf /app/* /app/.[!.]*"_s);
}

void TestEngineFiles::oddNames_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name :
         {u"plain"_s,        u"with space"_s,  u" leading"_s,      u"quote'\"`"_s,
          u"per%cent%20"_s,  u"plus+plus"_s,   u"hash#tag"_s,      u"question?&=;"_s,
          u"grün-語-🙂"_s,   u"-rf"_s,         u"--help"_s,        u"new\nline"_s,
          u"tab\tbell\a"_s,  u"back\\slash"_s, u"star*[a-z]{1}"_s, u"$HOME $(id)"_s,
          u"..."_s,          u".hidden"_s,     u"e\u0301"_s,       u"trailing "_s,
          QString(255, u'n')})
        QTest::newRow(qPrintable(name.left(20))) << name;
}

void TestEngineFiles::oddNames()
{
    QFETCH(QString, name);
    const QByteArray bytes = name.toUtf8() + " content";
    const QString file = u"/app/odd/"_s + name;
    QCOMPARE(upload(file, bytes).status, 200);
    const QJsonArray files = m_engine.get(path(u"?path="_s + encoded(u"/app/odd"_s)))
                                 .data()
                                 .toObject()
                                 .value("files"_L1)
                                 .toArray();
    QCOMPARE(files.size(), 1);
    QCOMPARE(files.at(0).toObject().value("name"_L1).toString(), name);
    QCOMPARE(download(file).body, bytes);
    const QJsonObject stat = tool("GET", u"/stat?path="_s + encoded(file));
    const QJsonObject info =
        QJsonDocument::fromJson(stat.value("stdout"_L1).toString().toUtf8()).object();
    QCOMPARE(info.value("path"_L1).toString(), file);
    QCOMPARE(info.value("size"_L1).toInt(), bytes.size());
    const QString copy = encoded(file) + u"2"_s;
    if (name.size() < 255) {
        QCOMPARE(tool("POST", u"/copy?from="_s + encoded(file) + u"&to="_s + copy)
                     .value("exitCode"_L1)
                     .toInt(-1),
                 0);
        QCOMPARE(tool("DELETE", u"?path="_s + copy).value("exitCode"_L1).toInt(-1), 0);
    }
    const QString moved = u"/app/elsewhere/"_s + name;
    QCOMPARE(tool("POST", u"/move?from="_s + encoded(file) + u"&to="_s + encoded(moved))
                 .value("exitCode"_L1)
                 .toInt(-1),
             0);
    QCOMPARE(download(moved).body, bytes);
    QCOMPARE(download(file).status, 404);
}

void TestEngineFiles::bytesSurvive_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("chunked");
    for (const qsizetype size : {0, 1, 4095, 65535, 65536, 65537, 3'000'001}) {
        QTest::addRow("%lld, known", static_cast<long long>(size)) << size << false;
        QTest::addRow("%lld, chunked", static_cast<long long>(size)) << size << true;
    }
}

void TestEngineFiles::bytesSurvive()
{
    QFETCH(qsizetype, size);
    QFETCH(bool, chunked);
    const QByteArray bytes = randomBytes(size);
    if (chunked) {
        QByteArray request = "POST /api/sandboxes/" + m_id.toUtf8() +
                             "/files/upload?path=/app/file HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                             "X-API-Key: " + m_engine.key() +
                             "\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n";
        for (qsizetype at = 0; at < size; at += 50'000) {
            const QByteArray chunk = bytes.mid(at, 50'000);
            request += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
        }
        const QByteArray answer = m_engine.raw(request + "0\r\n\r\n", "}}");
        QVERIFY2(answer.startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 "),
                 answer.constData());
    } else {
        QCOMPARE(upload(u"/app/file"_s, bytes).status, 200);
    }
    QNetworkAccessManager network;
    QNetworkReply *reply = network.get(m_engine.request(path(u"/download?path=/app/file"_s)));
    const Answer answer = m_engine.finish(reply);
    QCOMPARE(answer.status, 200);
    QCOMPARE(reply->header(QNetworkRequest::ContentLengthHeader).toLongLong(), size);
    QCOMPARE(answer.body.size(), size);
    QVERIFY(answer.body == bytes);
}

// Large bodies go through the kernel, past what frames them: nothing may be left over or missing,
// and what engine and agent agree on stays between them.
void TestEngineFiles::largeFilesOnOneConnection()
{
    const QByteArray bytes = randomBytes(3'000'001);
    const QByteArray more = "X-Pass-File: 1\r\nX-Passed-File: 1\r\n";
    const auto head = [&](const QByteArray &method, const QByteArray &call) {
        return method + " /api/sandboxes/" + m_id.toUtf8() + "/files/" + call +
               "?path=/app/large HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + m_engine.key() +
               "\r\n" + more;
    };
    const QByteArray download = head("GET", "download") + "\r\n";
    const QByteArray answer =
        m_engine.raw(head("POST", "upload") + "Content-Length: 3000001\r\n\r\n" + bytes + download +
                         download + head("GET", "stat") + "Connection: close\r\n\r\n",
                     "regular file", 20'000);
    QCOMPARE(answer.count("HTTP/1.1 200 "), 4);
    QVERIFY(!answer.contains("X-Pass"));
    const qsizetype first = answer.indexOf(bytes);
    QVERIFY(first > 0);
    QVERIFY(answer.indexOf(bytes, first + bytes.size()) > first);
}

void TestEngineFiles::uploadKeepsModeAndReplaces()
{
    QCOMPARE(upload(u"/app/file"_s, "first").status, 200);
    QCOMPARE(m_engine.output(m_id, u"stat -c %a file; chmod 751 file; exec 9<file; rm -f x"_s),
             u"644\n"_s);
    QCOMPARE(upload(u"/app/file"_s, "second").status, 200);
    QCOMPARE(m_engine.output(m_id, u"stat -c '%a %s' file; ls -A"_s), u"751 6\nfile\n"_s);
}

void TestEngineFiles::uploadThroughLink()
{
    m_engine.exec(m_id, u"echo old > real; ln -s real link; ln -s nowhere broken"_s);
    QCOMPARE(upload(u"/app/link"_s, "new").status, 200);
    QCOMPARE(m_engine.output(m_id, u"cat real; readlink link"_s), u"newreal\n"_s);
    QCOMPARE(upload(u"/app/broken"_s, "new").status, 200);
    QCOMPARE(m_engine.output(m_id, u"cat broken"_s), u"new"_s);
}

void TestEngineFiles::cutUploadLeavesTheOldFile_data()
{
    QTest::addColumn<bool>("chunked");
    QTest::addColumn<QString>("folder");
    QTest::newRow("known length") << false << u"/app"_s;
    QTest::newRow("chunked") << true << u"/app"_s;
    QTest::newRow("over /usr") << false << u"/usr/local"_s;
}

void TestEngineFiles::cutUploadLeavesTheOldFile()
{
    QFETCH(bool, chunked);
    QFETCH(QString, folder);
    QCOMPARE(upload(folder + u"/file"_s, "old content").status, 200);
    const QByteArray framing =
        chunked ? "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" : "Content-Length: 100000\r\n\r\n";
    const QByteArray request =
        "POST /api/sandboxes/" + m_id.toUtf8() + "/files/upload?path=" + folder.toUtf8() +
        "/file HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "X-API-Key: " + m_engine.key() + "\r\n" + framing;
    for (const int size : {0, 1, 60'000, 99'999}) {
        QTcpSocket socket;
        socket.connectToHost(u"127.0.0.1"_s, m_engine.port());
        QVERIFY(socket.waitForConnected());
        socket.write(request + QByteArray(size, 'n'));
        QVERIFY(socket.waitForBytesWritten());
        socket.disconnectFromHost();
        QVERIFY(socket.state() == QTcpSocket::UnconnectedState || socket.waitForDisconnected());
    }
    QTRY_COMPARE(
        m_engine.output(m_id, u"cd "_s + folder +
                                  u"; ls -A | grep -v -e '^bin' -e '^etc' -e games -e "
                                  "include -e lib -e man -e sbin -e share -e src; cat file"_s),
        u"file\nold content"_s);
}

// A limit on file sizes stands for the disk that is full in the middle of a write.
void TestEngineFiles::fullDiskLeavesTheOldFile()
{
    EngineUnderTest engine;
    QVERIFY2(engine.start({u"prlimit"_s, u"--fsize=1000000"_s}), engine.log().constData());
    const QString id = engine.createSandbox(u"one"_s);
    const QString target = u"/sandboxes/"_s + id + u"/files/upload?path=/app/file"_s;
    QCOMPARE(engine.call("POST", target, "old content").status, 200);
    const Answer answer = engine.call("POST", target, randomBytes(3'000'000));
    QCOMPARE(answer.status, 507);
    QVERIFY(!answer.error().isEmpty());
    QCOMPARE(engine.output(id, u"ls -A; cat file"_s), u"file\nold content"_s);
}

void TestEngineFiles::refusals_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &method, const QString &call,
                        int status) { QTest::newRow(name) << method << call << status; };
    row("list without path", "GET", {}, 400);
    row("list relative", "GET", u"?path=app"_s, 400);
    row("list missing", "GET", u"?path=/nowhere"_s, 404);
    row("list a file", "GET", u"?path=/etc/passwd"_s, 400);
    row("too long", "GET", u"?path=/"_s + QString(4096, u'a'), 400);
    row("name too long", "GET", u"?path=/"_s + QString(300, u'a'), 400);
    row("download missing", "GET", u"/download?path=/nowhere"_s, 404);
    row("download a folder", "GET", u"/download?path=/etc"_s, 400);
    row("download a device", "GET", u"/download?path=/dev/zero"_s, 400);
    row("download bad name", "GET", u"/download?path=/app/%FF%FE"_s, 404);
    row("upload without path", "POST", u"/upload"_s, 400);
    row("upload relative", "POST", u"/upload?path=x"_s, 400);
    row("upload over a folder", "POST", u"/upload?path=/etc"_s, 400);
    row("upload with slash", "POST", u"/upload?path=/app/x/"_s, 400);
    row("upload over a device", "POST", u"/upload?path=/dev/null"_s, 400);
    row("upload below a file", "POST", u"/upload?path=/etc/passwd/x"_s, 400);
    row("upload into proc", "POST", u"/upload?path=/proc/x"_s, 403);
    row("mkdir without path", "POST", u"/mkdir"_s, 400);
    row("move without target", "POST", u"/move?from=/app/x"_s, 400);
    row("chmod without mode", "POST", u"/chmod?path=/app"_s, 400);
    row("chmod bad mode", "POST", u"/chmod?path=/app&mode=888"_s, 400);
    row("chmod long mode", "POST", u"/chmod?path=/app&mode=00755"_s, 400);
    row("chmod words", "POST", u"/chmod?path=/app&mode=u%2Bx"_s, 400);
    row("wrong method", "POST", u"/download?path=/etc/passwd"_s, 405);
    row("unknown", "GET", u"/unknown?path=/"_s, 404);
}

void TestEngineFiles::refusals()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    QFETCH(int, status);
    const Answer answer = m_engine.call(method, path(call), method == "POST" ? "body" : "");
    QCOMPARE(answer.status, status);
    QVERIFY2(!answer.error().isEmpty(), answer.body.constData());
}

void TestEngineFiles::downloadNeverBlocks()
{
    m_engine.exec(m_id, u"mkfifo /app/fifo"_s);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(download(u"/app/fifo"_s).status, 400);
    QCOMPARE(upload(u"/app/fifo"_s, "x").status, 400);
    QVERIFY(timer.elapsed() < 2000);
    QVERIFY(download(u"/proc/cpuinfo"_s).body.size() > 10);
}

void TestEngineFiles::listing()
{
    m_engine.exec(m_id,
                  u"mkdir -m 700 folder; printf abc > file; chmod 640 file; "
                  "touch -d '2024-02-29T12:34:56.789Z' file; ln -s /etc/passwd link; "
                  "ln -s folder dirlink; printf x > \"$(printf 'bad\\377name')\""_s);
    const QJsonObject data = m_engine.get(path(u"?path=/app"_s)).data().toObject();
    QCOMPARE(data.value("success"_L1).toBool(), true);
    QMap<QString, QJsonObject> files;
    for (const QJsonValue &file : data.value("files"_L1).toArray())
        files[file.toObject().value("name"_L1).toString()] = file.toObject();
    QCOMPARE(files.keys(),
             QStringList({u"bad\uFFFDname"_s, u"dirlink"_s, u"file"_s, u"folder"_s, u"link"_s}));
    const QJsonObject expected{
        {u"name"_s, u"file"_s}, {u"path"_s, u"/app/file"_s},
        {u"size"_s, 3},         {u"mode"_s, u"0640"_s},
        {u"isDir"_s, false},    {u"modTime"_s, u"2024-02-29T12:34:56.789000000Z"_s}};
    QCOMPARE(files.value(u"file"_s), expected);
    QCOMPARE(files.value(u"folder"_s).value("isDir"_L1).toBool(), true);
    QCOMPARE(files.value(u"folder"_s).value("mode"_L1).toString(), u"0700"_s);
    QCOMPARE(files.value(u"link"_s).value("isSymlink"_L1).toBool(), true);
    QCOMPARE(files.value(u"dirlink"_s).value("isDir"_L1).toBool(true), false);
}

void TestEngineFiles::largeListing()
{
    m_engine.exec(m_id,
                  u"mkdir many; python3 -c \"for i in range(100000): "
                  "open('/app/many/f%d' % i, 'w').close()\""_s);
    const Answer answer = m_engine.get(path(u"?path=/app/many"_s));
    const QJsonArray files = answer.data().toObject().value("files"_L1).toArray();
    QCOMPARE(files.size(), 100'000);
    const QStringList agents = EngineUnderTest::processesWith(u"agent"_s + QChar(0) + m_id);
    QCOMPARE(agents.size() >= 1, true);
    QVERIFY(EngineUnderTest::peakMemory(QString::number(m_engine.process().processId())) <
            64 * 1024);
    QCOMPARE(tool("DELETE", u"?path=/app/many"_s).value("exitCode"_L1).toInt(-1), 0);
}

void TestEngineFiles::tools()
{
    const auto succeeds = [&](const QByteArray &method, const QString &call) {
        const QJsonObject result = tool(method, call);
        if (result.value("exitCode"_L1).toInt(-1) != 0)
            qWarning() << call << result;
        return result.value("exitCode"_L1).toInt(-1) == 0;
    };
    QVERIFY(succeeds("POST", u"/mkdir?path=/app/a/b/c"_s));
    QVERIFY(succeeds("POST", u"/mkdir?path=/app/a/b/c"_s));
    QVERIFY(succeeds("POST", u"/create?path=/app/a/new/file"_s));
    QVERIFY(succeeds("POST", u"/chmod?path=/app/a/new/file&mode=0751"_s));
    m_engine.exec(m_id, u"echo text > a/new/file; ln -s /etc a/new/link; mkfifo a/fifo"_s);
    QCOMPARE(tool("POST", u"/copy?from=/app/a&to=/app/deep/copy"_s).value("exitCode"_L1).toInt(),
             1);
    QVERIFY(succeeds("DELETE", u"?path=/app/a/fifo"_s));
    QVERIFY(succeeds("POST", u"/copy?from=/app/a&to=/app/deep/copy"_s));
    QCOMPARE(m_engine.output(m_id, u"cd deep/copy/new; stat -c '%a %F' file link; cat file"_s),
             u"751 regular file\n777 symbolic link\ntext\n"_s);
    QVERIFY(succeeds("POST", u"/move?from=/app/deep/copy&to=/usr/local/moved/here"_s));
    QCOMPARE(m_engine.output(m_id, u"cat /usr/local/moved/here/new/file; ls deep"_s), u"text\n"_s);
    QVERIFY(succeeds("DELETE", u"?path=/app/a/new/link"_s));
    QVERIFY(succeeds("DELETE", u"?path=/app/a/"_s));
    QCOMPARE(m_engine.output(m_id, u"ls -d /etc; ls -A /app"_s), u"/etc\ndeep\n"_s);
}

void TestEngineFiles::toolFailures_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    const auto row = [](const char *name, const QByteArray &method, const QString &call) {
        QTest::newRow(name) << method << call;
    };
    row("stat missing", "GET", u"/stat?path=/nowhere"_s);
    row("delete missing", "DELETE", u"?path=/nowhere"_s);
    row("delete root", "DELETE", u"?path=/"_s);
    row("delete dots", "DELETE", u"?path=/app/.."_s);
    row("mkdir over a file", "POST", u"/mkdir?path=/app/file"_s);
    row("create below a file", "POST", u"/create?path=/app/file/x"_s);
    row("move missing", "POST", u"/move?from=/nowhere&to=/app/x"_s);
    row("move over a folder", "POST", u"/move?from=/app/file&to=/app/folder"_s);
    row("move folder over file", "POST", u"/move?from=/app/folder&to=/app/file"_s);
    row("move into itself", "POST", u"/move?from=/app/folder&to=/app/folder/in/x"_s);
    row("copy missing", "POST", u"/copy?from=/nowhere&to=/app/x"_s);
    row("copy over a folder", "POST", u"/copy?from=/app/file&to=/app/folder"_s);
    row("copy into itself", "POST", u"/copy?from=/app/folder&to=/app/folder/in/x"_s);
    row("copy over itself", "POST", u"/copy?from=/app/file&to=/app/file"_s);
    row("copy folder over file", "POST", u"/copy?from=/app/folder&to=/app/file"_s);
    row("chmod missing", "POST", u"/chmod?path=/nowhere&mode=755"_s);
}

void TestEngineFiles::toolFailures()
{
    m_engine.exec(m_id, u"echo content > file; mkdir -p folder/in; touch folder/in/keep"_s);
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    const Answer answer = m_engine.call(method, path(call));
    QCOMPARE(answer.status, 200);
    const QJsonObject result = answer.data().toObject();
    QVERIFY2(result.value("exitCode"_L1).toInt(0) != 0, answer.body.constData());
    QVERIFY(!result.value("stderr"_L1).toString().isEmpty());
    QCOMPARE(m_engine.output(m_id, u"cat file; find folder"_s),
             u"content\nfolder\nfolder/in\nfolder/in/keep\n"_s);
}

void TestEngineFiles::plusIsSpace()
{
    m_engine.exec(m_id, u"printf space > 'a b'; printf plus > a+b"_s);
    QCOMPARE(m_engine.get(path(u"/download?path=/app/a+b"_s)).body, QByteArray("space"));
    QCOMPARE(m_engine.get(path(u"/download?path=/app/a%2Bb"_s)).body, QByteArray("plus"));
}

QTEST_GUILESS_MAIN(TestEngineFiles)
#include "tst_enginefiles.moc"
