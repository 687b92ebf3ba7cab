// SPDX-License-Identifier: MIT
#include <QWebSocket>

#include "guestcall.h"

// Every guest call of the contract (api.md, sections 3 to 5): its good case by shape, and each bad
// one. $P stands for a background command, $H for a shell session, $S for a terminal, $W for a
// watch.
class TestEngineGuestConformance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void good_data();
    void good();
    void sockets_data();
    void sockets();
    void bad_data();
    void bad();
    void everyCall_data();
    void everyCall();

private:
    void start();
    QString filled(QString text) const
    {
        return text.replace(u"$P"_s, m_command)
            .replace(u"$H"_s, m_shell)
            .replace(u"$S"_s, m_terminal)
            .replace(u"$W"_s, m_watch);
    }
    QString path(const QString &call) const { return u"/sandboxes/"_s + m_id + filled(call); }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_command;
    QString m_shell;
    QString m_terminal;
    QString m_watch;
};

namespace
{

struct Call {
    const char *method;
    const char *path;
    const char *body;
    // What the answer must have: "a.b:type", types s(tring) n(umber) b(oolean) a(rray) o(bject);
    // "text:…" is the content type of a stream.
    const char *shape;
};

// One row for each row of the contract.
constexpr Call calls[] = {
    {"POST", "/exec",
     R"({"command":"echo $A; pwd","timeout":5,"env":{"A":"b"},"cwd":"/tmp","args":[]})",
     "status:s message:s data.stdout:s data.exitCode:n"},
    {"POST", "/exec-stream", R"({"command":"echo a"})", "text:text/event-stream"},
    {"POST", "/commands/run", R"({"command":"true","env":{},"cwd":"/","timeout":900})",
     "success:b pid:n command:s"},
    {"GET", "/commands/list", "", "success:b processes:a"},
    {"POST", "/commands/attach", R"({"pid":$P})", "text:text/event-stream"},
    {"POST", "/commands/wait", R"({"pid":$P})", "success:b exitCode:n"},
    {"POST", "/commands/kill", R"({"pid":$P})", "success:b message:s"},
    {"POST", "/session-exec", R"({"action":"create","shell":"/bin/sh","cols":80,"rows":24})",
     "success:b sessionId:s output:s"},
    {"POST", "/session-exec", R"({"action":"exec","sessionId":"$H","command":"echo a"})",
     "success:b sessionId:s output:s exitCode:n"},
    {"POST", "/session-exec", R"({"action":"input","sessionId":"$H","input":"a\n"})",
     "success:b sessionId:s output:s"},
    {"POST", "/session-exec", R"({"action":"resize","sessionId":"$H","cols":100,"rows":30})",
     "success:b sessionId:s output:s"},
    {"POST", "/session-exec-stream", R"({"sessionId":"$H","command":"echo a"})",
     "text:application/x-ndjson"},
    {"POST", "/session-exec", R"({"action":"close","sessionId":"$H"})",
     "success:b sessionId:s output:s"},
    {"GET", "/files?path=/etc", "", "data.success:b data.files:a"},
    {"GET", "/files/stat?path=/app", "", "data.stdout:s data.exitCode:n"},
    {"POST", "/files/upload?path=/app/c/up", "bytes", "status:s data:o"},
    {"GET", "/files/download?path=/etc/hostname", "", "text:application/octet-stream"},
    {"POST", "/files/create?path=/app/c/new", "", "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/mkdir?path=/app/c/dir/in", "", "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/copy?from=/app/c/up&to=/app/c/d/copy", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/move?from=/app/c/d/copy&to=/app/c/e/moved", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/chmod?path=/app/c/up&mode=755", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"GET", "/files/head-tail?path=/app/c/up&lines=10&head=true", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"GET", "/files/search?path=/app/c&pattern=up", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"GET", "/files/du?path=/app/c", "", "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/compress?path=/app/c/e&format=zip", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/extract?archive=/app/c/e.zip&dest=/app/c/out", "",
     "data.stdout:s data.stderr:s data.exitCode:n"},
    {"DELETE", "/files?path=/app/c", "", "data.stdout:s data.stderr:s data.exitCode:n"},
    {"POST", "/files/watch", R"({"path":"/app","recursive":true,"ignoreHidden":false})",
     "data.sessionId:s"},
    {"POST", "/pty/sessions", R"({"cols":80,"rows":24})", "data.sessionId:s data.createdAt:s"},
    {"GET", "/pty/sessions", "", "data.sessions:a"},
    {"POST", "/pty/sessions/$S/resize", R"({"cols":500,"rows":200})", "status:s"},
    {"POST", "/pty/sessions/$S/execute", R"({"command":"echo a"})", "status:s"},
    {"GET", "/pty/sessions/$S/buffer", "", "data.output:s"},
    {"DELETE", "/pty/sessions/$S", "", "status:s"},
};

constexpr const char *socketPaths[] = {"/pty", "/pty/sessions/$S", "/files/watch/$W/stream"};

bool hasType(const QJsonValue &value, QChar type)
{
    switch (type.unicode()) {
        case u's':
            return value.isString();
        case u'n':
            return value.isDouble();
        case u'b':
            return value.isBool();
        case u'a':
            return value.isArray();
        default:
            return value.isObject();
    }
}

// What the shape asks for and the object has not.
QStringList missing(const QJsonObject &object, const QString &shape)
{
    QStringList list;
    for (const QString &entry : shape.split(u' ')) {
        QJsonValue value = object;
        const QStringList names = entry.section(u':', 0, 0).split(u'.');
        for (const QString &name : names)
            value = value.toObject().value(name);
        if (!hasType(value, entry.section(u':', 1).front()))
            list << entry;
    }
    return list;
}

QNetworkRequest socketRequest(QNetworkRequest request)
{
    QUrl url = request.url();
    url.setScheme(u"ws"_s);
    request.setUrl(url);
    return request;
}

}  // namespace

