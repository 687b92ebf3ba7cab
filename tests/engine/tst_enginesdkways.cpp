// SPDX-License-Identifier: MIT
#include <QWebSocket>

#include "guestcall.h"

// How the official SDKs call: their ways of asking, and what their code interpreters send.
class TestEngineSdkWays : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void keyInASocketsAddress_data();
    void keyInASocketsAddress();
    void creating_data();
    void creating();
    void acceptOfAllKinds_data();
    void acceptOfAllKinds();
    void uploadWithoutLength();
    void uploadsOfAllTypes_data();
    void uploadsOfAllTypes();
    void statInsideText();
    void shortCode_data();
    void shortCode();
    void longCode_data();
    void longCode();
    void largeHereDocument();
    void longestCommand();
    void commandsAsTheyComeFromSdks();
    void missingPrograms_data();
    void missingPrograms();
    void typeScriptModules();

private:
    QByteArray head(const QByteArray &method, const QString &path) const
    {
        return method + " /api" + path.toUtf8() +
               " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " + m_engine.key() + "\r\n";
    }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_path;
};

namespace
{

// As the SDKs quote short code.
QString quoted(QString code)
{
    return u'\'' + code.replace(u'\'', u"'\\''"_s) + u'\'';
}

}  // namespace

void TestEngineSdkWays::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"sdk"_s);
    QVERIFY(!m_id.isEmpty());
    m_path = u"/sandboxes/"_s + m_id;
}

void TestEngineSdkWays::keyInASocketsAddress_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("opens");
    const Answer session = m_engine.post(m_path + u"/pty/sessions"_s);
    const QString pty = session.data().toObject().value("sessionId"_L1).toString();
    const Answer watch = m_engine.post(m_path + u"/files/watch"_s, {{u"path"_s, u"/app"_s}});
    const QString watchId = watch.data().toObject().value("sessionId"_L1).toString();
    const QStringList paths{u"/pty"_s, u"/pty/sessions/"_s + pty,
                            u"/files/watch/"_s + watchId + u"/stream"_s};
    for (const QString &path : paths) {
        const QByteArray name = path.left(8).toUtf8();
        QTest::addRow("%s with the key", name.constData()) << path << m_engine.key() << true;
        QTest::addRow("%s with another", name.constData()) << path << QByteArray("vr_no") << false;
    }
}

void TestEngineSdkWays::keyInASocketsAddress()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, key);
    QFETCH(bool, opens);
    QWebSocket socket;
    QUrl url(m_engine.url() + m_path + path + u"?apiKey="_s + QString::fromLatin1(key));
    url.setScheme(u"ws"_s);
    socket.open(url);
    QTRY_VERIFY(socket.state() == QAbstractSocket::ConnectedState ||
                socket.state() == QAbstractSocket::UnconnectedState);
    QCOMPARE(socket.state() == QAbstractSocket::ConnectedState, opens);
}

void TestEngineSdkWays::creating_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty ids") << QByteArray(
        R"({"name":"sdbx-1732351234567","image":"code","cpu":1,"mem":1024,"orgId":"","userId":"","sync":true})");
    QTest::newRow("nulls") << QByteArray(
        R"({"name":"sdbx-1","envVars":null,"region":null,"labels":null,"publishPorts":null,"autoSleep":null})");
    QTest::newRow("all") << QByteArray(
        R"({"name":"sdbx-2","image":"code","envVars":{"A":"b"},"autoSleep":false,"region":"local","labels":{"k":"v"},"sync":false})");
}

void TestEngineSdkWays::creating()
{
    QFETCH(QByteArray, body);
    const Answer answer = m_engine.call("POST", u"/sandboxes"_s, body);
    QCOMPARE(answer.status, 201);
    const QString id = answer.data().toObject().value("id"_L1).toString();
    QCOMPARE(m_engine.call("DELETE", u"/sandboxes/"_s + id).status, 200);
}

void TestEngineSdkWays::acceptOfAllKinds_data()
{
    QTest::addColumn<QByteArray>("accept");
    for (const char *accept : {"*/*", "application/json", "text/event-stream",
                               "application/json, text/plain;q=0.5", "text/html", ""})
        QTest::newRow(*accept ? accept : "none") << QByteArray(accept);
}

