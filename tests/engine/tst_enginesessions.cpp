// SPDX-License-Identifier: MIT
#include "guestcall.h"

// POST /session-exec and /session-exec-stream: shells that remember.
class TestEngineSessions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void stateIsKept_data();
    void stateIsKept();
    void outputIsExact_data();
    void outputIsExact();
    void inputReachesTheCommand();
    void inputWhileExecWaits();
    void resize();
    void shellThatEnds();
    void closeEndsEverything();
    void ownIds();
    void stream();
    void streamReaderThatLeaves();
    void oneCommandAtATime();
    void badRequests_data();
    void badRequests();
    void sessionLimit();

private:
    Answer call(const QString &action, QJsonObject fields)
    {
        fields["action"_L1] = action;
        return m_engine.post(m_path + u"session-exec"_s, fields);
    }
    QString create(const QJsonObject &fields = {})
    {
        return call(u"create"_s, fields).object().value("sessionId"_L1).toString();
    }
    QJsonObject exec(const QString &session, const QString &command)
    {
        return call(u"exec"_s, {{u"sessionId"_s, session}, {u"command"_s, command}}).object();
    }
    QString output(const QString &session, const QString &command)
    {
        return exec(session, command).value("output"_L1).toString();
    }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_path;
};

void TestEngineSessions::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    m_path = u"/sandboxes/"_s + m_id + u'/';
}

void TestEngineSessions::stateIsKept_data()
{
    QTest::addColumn<QString>("shell");
    QTest::newRow("default") << QString();
    QTest::newRow("bash") << u"/bin/bash"_s;
    QTest::newRow("sh") << u"/bin/sh"_s;
}

void TestEngineSessions::stateIsKept()
{
    QFETCH(QString, shell);
    const Answer created = call(u"create"_s, {{u"shell"_s, shell}});
    QCOMPARE(created.status, 200);
    QCOMPARE(created.object().value("success"_L1).toBool(), true);
    const QString session = created.object().value("sessionId"_L1).toString();
    QCOMPARE(output(session, u"pwd"_s), u"/app\n"_s);
    const QJsonObject changed = exec(session, u"cd /tmp; X=\"it's\"; f() { echo \"f $X\"; }"_s);
    QCOMPARE(changed, (QJsonObject{{u"success"_s, true},
                                   {u"sessionId"_s, session},
                                   {u"output"_s, QString()},
                                   {u"exitCode"_s, 0}}));
    QCOMPARE(output(session, u"pwd; f"_s), u"/tmp\nf it's\n"_s);
    QCOMPARE(exec(session, u"echo a; false"_s).value("exitCode"_L1).toInt(), 1);
    QCOMPARE(exec(session, u"(exit 200)"_s).value("exitCode"_L1).toInt(), 200);
    QVERIFY(exec(session, u"if then"_s).value("exitCode"_L1).toInt() != 0);
    QCOMPARE(output(session, u"echo still $X"_s), u"still it's\n"_s);
}

void TestEngineSessions::outputIsExact_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("output");
    const auto row = [](const char *name, const QString &command, const QString &output) {
        QTest::newRow(name) << command << output;
    };
    row("nothing", u"true"_s, {});
    row("no end", u"printf a"_s, u"a"_s);
    row("line ends", u"printf 'a\\nb\\r\\nc\\r'"_s, u"a\nb\r\nc\r"_s);
    row("errors too", u"echo a; echo b >&2"_s, u"a\nb\n"_s);
    row("lines", u"for i in 1 2\ndo echo $i\ndone"_s, u"1\n2\n"_s);
    row("here-document", u"cat <<'E'\na $b 'q'\nE"_s, u"a $b 'q'\n"_s);
    row("like the end", u"printf '\\036abc:0\\036'"_s, u"\u001eabc:0\u001e"_s);
    row("Unicode", u"echo 'grün 語 🙂'"_s, u"grün 語 🙂\n"_s);
    row("no pager", u"test -t 1 && echo \"$PAGER\""_s, u"cat\n"_s);
}

void TestEngineSessions::outputIsExact()
{
    static const QString session = create();
    QFETCH(QString, command);
    QTEST(output(session, command), "output");
}