void TestEngineGuestConformance::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    start();
}

void TestEngineGuestConformance::start()
{
    const auto made = [&](const QString &call, const QJsonObject &body) {
        return m_engine.post(path(call), body).object();
    };
    m_command = QString::number(
        made(u"/commands/run"_s, {{u"command"_s, u"exec true"_s}}).value("pid"_L1).toInt());
    m_shell =
        made(u"/session-exec"_s, {{u"action"_s, u"create"_s}}).value("sessionId"_L1).toString();
    m_terminal =
        made(u"/pty/sessions"_s, {}).value("data"_L1).toObject().value("sessionId"_L1).toString();
    m_watch = made(u"/files/watch"_s, {{u"path"_s, u"/app"_s}})
                  .value("data"_L1)
                  .toObject()
                  .value("sessionId"_L1)
                  .toString();
    QVERIFY(m_command != u"0"_s && !m_shell.isEmpty() && !m_terminal.isEmpty() &&
            !m_watch.isEmpty());
}

void TestEngineGuestConformance::good_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("shape");
    for (const Call &call : calls)
        QTest::addRow("%s %s %s", call.method, call.path, call.body)
            << QByteArray(call.method) << QString::fromLatin1(call.path)
            << QString::fromLatin1(call.body) << QString::fromLatin1(call.shape);
}

void TestEngineGuestConformance::good()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    QFETCH(QString, body);
    QFETCH(QString, shape);
    QNetworkAccessManager network;
    QNetworkReply *reply =
        network.sendCustomRequest(m_engine.request(path(call)), method, filled(body).toUtf8());
    const Answer answer = m_engine.finish(reply);
    QVERIFY2(answer.status == 200, answer.body.constData());
    const QString type = reply->header(QNetworkRequest::ContentTypeHeader).toString();
    if (shape.startsWith(u"text:"_s)) {
        QCOMPARE(type, shape.sliced(5));
        return;
    }
    QCOMPARE(type, u"application/json"_s);
    QCOMPARE(missing(answer.object(), shape), QStringList());
    // A tool's failure would be in the exit code.
    QCOMPARE(answer.data().toObject().value("exitCode"_L1).toInt(0), 0);
    if (answer.object().contains("data"_L1))
        QCOMPARE(answer.object().value("status"_L1).toString(), u"success"_s);
    else
        QCOMPARE(answer.object().value("success"_L1).toBool(shape == u"status:s"_s), true);
}

void TestEngineGuestConformance::sockets_data()
{
    QTest::addColumn<QString>("call");
    for (const char *call : socketPaths)
        QTest::newRow(call) << QString::fromLatin1(call);
}

