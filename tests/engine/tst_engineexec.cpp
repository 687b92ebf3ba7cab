// SPDX-License-Identifier: MIT
#include "engineundertest.h"

// POST /exec: shell lines, their environment, limits and ends.
class TestEngineExec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void commands_data();
    void commands();
    void badRequests_data();
    void badRequests();
    void environmentAndDirectory();
    void argumentsAreWords();
    void timeoutEndsTheGroup();
    void outputIsCapped();
    void backgroundProcessIsNotWaitedFor();
    void callerThatLeavesEndsTheCommand();
    void manyAtOnce();
    void orphansAreReaped();

private:
    EngineUnderTest m_engine;
    QString m_id;
};

void TestEngineExec::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
}

void TestEngineExec::commands_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("errors");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QString &command, const QString &output,
                        const QString &errors,
                        int code) { QTest::newRow(name) << command << output << errors << code; };
    row("echo", u"echo hello"_s, u"hello\n"_s, {}, 0);
    row("no output", u"true"_s, {}, {}, 0);
    row("exit code", u"exit 7"_s, {}, {}, 7);
    row("errors", u"echo no >&2; false"_s, {}, u"no\n"_s, 1);
    row("white space around", u"  \n echo a \n"_s, u"a\n"_s, {}, 0);
    row("several lines", u"for i in 1 2\ndo\necho $i\ndone"_s, u"1\n2\n"_s, {}, 0);
    row("here-document", u"cat <<'E'\na $b\nE"_s, u"a $b\n"_s, {}, 0);
    row("pipe", u"seq 3 | tac | tr '\\n' ' '"_s, u"3 2 1 "_s, {}, 0);
    row("quotes", u"printf '%s|' 'a b' \"c'd\""_s, u"a b|c'd|"_s, {}, 0);
    row("Unicode", u"printf 'grün 語 🙂'"_s, u"grün 語 🙂"_s, {}, 0);
    row("bad UTF-8", u"printf 'a\\377b'"_s, u"a\uFFFDb"_s, {}, 0);
    row("killed", u"kill -9 $$"_s, {}, {}, 137);
    row("no input", u"cat; echo end"_s, u"end\n"_s, {}, 0);
    row("python", u"python3 -c 'print(6*7)'"_s, u"42\n"_s, {}, 0);
    row("node", u"node -e 'console.log(6*7)'"_s, u"42\n"_s, {}, 0);
    row("in /app", u"pwd"_s, u"/app\n"_s, {}, 0);
    row("zero byte", u"printf 'a\\0b' | wc -c"_s, u"3\n"_s, {}, 0);
}

void TestEngineExec::commands()
{
    QFETCH(QString, command);
    const QJsonObject result = m_engine.exec(m_id, command);
    QTEST(result.value("stdout"_L1).toString(), "output");
    QTEST(result.value("stderr"_L1).toString(), "errors");
    QTEST(result.value("exitCode"_L1).toInt(-1), "code");
}

void TestEngineExec::badRequests_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
    row("nothing", "");
    row("no command", "{}");
    row("blank", R"({"command":" \n"})");
    row("number", R"({"command":1})");
    row("NUL", R"({"command":"a\u0000b"})");
    row("too long", R"({"command":")" + QByteArray(100'001, 'a') + "\"}");
    row("timeout text", R"({"command":"true","timeout":"1"})");
    row("negative timeout", R"({"command":"true","timeout":-1})");
    row("env list", R"({"command":"true","env":[]})");
    row("args text", R"({"command":"true","args":"a"})");
    row("no such directory", R"({"command":"true","cwd":"/nowhere"})");
    row("file as directory", R"({"command":"true","cwd":"/etc/passwd"})");
}

void TestEngineExec::badRequests()
{
    QFETCH(QByteArray, body);
    const Answer answer = m_engine.call("POST", u"/sandboxes/"_s + m_id + u"/exec"_s, body);
    QCOMPARE(answer.status, 400);
    QVERIFY(!answer.error().isEmpty());
}