void TestEngineSessions::inputReachesTheCommand()
{
    const QString session = create();
    GuestCall running(m_engine, m_path + u"session-exec-stream"_s,
                      {{u"sessionId"_s, session}, {u"command"_s, u"read x; echo got $x"_s}});
    QTRY_VERIFY(running.head().contains("200"));
    QCOMPARE(call(u"input"_s, {{u"sessionId"_s, session}, {u"input"_s, u"yes\n"_s}}).status, 200);
    QVERIFY(running.waitUntilComplete());
    QVERIFY2(running.body().contains(R"("data":"got yes\n")"), running.body().constData());
    // Nothing of it is left for the shell.
    QCOMPARE(output(session, u"echo clean"_s), u"clean\n"_s);
}

void TestEngineSessions::inputWhileExecWaits()
{
    const QString session = create();
    QNetworkAccessManager network;
    QNetworkReply *waiting = network.post(
        m_engine.request(m_path + u"session-exec"_s),
        QJsonDocument({{u"action"_s, u"exec"_s},
                       {u"sessionId"_s, session},
                       {u"command"_s, u"touch /app/reads; read x; echo got $x; exit 2"_s}})
            .toJson());
    QTRY_COMPARE(m_engine.output(m_id, u"ls /app/reads"_s), u"/app/reads\n"_s);
    call(u"input"_s, {{u"sessionId"_s, session}, {u"input"_s, u"it\n"_s}});
    const QJsonObject answer = m_engine.finish(waiting).object();
    QCOMPARE(answer.value("output"_L1).toString(), u"got it\n"_s);
    QCOMPARE(answer.value("exitCode"_L1).toInt(), 2);
}

void TestEngineSessions::resize()
{
    const QString session = create({{u"cols"_s, 101}, {u"rows"_s, 33}});
    QCOMPARE(output(session, u"stty size"_s), u"33 101\n"_s);
    QCOMPARE(
        call(u"resize"_s, {{u"sessionId"_s, session}, {u"cols"_s, 500}, {u"rows"_s, 200}}).status,
        200);
    QCOMPARE(output(session, u"stty size"_s), u"200 500\n"_s);
}

void TestEngineSessions::shellThatEnds()
{
    const QString session = create();
    const QJsonObject answer = exec(session, u"echo bye; exit 3"_s);
    QCOMPARE(answer.value("output"_L1).toString(), u"bye\n"_s);
    QCOMPARE(answer.value("exitCode"_L1).toInt(), 3);
    QVERIFY(!answer.value("error"_L1).toString().isEmpty());
    QCOMPARE(call(u"exec"_s, {{u"sessionId"_s, session}, {u"command"_s, u"true"_s}}).status, 404);
}

void TestEngineSessions::closeEndsEverything()
{
    const QString session = create();
    output(session, u"sleep 24681 & trap '' HUP"_s);
    GuestCall running(m_engine, m_path + u"session-exec-stream"_s,
                      {{u"sessionId"_s, session}, {u"command"_s, u"sleep 24681"_s}});
    QTRY_COMPARE(EngineUnderTest::processesWith(u"24681"_s).size(), 2);
    QCOMPARE(call(u"close"_s, {{u"sessionId"_s, session}}).status, 200);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"24681"_s), QStringList());
    QVERIFY(running.waitUntilComplete());
    QCOMPARE(call(u"close"_s, {{u"sessionId"_s, session}}).status, 404);
}

void TestEngineSessions::ownIds()
{
    QCOMPARE(create({{u"sessionId"_s, u"mine"_s}}), u"mine"_s);
    QCOMPARE(output(u"mine"_s, u"echo here"_s), u"here\n"_s);
    QCOMPARE(call(u"create"_s, {{u"sessionId"_s, u"mine"_s}}).status, 409);
    QVERIFY(create() != create());
}

void TestEngineSessions::stream()
{
    const QString session = create();
    GuestCall reader(m_engine, m_path + u"session-exec-stream"_s,
                     {{u"sessionId"_s, session},
                      {u"command"_s,
                       u"printf 'gr\\303'; sleep 0.3; "
                       "printf '\\274n\\n'; seq 20000; exit 4"_s}});
    QVERIFY(reader.waitUntilComplete());
    QVERIFY(reader.head().contains("application/x-ndjson"));
    QByteArray text;
    QJsonObject last;
    for (const QByteArray &line : reader.body().split('\n')) {
        if (line.isEmpty())
            continue;
        last = QJsonDocument::fromJson(line).object();
        text += last.value("data"_L1).toString().toUtf8();
    }
    QVERIFY(text.startsWith("grün\n1\n2\n"));
    QVERIFY(text.endsWith("\n19999\n20000\n"));
    QCOMPARE(last.value("type"_L1).toString(), u"exit"_s);
    QCOMPARE(last.value("exitCode"_L1).toInt(), 4);
}