void TestEngineGuestConformance::sockets()
{
    QFETCH(QString, call);
    start();
    QWebSocket socket;
    socket.open(socketRequest(m_engine.request(path(call))));
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    // Without the upgrade, and for an unknown session.
    QCOMPARE(m_engine.get(path(call)).status, 400);
    if (call.contains(u'$')) {
        const QString unknown =
            QString(call).replace(u"$S"_s, u"none"_s).replace(u"$W"_s, u"none"_s);
        QWebSocket refused;
        refused.open(socketRequest(m_engine.request(path(unknown))));
        QTRY_COMPARE(refused.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(m_engine.get(path(unknown)).status, 404);
    }
    const auto statusOf = [this](const QString &address, const QByteArray &key) {
        const QByteArray answer = m_engine.raw(
            "GET /api" + address.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + key +
                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "\r\n\r\n");
        return answer.mid(9, 3).toInt();
    };
    QCOMPARE(statusOf(path(call), "vr_wrong"), 401);
    const QString nobody = path(call).replace(m_id, u"0123456789abcdef01234567"_s);
    QCOMPARE(statusOf(nobody, m_engine.key()), 404);
    // Asleep it wakes; a session of before is gone.
    const QString sandbox = u"/sandboxes/"_s + m_id;
    QCOMPARE(m_engine.post(sandbox + u"/sleep"_s).status, 200);
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(statusOf(path(call), m_engine.key()), call.contains(u'$') ? 404 : 101);
    QCOMPARE(m_engine.get(sandbox).data().toObject().value("status"_L1).toString(), u"running"_s);
    start();
}

void TestEngineGuestConformance::bad_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *method, const QString &call, const QByteArray &body,
                        int status = 400) {
        QTest::addRow("%s %s %s", method, qPrintable(call.left(60)), body.left(60).constData())
            << QByteArray(method) << call << body << status;
    };
    const QByteArray longCommand = R"({"command":")" + QByteArray(100'001, 'x') + "\"}";
    const QByteArray hugeBody = R"({"command":"true","x":")" + QByteArray(1'100'000, 'x') + "\"}";
    for (const QString &call : {u"/exec"_s, u"/exec-stream"_s, u"/commands/run"_s}) {
        row("POST", call, "");
        row("POST", call, "{");
        row("POST", call, "[]");
        row("POST", call, "\"true\"");
        row("POST", call, R"({"command":null})");
        row("POST", call, R"({"command":7})");
        row("POST", call, R"({"command":""})");
        row("POST", call, R"({"command":"true","env":"A=b"})");
        row("POST", call, R"({"command":"true","env":{"A":1}})");
        row("POST", call, R"({"command":"true","env":{"A=":"1"}})");
        row("POST", call, R"({"command":"true","env":{"":"1"}})");
        row("POST", call, R"({"command":"true","env":{"A":"\u0000"}})");
        row("POST", call, R"({"command":"true","args":[1]})");
        row("POST", call, R"({"command":"true","args":["\u0000"]})");
        row("POST", call, R"({"command":"true","cwd":1})");
        row("POST", call, R"({"command":"true","cwd":"/nowhere"})");
        row("POST", call, R"({"command":"true","cwd":"/app\u0000"})");
        row("POST", call, R"({"command":"true","timeout":"1"})");
        row("POST", call, R"({"command":"true","timeout":1.5})");
        row("POST", call, R"({"command":"true","timeout":-1})");
        row("POST", call, longCommand);
        row("POST", call, hugeBody, 413);
    }
    row("POST", u"/commands/run"_s, R"({"command":"true","timeout":901})");
    for (const QString &call : {u"/commands/attach"_s, u"/commands/wait"_s, u"/commands/kill"_s}) {
        row("POST", call, "{}");
        row("POST", call, R"({"pid":"$P"})");
        row("POST", call, R"({"pid":-1})");
        row("POST", call, R"({"pid":12345678})", 404);
    }
    for (const char *action : {"exec", "input", "resize", "close"}) {
        const QByteArray start = R"({"action":")" + QByteArray(action) + '"';
        row("POST", u"/session-exec"_s, start + "}");
        row("POST", u"/session-exec"_s, start + R"(,"sessionId":1})");
        row("POST", u"/session-exec"_s, start + R"(,"sessionId":"none","command":"a","input":"a"})",
            404);
    }
    row("POST", u"/session-exec"_s, R"({"action":"fly"})");
    row("POST", u"/session-exec-stream"_s, R"({"command":"true"})");
    row("POST", u"/session-exec-stream"_s, R"({"sessionId":"none","command":"true"})", 404);
    const QString longPath = u"=/"_s + QString(4096, u'a');
    const auto pathRows = [&](const char *method, const QString &call, const QString &name,
                              const QString &more = {}) {
        row(method, call + u'?' + more, "");
        row(method, call + u'?' + name + u'=' + more, "");
        row(method, call + u'?' + name + u"=app"_s + more, "");
        row(method, call + u'?' + name + u"=/a%00b"_s + more, "");
        row(method, call + u'?' + name + longPath + more, "");
    };
    pathRows("GET", u"/files"_s, u"path"_s);
    pathRows("DELETE", u"/files"_s, u"path"_s);
    for (const QString &name : {u"stat"_s, u"download"_s, u"head-tail"_s, u"du"_s})
        pathRows("GET", u"/files/"_s + name, u"path"_s);
    pathRows("GET", u"/files/search"_s, u"path"_s, u"&pattern=x"_s);
    for (const QString &name : {u"upload"_s, u"create"_s, u"mkdir"_s, u"compress"_s})
        pathRows("POST", u"/files/"_s + name, u"path"_s);
    pathRows("POST", u"/files/chmod"_s, u"path"_s, u"&mode=755"_s);
    for (const QString &name : {u"move"_s, u"copy"_s}) {
        pathRows("POST", u"/files/"_s + name, u"from"_s, u"&to=/app/x"_s);
        pathRows("POST", u"/files/"_s + name, u"to"_s, u"&from=/app/x"_s);
    }
    pathRows("POST", u"/files/extract"_s, u"archive"_s, u"&dest=/app/x"_s);
    pathRows("POST", u"/files/extract"_s, u"dest"_s, u"&archive=/app/x.zip"_s);
    row("GET", u"/files/download?path=/nowhere"_s, "", 404);
    row("GET", u"/files?path=/nowhere"_s, "", 404);
    row("POST", u"/files/watch"_s, R"({"path":"/nowhere"})", 404);
    row("POST", u"/files/watch"_s, R"({"recursive":true})");
    row("POST", u"/pty/sessions"_s, R"({"cols":0})");
    row("POST", u"/pty/sessions"_s, R"({"rows":201})");
    row("POST", u"/pty/sessions/$S/resize"_s, R"({"cols":501,"rows":1})");
    row("POST", u"/pty/sessions/none/execute"_s, R"({"command":"x"})", 404);
    row("GET", u"/pty/sessions/none/buffer"_s, "", 404);
    row("DELETE", u"/pty/sessions/none"_s, "", 404);
    for (const QString &call :
         {u"/commands"_s, u"/commands/none"_s, u"/commands/run/x"_s, u"/exec/x"_s,
          u"/files/none?path=/"_s, u"/files/watch/x/y"_s, u"/pty/none"_s,
          u"/pty/sessions/$S/none"_s, u"/session-exec/x"_s, u"/none"_s})
        row("POST", call, "{}", 404);
}