void TestEngineSdkWays::acceptOfAllKinds()
{
    QFETCH(QByteArray, accept);
    const QByteArray field = accept.isEmpty() ? QByteArray() : "Accept: " + accept + "\r\n";
    const QByteArray body = R"({"command":"echo hello"})";
    const QByteArray rest = field +
                            "Accept-Encoding: gzip, deflate, br, zstd\r\nUser-Agent: sdk\r\n"
                            "Content-Type: application/json\r\nConnection: keep-alive\r\n"
                            "Content-Length: " +
                            QByteArray::number(body.size()) + "\r\n\r\n" + body;
    const QByteArray plain = m_engine.raw(head("POST", m_path + u"/exec"_s) + rest, "}}");
    QVERIFY2(plain.contains("hello\\n"), plain.constData());
    const QByteArray events =
        m_engine.raw(head("POST", m_path + u"/exec-stream"_s) + rest, "\r\n0\r\n\r\n");
    QVERIFY2(events.contains("data:hello\n"), events.constData());
}

void TestEngineSdkWays::uploadWithoutLength()
{
    const QByteArray answer = m_engine.raw(
        head("POST", m_path + u"/files/upload?path=/app/stream"_s) +
            "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\nhello\r\n1\r\n \r\n5;name=value\r\nworld\r\n0\r\n\r\n",
        "}}");
    QVERIFY2(answer.startsWith("HTTP/1.1 200 "), answer.constData());
    QCOMPARE(m_engine.get(m_path + u"/files/download?path=/app/stream"_s).body,
             QByteArray("hello world"));
}

void TestEngineSdkWays::uploadsOfAllTypes_data()
{
    QTest::addColumn<QByteArray>("type");
    for (const char *type :
         {"application/octet-stream", "text/plain;charset=UTF-8", "image/png", ""})
        QTest::newRow(*type ? type : "none") << QByteArray(type);
}

void TestEngineSdkWays::uploadsOfAllTypes()
{
    QFETCH(QByteArray, type);
    const QByteArray field = type.isEmpty() ? QByteArray() : "Content-Type: " + type + "\r\n";
    const QByteArray answer =
        m_engine.raw(head("POST", m_path + u"/files/upload?path=%2Fapp%2Fnew%2Ffile"_s) + field +
                         "Content-Length: 4\r\n\r\ntype",
                     "}}");
    QVERIFY2(answer.startsWith("HTTP/1.1 200 "), answer.constData());
    QCOMPARE(m_engine.get(m_path + u"/files/download?path=/app/new/file"_s).body,
             QByteArray("type"));
}

void TestEngineSdkWays::statInsideText()
{
    m_engine.exec(m_id, u"printf text > /app/s; chmod 640 /app/s"_s);
    const QJsonObject data = m_engine.get(m_path + u"/files/stat?path=/app/s"_s).data().toObject();
    const QJsonObject stat =
        QJsonDocument::fromJson(data.value("stdout"_L1).toString().toUtf8()).object();
    QCOMPARE(stat.value("size"_L1).toInt(), 4);
    QCOMPARE(stat.value("mode"_L1).toString(), u"81a0"_s);
    QCOMPARE(stat.value("type"_L1).toString(), u"regular file"_s);
}

void TestEngineSdkWays::shortCode_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("output");
    const auto row = [](const char *name, const QString &program, const QString &code,
                        const QString &output) {
        QTest::newRow(name) << program << code << output;
    };
    row("python", u"python3 -c"_s, u"print('it' + \"'s\", 6 * 7)"_s, u"it's 42\n"_s);
    row("python, lines", u"python3 -c"_s, u"for i in range(2):\n    print(i)"_s, u"0\n1\n"_s);
    row("python, Unicode", u"python3 -c"_s, u"print('grün 🙂')"_s, u"grün 🙂\n"_s);
    row("javascript", u"node -e"_s, u"console.log(`it's ${6 * 7}`)"_s, u"it's 42\n"_s);
    row("javascript, JSON", u"node -e"_s, u"console.log(JSON.stringify({a: [1, '2']}))"_s,
        u"{\"a\":[1,\"2\"]}\n"_s);
    row("typescript", u"tsx -e"_s, u"const n: number = 6; console.log(`it's ${n * 7}`)"_s,
        u"it's 42\n"_s);
    row("typescript, types", u"tsx -e"_s,
        u"interface P { x: number }\nenum E { A, B }\nconst p: P = { x: E.B };\nconsole.log(p.x as number)"_s,
        u"1\n"_s);
    row("typescript, await", u"tsx -e"_s,
        u"const v: string = await Promise.resolve('later'); console.log(v)"_s, u"later\n"_s);
    row("typescript, import", u"tsx -e"_s,
        u"import { basename } from 'path'; console.log(basename('/a/b'))"_s, u"b\n"_s);
    row("typescript, require", u"tsx -e"_s,
        u"const os = require('os'); console.log(typeof os.EOL)"_s, u"string\n"_s);
    row("bash", u"bash -c"_s, u"a=(1 2 3); echo \"${a[@]}\" $'x\\ty'"_s, u"1 2 3 x\ty\n"_s);
    row("sh", u"sh -c"_s, u"for i in a b; do printf '%s;' \"$i\"; done"_s, u"a;b;"_s);
}

