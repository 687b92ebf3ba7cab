// SPDX-License-Identifier: MIT
#include "guestcall.h"

// The calls under /commands: background commands, their replay, waiting and ends.
class TestEngineCommands : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runAndList();
    void attachReplaysAndFollows();
    void severalReaders();
    void readerThatLeavesChangesNothing();
    void slowReaderStopsTheCommand();
    void oldOutputIsDropped();
    void waitAnswersAtTheEnd();
    void killEndsTheGroup();
    void killTakesNoForAnAnswer();
    void killAfterTheEnd();
    void timeLimit();
    void badRequests_data();
    void badRequests();
    void endedOnesAreBounded();
    void runningOnesAreBounded();

private:
    Answer call(const QString &name, const QJsonObject &fields)
    {
        return m_engine.post(m_path + name, fields);
    }
    int run(const QString &command, QJsonObject fields = {})
    {
        fields["command"_L1] = command;
        return call(u"run"_s, fields).object().value("pid"_L1).toInt();
    }
    QJsonObject listed(int pid)
    {
        const QJsonObject answer = m_engine.get(m_path + u"list"_s).object();
        for (const QJsonValue &entry : answer.value("processes"_L1).toArray()) {
            if (entry.toObject().value("pid"_L1).toInt() == pid)
                return entry.toObject();
        }
        return {};
    }
    int waitFor(int pid)
    {
        return call(u"wait"_s, {{u"pid"_s, pid}}).object().value("exitCode"_L1).toInt(-1);
    }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_path;
};

void TestEngineCommands::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    m_path = u"/sandboxes/"_s + m_id + u"/commands/"_s;
}

void TestEngineCommands::runAndList()
{
    const Answer answer =
        call(u"run"_s, {{u"command"_s, u" sleep 0.3; test $A = b && test $PWD = /tmp && exit 5 "_s},
                        {u"env"_s, QJsonObject{{u"A"_s, u"b"_s}}},
                        {u"cwd"_s, u"/tmp"_s},
                        {u"timeout"_s, 0}});
    QCOMPARE(answer.status, 200);
    const QJsonObject object = answer.object();
    QCOMPARE(object.value("success"_L1).toBool(), true);
    QCOMPARE(object.value("command"_L1).toString(),
             u"sleep 0.3; test $A = b && test $PWD = /tmp && exit 5"_s);
    const int pid = object.value("pid"_L1).toInt();
    QVERIFY(pid > 1);
    const QJsonObject entry = listed(pid);
    QCOMPARE(entry.value("running"_L1).toBool(), true);
    QCOMPARE(entry.value("command"_L1), object.value("command"_L1));
    QVERIFY(!entry.contains("exitCode"_L1));
    QVERIFY(
        QDateTime::fromString(entry.value("startTime"_L1).toString(), Qt::ISODateWithMs).isValid());
    QCOMPARE(waitFor(pid), 5);
    QCOMPARE(listed(pid).value("running"_L1).toBool(true), false);
    QCOMPARE(listed(pid).value("exitCode"_L1).toInt(), 5);
}