void TestEngineExec::environmentAndDirectory()
{
    const QJsonObject result =
        m_engine.exec(m_id, u"echo $A:$HOME; pwd"_s,
                      {{u"env"_s, QJsonObject{{u"A"_s, u"b c"_s}}}, {u"cwd"_s, u"/tmp"_s}});
    QCOMPARE(result.value("stdout"_L1).toString(), u"b c:/root\n/tmp\n"_s);
}

void TestEngineExec::argumentsAreWords()
{
    const QJsonObject result = m_engine.exec(
        m_id, u"printf '%s|'"_s, {{u"args"_s, QJsonArray{u"a b"_s, u"$HOME"_s, u"'"_s}}});
    QCOMPARE(result.value("stdout"_L1).toString(), u"a b|$HOME|'|"_s);
}

void TestEngineExec::timeoutEndsTheGroup()
{
    QElapsedTimer timer;
    timer.start();
    const QJsonObject result = m_engine.exec(
        m_id, u"echo before; sleep 27182 & trap '' TERM; sleep 27182"_s, {{u"timeout"_s, 1}});
    QCOMPARE(result.value("exitCode"_L1).toInt(), 124);
    QVERIFY(result.value("stdout"_L1).toString().startsWith(u"before\n"_s));
    QVERIFY(result.value("stderr"_L1).toString().contains(u"took too long"_s));
    QVERIFY2(timer.elapsed() < 6000, QByteArray::number(timer.elapsed()).constData());
    QTRY_COMPARE(EngineUnderTest::processesWith(u"27182"_s), QStringList());
}

void TestEngineExec::outputIsCapped()
{
    const QJsonObject result =
        m_engine.exec(m_id, u"head -c 20000000 /dev/zero | tr '\\0' a; echo end >&2"_s);
    const QString output = result.value("stdout"_L1).toString();
    QCOMPARE(output.count(u'a') >= 8 * 1024 * 1024, true);
    QVERIFY(output.size() < 8 * 1024 * 1024 + 200);
    QVERIFY(output.endsWith(u"[output truncated: only the first 8 MiB are shown]\n"_s));
    QCOMPARE(result.value("stderr"_L1).toString(), u"end\n"_s);
    QCOMPARE(result.value("exitCode"_L1).toInt(), 0);
}

void TestEngineExec::backgroundProcessIsNotWaitedFor()
{
    QElapsedTimer timer;
    timer.start();
    const QJsonObject result = m_engine.exec(m_id, u"sleep 16180 & echo started"_s);
    QCOMPARE(result.value("stdout"_L1).toString(), u"started\n"_s);
    QVERIFY2(timer.elapsed() < 3000, QByteArray::number(timer.elapsed()).constData());
    QCOMPARE(EngineUnderTest::processesWith(u"16180"_s).size(), 1);
    m_engine.exec(m_id, u"pkill -f 16180 || kill %1"_s);
}

void TestEngineExec::callerThatLeavesEndsTheCommand()
{
    const QByteArray body = R"({"command":"sleep 14142"})";
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, m_engine.port());
    socket.write("POST /api/sandboxes/" + m_id.toUtf8() + "/exec HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                 "X-API-Key: " + m_engine.key() +
                 "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"14142"_s).size(), 1);
    socket.abort();
    QTRY_COMPARE(EngineUnderTest::processesWith(u"14142"_s), QStringList());
}

void TestEngineExec::manyAtOnce()
{
    QNetworkAccessManager network;
    QList<QNetworkReply *> replies;
    for (int i = 0; i < 30; ++i) {
        const QByteArray body = "{\"command\":\"sleep 0.2; echo " + QByteArray::number(i) + "\"}";
        replies << network.post(m_engine.request(u"/sandboxes/"_s + m_id + u"/exec"_s), body);
    }
    for (int i = 0; i < replies.size(); ++i) {
        const Answer answer = m_engine.finish(replies.at(i));
        QCOMPARE(answer.data().toObject().value("stdout"_L1).toString(),
                 QString::number(i) + u'\n');
    }
}

void TestEngineExec::orphansAreReaped()
{
    m_engine.exec(m_id, u"for i in $(seq 500); do (true &) ; done"_s);
    QTRY_COMPARE(
        m_engine.output(m_id, u"grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l"_s),
        u"0\n"_s);
}

QTEST_GUILESS_MAIN(TestEngineExec)
#include "tst_engineexec.moc"