void TestEngineSdkWays::shortCode()
{
    QFETCH(QString, program);
    QFETCH(QString, code);
    const QJsonObject result =
        m_engine.exec(m_id, program + u' ' + quoted(code), {{u"timeout"_s, 60}});
    QTEST(result.value("stdout"_L1).toString(), "output");
    QCOMPARE(result.value("stderr"_L1).toString(), QString());
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
    // And streamed.
    GuestCall call(m_engine, m_path + u"/exec-stream"_s,
                   {{u"command"_s, QString(program + u' ' + quoted(code))}});
    QVERIFY(call.waitUntilComplete());
    QTEST(QString::fromUtf8(printed(sentEvents(call.body()))), "output");
}

void TestEngineSdkWays::longCode_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("exitCode");
    const QString filler = u"\n\n"_s + u"// "_s + QString(2000, u'x') + u"\n\n"_s;
    QTest::newRow("typescript") << u"tsx"_s << u"/tmp/code.ts"_s
                                << u"const a: string = 'done';"_s + filler + u"console.log(a);"_s
                                << 0;
    QTest::newRow("typescript that fails")
        << u"tsx"_s << u"/tmp/code.ts"_s
        << u"console.log('done');"_s + filler + u"process.exit(7);"_s << 7;
    QTest::newRow("javascript") << u"node"_s << u"/tmp/code.js"_s
                                << u"const a = 'done';"_s + filler + u"console.log(a);"_s << 0;
    QTest::newRow("python") << u"python3"_s << u"/tmp/code.py"_s
                            << u"a = 'done'\n\n# "_s + QString(2000, u'x') +
                                   u"\n\nprint(a)\nexit(3)"_s
                            << 3;
}

// The SDKs write the code to a file with a here-document and run that.
void TestEngineSdkWays::longCode()
{
    QFETCH(QString, program);
    QFETCH(QString, file);
    QFETCH(QString, code);
    QFETCH(int, exitCode);
    m_engine.exec(m_id, u"cat > "_s + file + u" << 'EOF_SDK'\n"_s + code + u"\nEOF_SDK"_s);
    const QJsonObject result = m_engine.exec(
        m_id, program + u' ' + file + u"; code=$?; rm -f "_s + file + u"; exit $code"_s);
    QCOMPARE(result.value("stdout"_L1).toString(), u"done\n"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), exitCode);
    QCOMPARE(m_engine.output(m_id, u"ls -A /tmp"_s), QString());
}