void TestEngineCommands::attachReplaysAndFollows()
{
    const int pid =
        run(u"echo first; echo err >&2; until test -e /app/go; do sleep 0.05; done; "
            "printf last; exit 4"_s);
    GuestCall reader(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QTRY_COMPARE(printed(sentEvents(reader.body())), QByteArray("first\n"));
    QTRY_COMPARE(printed(sentEvents(reader.body()), "stderr"), QByteArray("err\n"));
    m_engine.exec(m_id, u"touch /app/go"_s);
    QVERIFY(reader.waitUntilComplete());
    QCOMPARE(printed(sentEvents(reader.body())), QByteArray("first\nlast"));
    QCOMPARE(exitOf(sentEvents(reader.body())), (QJsonObject{{u"exitCode"_s, 4}}));
    // After the end the same again.
    GuestCall late(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QVERIFY(late.waitUntilComplete());
    QCOMPARE(printed(sentEvents(late.body())), QByteArray("first\nlast"));
    QCOMPARE(exitOf(sentEvents(late.body())), (QJsonObject{{u"exitCode"_s, 4}}));
}

void TestEngineCommands::severalReaders()
{
    const int pid = run(u"for i in $(seq 300); do echo line $i; sleep 0.001; done"_s);
    GuestCall first(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QTRY_VERIFY(first.body().contains("line 20\n"));
    GuestCall second(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QVERIFY(first.waitUntilComplete() && second.waitUntilComplete());
    QCOMPARE(printed(sentEvents(first.body())), printed(sentEvents(second.body())));
    QVERIFY(printed(sentEvents(first.body())).endsWith("line 300\n"));
}

void TestEngineCommands::readerThatLeavesChangesNothing()
{
    const int pid = run(u"echo here; sleep 1; echo there"_s);
    GuestCall reader(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QTRY_VERIFY(reader.body().contains("here"));
    reader.leave();
    QCOMPARE(listed(pid).value("running"_L1).toBool(), true);
    QCOMPARE(waitFor(pid), 0);
    GuestCall late(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QVERIFY(late.waitUntilComplete());
    QCOMPARE(printed(sentEvents(late.body())), QByteArray("here\nthere\n"));
}

void TestEngineCommands::slowReaderStopsTheCommand()
{
    const int pid = run(u"yes 9876543210 | tee /app/count"_s);
    GuestCall reader(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
    QTRY_VERIFY(reader.body().size() > 100'000);
    reader.stopReading();
    const auto written = [&] {
        return m_engine.output(m_id, u"stat -c %s /app/count"_s).toLongLong();
    };
    qint64 before = -1;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const qint64 now = written();
            return std::exchange(before, now) == now;
        }(),
        60'000);
    // Without the slow reader it goes on.
    reader.leave();
    QTRY_VERIFY(written() > before);
    QCOMPARE(call(u"kill"_s, {{u"pid"_s, pid}}).status, 200);
}

void TestEngineCommands::oldOutputIsDropped()
{
    const int pid = run(u"seq 200000"_s);
    QCOMPARE(waitFor(pid), 0);
    const auto output = [&] {
        GuestCall reader(m_engine, m_path + u"attach"_s, {{u"pid"_s, pid}});
        return reader.waitUntilComplete() ? sentEvents(reader.body()) : QList<SentEvent>();
    };
    QTRY_VERIFY(printed(output()).endsWith("\n199999\n200000\n"));
    const auto events = output();
    QVERIFY(printed(events).size() >= 256 * 1024);
    QVERIFY(printed(events).size() < 300 * 1024);
    QVERIFY(printed(events, "stderr").contains("earlier output is gone"));
}

void TestEngineCommands::waitAnswersAtTheEnd()
{
    const int pid = run(u"until test -e /app/end; do sleep 0.02; done; exit 6"_s);
    QNetworkAccessManager network;
    const QByteArray body = QJsonDocument(QJsonObject{{u"pid"_s, pid}}).toJson();
    QNetworkReply *first = network.post(m_engine.request(m_path + u"wait"_s), body);
    QNetworkReply *gone = network.post(m_engine.request(m_path + u"wait"_s), body);
    m_engine.exec(m_id, u"sleep 0.2"_s);
    QVERIFY(!first->isFinished());
    gone->abort();
    gone->deleteLater();
    m_engine.exec(m_id, u"touch /app/end"_s);
    const QJsonObject answer = m_engine.finish(first).object();
    QCOMPARE(answer, (QJsonObject{{u"success"_s, true}, {u"exitCode"_s, 6}}));
}

void TestEngineCommands::killEndsTheGroup()
{
    const int pid = run(u"sleep 23571 & sleep 23571; echo never"_s);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"23571"_s).size(), 3);
    const Answer answer = call(u"kill"_s, {{u"pid"_s, pid}});
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.object().value("success"_L1).toBool(), true);
    QVERIFY(!answer.object().value("message"_L1).toString().isEmpty());
    QCOMPARE(listed(pid).value("running"_L1).toBool(true), false);
    QCOMPARE(listed(pid).value("exitCode"_L1).toInt(), 128 + 15);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"23571"_s), QStringList());
}

void TestEngineCommands::killTakesNoForAnAnswer()
{
    const int pid = run(u"trap '' TERM; while :; do sleep 0.23572; done"_s);
    QTRY_VERIFY(!EngineUnderTest::processesWith(u"0.23572"_s).isEmpty());
    QCOMPARE(call(u"kill"_s, {{u"pid"_s, pid}}).status, 200);
    QCOMPARE(listed(pid).value("exitCode"_L1).toInt(), 128 + 9);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"0.23572"_s), QStringList());
}