void TestEngineSessions::streamReaderThatLeaves()
{
    const QString session = create();
    GuestCall reader(m_engine, m_path + u"session-exec-stream"_s,
                     {{u"sessionId"_s, session}, {u"command"_s, u"echo a; sleep 24682"_s}});
    QTRY_VERIFY(reader.body().contains("a\\n"));
    reader.leave();
    QTRY_COMPARE(EngineUnderTest::processesWith(u"24682"_s), QStringList());
    // The shell lives and takes the next command.
    QTRY_COMPARE(output(session, u"echo alive"_s), u"alive\n"_s);
}

void TestEngineSessions::oneCommandAtATime()
{
    const QString session = create();
    GuestCall running(m_engine, m_path + u"session-exec-stream"_s,
                      {{u"sessionId"_s, session}, {u"command"_s, u"read x"_s}});
    QTRY_VERIFY(running.head().contains("200"));
    QCOMPARE(call(u"exec"_s, {{u"sessionId"_s, session}, {u"command"_s, u"true"_s}}).status, 409);
    call(u"input"_s, {{u"sessionId"_s, session}, {u"input"_s, u"\n"_s}});
    QVERIFY(running.waitUntilComplete());
    QCOMPARE(call(u"exec"_s, {{u"sessionId"_s, session}, {u"command"_s, u"true"_s}}).status, 200);
}

void TestEngineSessions::badRequests_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &body, int status,
                        const QString &call = u"session-exec"_s) {
        QTest::newRow(name) << call << body << status;
    };
    row("nothing", "{}", 400);
    row("unknown action", R"({"action":"jump","sessionId":"$S"})", 400);
    row("action type", R"({"action":1})", 400);
    row("exec without session", R"({"action":"exec","command":"true"})", 400);
    row("exec unknown session", R"({"action":"exec","sessionId":"x","command":"true"})", 404);
    row("exec without command", R"({"action":"exec","sessionId":"$S"})", 400);
    row("exec blank", R"({"action":"exec","sessionId":"$S","command":" "})", 400);
    row("input without input", R"({"action":"input","sessionId":"$S"})", 400);
    row("resize without size", R"({"action":"resize","sessionId":"$S"})", 400);
    row("resize too wide", R"({"action":"resize","sessionId":"$S","cols":501,"rows":1})", 400);
    row("create too high", R"({"action":"create","cols":1,"rows":201})", 400);
    row("create no shell", R"({"action":"create","shell":"/nowhere"})", 400);
    row("create wrong shell", R"({"action":"create","shell":"/bin/true"})", 400);
    row("long id", R"({"action":"create","sessionId":")" + QByteArray(101, 'a') + "\"}", 400);
    row("stream without session", R"({"command":"true"})", 400, u"session-exec-stream"_s);
    row("stream unknown", R"({"command":"true","sessionId":"x"})", 404, u"session-exec-stream"_s);
    row("stream no command", R"({"sessionId":"$S"})", 400, u"session-exec-stream"_s);
}

void TestEngineSessions::badRequests()
{
    static const QString session = create();
    QFETCH(QString, name);
    QFETCH(QByteArray, body);
    const Answer answer =
        m_engine.call("POST", m_path + name, body.replace("$S", session.toUtf8()));
    QTEST(answer.status, "status");
    QVERIFY(!answer.error().isEmpty());
    QCOMPARE(m_engine.get(m_path + name).status, 405);
}

void TestEngineSessions::sessionLimit()
{
    const QString id = m_engine.createSandbox(u"many"_s);
    const QString path = u"/sandboxes/"_s + id + u"/session-exec"_s;
    for (int i = 0; i < 32; ++i)
        QCOMPARE(m_engine.post(path, {{u"action"_s, u"create"_s}}).status, 200);
    QCOMPARE(m_engine.post(path, {{u"action"_s, u"create"_s}}).status, 429);
    QCOMPARE(m_engine.call("DELETE", u"/sandboxes/"_s + id).status, 200);
}

QTEST_GUILESS_MAIN(TestEngineSessions)
#include "tst_enginesessions.moc"