void TestEngineSdkWays::largeHereDocument()
{
    QString text;
    for (int line = 0; text.size() < 99'000; ++line)
        text += u"line %1 with 'quotes', $variables and `ticks`\n"_s.arg(line);
    const QJsonObject result =
        m_engine.exec(m_id, u"cat > /app/here <<'END'\n"_s + text + u"END\nmd5sum < /app/here"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
    QCOMPARE(m_engine.get(m_path + u"/files/download?path=/app/here"_s).body, text.toUtf8());
}

// 100,000 characters, each of as many bytes as there can be: more than one argument may have.
void TestEngineSdkWays::longestCommand()
{
    const QString command = u"printf '%s' '"_s;
    const QString emoji = u"🙂"_s.repeated(100'000 - static_cast<int>(command.size()) - 1);
    const QJsonObject result = m_engine.exec(m_id, command + emoji + u'\'');
    QCOMPARE(result.value("exitCode"_L1).toInt(-1), 0);
    QVERIFY(result.value("stdout"_L1).toString() == emoji);
    const Answer refused =
        m_engine.post(m_path + u"/exec"_s, {{u"command"_s, QString(command + emoji + u"'x"_s)}});
    QCOMPARE(refused.status, 400);
    // With arguments after it.
    const QString set = u"x='"_s + u"ü"_s.repeated(80'000) + u"'; printf '%s %s|' ${#x}"_s;
    const QJsonObject words =
        m_engine.exec(m_id, set, {{u"args"_s, QJsonArray{u"a b"_s, u"c"_s, u"d"_s}}});
    QCOMPARE(words.value("stdout"_L1).toString(), u"80000 a b|c d|"_s);
}

void TestEngineSdkWays::commandsAsTheyComeFromSdks()
{
    const QString run = m_path + u"/commands/"_s;
    const Answer started = m_engine.call("POST", run + u"run"_s,
                                         R"({"command":"echo up; sleep 0.2; exit 2","timeout":0})");
    QCOMPARE(started.status, 200);
    const int pid = started.object().value("pid"_L1).toInt();
    GuestCall attached(m_engine, run + u"attach"_s, {{u"pid"_s, pid}});
    QVERIFY(attached.waitUntilComplete());
    QCOMPARE(printed(sentEvents(attached.body())), QByteArray("up\n"));
    QCOMPARE(
        m_engine.post(run + u"wait"_s, {{u"pid"_s, pid}}).object().value("exitCode"_L1).toInt(), 2);
    // GET with a body of no bytes and a type, as generated clients send it.
    QCOMPARE(m_engine.call("GET", run + u"list"_s).status, 200);
}

void TestEngineSdkWays::missingPrograms_data()
{
    QTest::addColumn<QString>("kept");
    QTest::addColumn<QString>("package");
    QTest::newRow("no node") << u"sh"_s << u"apt install -y nodejs"_s;
    QTest::newRow("no esbuild") << u"node"_s << u"apt install -y esbuild"_s;
}

void TestEngineSdkWays::missingPrograms()
{
    QFETCH(QString, kept);
    QFETCH(QString, package);
    const QJsonObject result = m_engine.exec(
        m_id,
        u"mkdir -p /tmp/few; ln -sf $(command -v %1) /tmp/few/; PATH=/tmp/few:/opt/voidrun/bin; "
        "tsx -e 1; code=$?; /bin/rm -r /tmp/few; exit $code"_s.arg(kept));
    QCOMPARE(result.value("exitCode"_L1).toInt(), 127);
    QVERIFY2(result.value("stderr"_L1).toString().contains(package),
             qPrintable(result.value("stderr"_L1).toString()));
}

void TestEngineSdkWays::typeScriptModules()
{
    m_engine.exec(
        m_id,
        u"mkdir -p /app/ts/node_modules/dep; cd /app/ts; "
        "echo 'export const twice = (n: number): number => 2 * n;' > lib.ts; "
        "echo 'module.exports = { name: \"dep\" };' > node_modules/dep/index.js; "
        "printf '%s\\n' 'import { twice } from \"./lib\";' 'import dep from \"dep\";' "
        "'console.log(twice(21), dep.name, process.argv.slice(2).join(), __dirname);' > main.ts; "
        "printf '%s\\n' '' 'throw new Error(\"here\");' > bad.ts; echo 'const x: = 1' > wrong.ts"_s);
    QCOMPARE(m_engine.output(m_id, u"cd /; tsx /app/ts/main.ts a 'b c'"_s),
             u"42 dep a,b c /app/ts\n"_s);
    const QJsonObject thrown = m_engine.exec(m_id, u"tsx /app/ts/bad.ts"_s);
    QCOMPARE(thrown.value("exitCode"_L1).toInt(), 1);
    QVERIFY2(thrown.value("stderr"_L1).toString().contains(u"bad.ts:2"_s),
             qPrintable(thrown.value("stderr"_L1).toString()));
    const QJsonObject wrong = m_engine.exec(m_id, u"tsx /app/ts/wrong.ts"_s);
    QCOMPARE(wrong.value("exitCode"_L1).toInt(), 1);
    QVERIFY(wrong.value("stderr"_L1).toString().contains(u"wrong.ts:1"_s));
    QCOMPARE(m_engine.exec(m_id, u"tsx /app/ts/nowhere.ts"_s).value("exitCode"_L1).toInt(), 2);
    QCOMPARE(m_engine.output(m_id, u"ls -A /app/ts | grep tsx"_s), QString());
}

QTEST_GUILESS_MAIN(TestEngineSdkWays)
#include "tst_enginesdkways.moc"