// The shell has ended, what it left in the background has not.
void TestEngineCommands::killAfterTheEnd()
{
    const int pid = run(u"sleep 23573 >/dev/null 2>&1 & exit 0"_s);
    QCOMPARE(waitFor(pid), 0);
    QCOMPARE(EngineUnderTest::processesWith(u"23573"_s).size(), 1);
    QCOMPARE(call(u"kill"_s, {{u"pid"_s, pid}}).status, 200);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"23573"_s), QStringList());
    QCOMPARE(listed(pid).value("exitCode"_L1).toInt(-1), 0);
}

void TestEngineCommands::timeLimit()
{
    const int pid = run(u"sleep 23574"_s, {{u"timeout"_s, 1}});
    const QJsonObject answer = call(u"wait"_s, {{u"pid"_s, pid}}).object();
    QCOMPARE(answer.value("exitCode"_L1).toInt(), 124);
    QVERIFY(answer.value("error"_L1).toString().contains(u"took too long"_s));
    QTRY_COMPARE(EngineUnderTest::processesWith(u"23574"_s), QStringList());
}

void TestEngineCommands::badRequests_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &method, const QString &call,
                        const QByteArray &body,
                        int status) { QTest::newRow(name) << method << call << body << status; };
    row("run nothing", "POST", u"run"_s, "{}", 400);
    row("run blank", "POST", u"run"_s, R"({"command":" "})", 400);
    row("run long", "POST", u"run"_s, R"({"command":")" + QByteArray(100'001, 'a') + "\"}", 400);
    row("run 901 s", "POST", u"run"_s, R"({"command":"true","timeout":901})", 400);
    row("run nowhere", "POST", u"run"_s, R"({"command":"true","cwd":"/nowhere"})", 400);
    for (const QString &call : {u"attach"_s, u"wait"_s, u"kill"_s}) {
        row(qPrintable(call + u" nothing"_s), "POST", call, "{}", 400);
        row(qPrintable(call + u" text"_s), "POST", call, R"({"pid":"1"})", 400);
        row(qPrintable(call + u" zero"_s), "POST", call, R"({"pid":0})", 400);
        row(qPrintable(call + u" negative"_s), "POST", call, R"({"pid":-1})", 400);
        row(qPrintable(call + u" fraction"_s), "POST", call, R"({"pid":1.5})", 400);
        row(qPrintable(call + u" the agent"_s), "POST", call, R"({"pid":1})", 404);
        row(qPrintable(call + u" unknown"_s), "POST", call, R"({"pid":999999})", 404);
        row(qPrintable(call + u" method"_s), "GET", call, {}, 405);
    }
    row("list method", "POST", u"list"_s, "{}", 405);
    row("unknown", "POST", u"pause"_s, "{}", 404);
    row("too deep", "POST", u"run/x"_s, "{}", 404);
}

void TestEngineCommands::badRequests()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, name);
    QFETCH(QByteArray, body);
    const Answer answer = m_engine.call(method, m_path + name, body);
    QTEST(answer.status, "status");
    QVERIFY(!answer.error().isEmpty());
}

void TestEngineCommands::endedOnesAreBounded()
{
    int last = 0;
    for (int i = 0; i < 140; ++i)
        last = run(u"true"_s);
    QCOMPARE(waitFor(last), 0);
    const auto count = [&] {
        return m_engine.get(m_path + u"list"_s).object().value("processes"_L1).toArray().size();
    };
    QCOMPARE(count(), 128);
    QVERIFY(!listed(last).isEmpty());
}

void TestEngineCommands::runningOnesAreBounded()
{
    QList<int> pids;
    for (int i = 0; i < 64; ++i)
        pids << run(u"sleep 23575"_s);
    const Answer refused = call(u"run"_s, {{u"command"_s, u"true"_s}});
    QCOMPARE(refused.status, 429);
    QVERIFY(!refused.error().isEmpty());
    m_engine.exec(m_id, u"pkill -f 23575"_s);
    QTRY_COMPARE(EngineUnderTest::processesWith(u"23575"_s), QStringList());
    QVERIFY(run(u"true"_s) > 0);
}

QTEST_GUILESS_MAIN(TestEngineCommands)
#include "tst_enginecommands.moc"