void TestEngineGuestConformance::bad()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    QFETCH(QByteArray, body);
    const Answer answer =
        m_engine.call(method, path(call), filled(QString::fromUtf8(body)).toUtf8());
    QTEST(answer.status, "status");
    QVERIFY2(!answer.error().isEmpty(), answer.body.constData());
    QVERIFY(answer.error().endsWith(u'.') || answer.error().contains(u": "_s));
}

void TestEngineGuestConformance::everyCall_data()
{
    good_data();
}

// What holds for all of them: no key, no such sandbox, no such method; and a sandbox that is asleep
// wakes, though what it ran is gone.
void TestEngineGuestConformance::everyCall()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, call);
    QFETCH(QString, body);
    const QByteArray bytes = filled(body).toUtf8();
    QNetworkAccessManager network;
    QNetworkRequest keyless = m_engine.request(path(call));
    keyless.setRawHeader("X-API-Key", "vr_wrong");
    QCOMPARE(m_engine.finish(network.sendCustomRequest(keyless, method, bytes)).status, 401);
    const QString nobody = path(call).replace(m_id, u"0123456789abcdef01234567"_s);
    QCOMPARE(m_engine.call(method, nobody, bytes).status, 404);
    QCOMPARE(m_engine.call(method, path(call).replace(m_id, u"--bind"_s), bytes).status, 400);
    QCOMPARE(m_engine.call("PUT", path(call), bytes).status, call.contains(u"$S"_s) ? 404 : 405);

    const QString sandbox = u"/sandboxes/"_s + m_id;
    const auto status = [&] {
        return m_engine.get(sandbox).data().toObject().value("status"_L1).toString();
    };
    QCOMPARE(m_engine.post(sandbox + u"/sleep"_s).status, 200);
    QCOMPARE(status(), u"snapshotted"_s);
    const Answer woken = m_engine.call(method, path(call), bytes);
    const bool needsWhatWasRunning = call.contains(u'$') || body.contains(u'$');
    const bool isGone = needsWhatWasRunning && !body.contains(u"$A"_s);
    QVERIFY2(woken.status == (isGone ? 404 : 200), woken.body.constData());
    QCOMPARE(status(), u"running"_s);
}

QTEST_GUILESS_MAIN(TestEngineGuestConformance)
#include "tst_engineguestconformance.moc"
