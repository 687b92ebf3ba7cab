// SPDX-License-Identifier: MIT
#include <QCryptographicHash>

#include "guestcall.h"

// POST /exec-stream: events, bytes, back-pressure and ends.
class TestEngineStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bytesAreExact_data();
    void bytesAreExact();
    void oneEventALine();
    void outputStaysData();
    void unfinishedLineIsSent();
    void unfinishedCharacterWaits();
    void channelsAndExit();
    void timeoutEndsTheGroup();
    void slowReaderStopsTheCommand();
    void readerThatLeavesEndsTheGroup();
    void everythingBeforeTheExit();
    void backgroundProcessIsNotWaitedFor();
    void manyMegabytes();

private:
    QList<SentEvent> stream(const QString &command, QJsonObject fields = {})
    {
        fields["command"_L1] = command;
        GuestCall call(m_engine, m_path, fields);
        if (!call.waitUntilComplete(60'000))
            qWarning() << "not complete:" << call.head() << call.body().size();
        return sentEvents(call.body());
    }

    EngineUnderTest m_engine;
    QString m_id;
    QString m_path;
};

void TestEngineStreams::initTestCase()
{
    QVERIFY2(m_engine.start(), m_engine.log().constData());
    m_id = m_engine.createSandbox(u"one"_s);
    QVERIFY(!m_id.isEmpty());
    m_path = u"/sandboxes/"_s + m_id + u"/exec-stream"_s;
}

void TestEngineStreams::bytesAreExact_data()
{
    QTest::addColumn<QString>("format");  // of printf
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const QString &format, const QByteArray &bytes) {
        QTest::newRow(name) << format << bytes;
    };
    row("nothing", u""_s, "");
    row("one line", u"a\\n"_s, "a\n");
    row("no end", u"a"_s, "a");
    row("empty lines", u"\\n\\na\\n\\n"_s, "\n\na\n\n");
    row("carriage returns", u"10%%\\r20%%\\r\\n"_s, "10%\r20%\r\n");
    row("only carriage returns", u"\\r\\r"_s, "\r\r");
    row("CRLF", u"a\\r\\nb\\r\\n"_s, "a\r\nb\r\n");
    row("CR before text", u"a\\r\\rb"_s, "a\r\rb");
    row("spaces", u" a\\n  b\\n \\n"_s, " a\n  b\n \n");
    row("colons", u":a\\ndata: x\\nid: y\\n"_s, ":a\ndata: x\nid: y\n");
    row("bytes", u"\\000\\001\\377\\n"_s, QByteArray("\0\1\xff\n", 4));
    row("mark", u"\\357\\273\\277a\\n"_s,
        "\xef\xbb\xbf"
        "a\n");
    row("Unicode", u"grün 語 🙂\\n"_s, "grün 語 🙂\n");
    row("escape", u"\\033[31mred\\033[0m\\n"_s, "\x1b[31mred\x1b[0m\n");
}

void TestEngineStreams::bytesAreExact()
{
    QFETCH(QString, format);
    const auto events = stream(u"printf '"_s + format + u'\'');
    QTEST(printed(events), "bytes");
    QCOMPARE(exitOf(events).value("exitCode"_L1).toInt(-1), 0);
}

void TestEngineStreams::oneEventALine()
{
    const auto events = stream(u"printf 'a\\nb\\n'; sleep 0.05; echo c"_s);
    const QList<SentEvent> expected{{"stdout", "a", {}},
                                    {"stdout", "b", {}},
                                    {"stdout", "c", {}},
                                    {"exit", "{\"exitCode\":0}", {}}};
    QCOMPARE(events, expected);
}

void TestEngineStreams::outputStaysData()
{
    for (const QString &end : {u"\\n"_s, u"\\r"_s, u"\\r\\n"_s}) {
        const QString hostile =
            end + end + u"event: exit"_s + end + u"data: {\"exitCode\":9}"_s + end + end;
        const auto events = stream(u"printf 'before"_s + hostile + u"after\\n'; exit 3"_s);
        QCOMPARE(exitOf(events).value("exitCode"_L1).toInt(-1), 3);
        QVERIFY(printed(events).contains("event: exit"));
        QVERIFY(printed(events).endsWith("after\n"));
    }
}

void TestEngineStreams::unfinishedLineIsSent()
{
    GuestCall call(m_engine, m_path, {{u"command"_s, u"printf 'name? '; sleep 30; echo x"_s}});
    const SentEvent prompt{"stdout", "name? ", "partial"};
    QTRY_COMPARE(sentEvents(call.body()), QList<SentEvent>{prompt});
    QVERIFY(call.head().contains("text/event-stream"));
    // While the other channel is busy, too.
    GuestCall noisy(
        m_engine, m_path,
        {{u"command"_s, u"printf 'name? '; while sleep 0.02; do echo noise >&2; done"_s}});
    QTRY_COMPARE(printed(sentEvents(noisy.body())), QByteArray("name? "));
}

void TestEngineStreams::unfinishedCharacterWaits()
{
    GuestCall call(m_engine, m_path,
                   {{u"command"_s, u"printf 'gr\\303'; sleep 1; printf '\\274n\\n'"_s}});
    QVERIFY(call.waitUntilComplete());
    const auto events = sentEvents(call.body());
    QCOMPARE(events.first(), (SentEvent{"stdout", "gr", "partial"}));
    QCOMPARE(printed(events), QByteArray("grün\n"));
}

void TestEngineStreams::channelsAndExit()
{
    const auto events = stream(u"echo $A; pwd; echo \"$1\"; echo no >&2; exit 7"_s,
                               {{u"env"_s, QJsonObject{{u"A"_s, u"b"_s}}}, {u"cwd"_s, u"/tmp"_s}});
    QCOMPARE(printed(events), QByteArray("b\n/tmp\n\n"));
    QCOMPARE(printed(events, "stderr"), QByteArray("no\n"));
    QCOMPARE(exitOf(events), (QJsonObject{{u"exitCode"_s, 7}}));
    QCOMPARE(exitOf(stream(u"kill -9 $$"_s)).value("exitCode"_L1).toInt(), 137);
}

void TestEngineStreams::timeoutEndsTheGroup()
{
    const auto events =
        stream(u"echo before; trap '' TERM; sleep 27183 & sleep 27183"_s, {{u"timeout"_s, 1}});
    QCOMPARE(printed(events), QByteArray("before\n"));
    QCOMPARE(exitOf(events).value("exitCode"_L1).toInt(), 124);
    QVERIFY(exitOf(events).value("error"_L1).toString().contains(u"took too long"_s));
    QTRY_COMPARE(EngineUnderTest::processesWith(u"27183"_s), QStringList());
}

void TestEngineStreams::slowReaderStopsTheCommand()
{
    GuestCall call(
        m_engine, m_path,
        {{u"command"_s, u"exec yes 0123456789 | tee /app/count"_s}, {u"timeout"_s, 100}});
    QTRY_VERIFY(call.body().size() > 100'000);
    call.stopReading();
    const auto written = [&] {
        return m_engine.output(m_id, u"stat -c %s /app/count"_s).toLongLong();
    };
    qint64 before = -1;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const qint64 now = written();
            return std::exchange(before, now) == now;
        }(),
        20'000);
    qint64 memory = 0;
    for (const QString &agent : EngineUnderTest::processesWith(u"agent"_s + QChar(0) + m_id))
        memory = std::max(memory, EngineUnderTest::peakMemory(agent.section(u' ', 0, 0)));
    QVERIFY2(memory > 0 && memory < 64 * 1024, QByteArray::number(memory).constData());
    call.leave();
    QTRY_COMPARE(EngineUnderTest::processesWith(u"yes"_s + QChar(0) + u"0123456789"_s),
                 QStringList());
}

void TestEngineStreams::readerThatLeavesEndsTheGroup()
{
    GuestCall call(m_engine, m_path,
                   {{u"command"_s, u"sleep 31415 & echo started; sleep 31415; true"_s}});
    QTRY_VERIFY(call.body().contains("started"));
    QTRY_COMPARE(EngineUnderTest::processesWith(u"31415"_s).size(), 3);
    call.leave();
    QTRY_COMPARE(EngineUnderTest::processesWith(u"31415"_s), QStringList());
}

void TestEngineStreams::everythingBeforeTheExit()
{
    for (int round = 0; round < 20; ++round) {
        const auto events = stream(u"seq 5000"_s);
        QCOMPARE(events.size(), 5001);
        QCOMPARE(events.at(4999).data, QByteArray("5000"));
        QCOMPARE(exitOf(events), (QJsonObject{{u"exitCode"_s, 0}}));
    }
}

void TestEngineStreams::backgroundProcessIsNotWaitedFor()
{
    const auto events = stream(u"sleep 16181 & echo started"_s);
    QCOMPARE(printed(events), QByteArray("started\n"));
    QCOMPARE(exitOf(events).value("exitCode"_L1).toInt(-1), 0);
    QCOMPARE(EngineUnderTest::processesWith(u"16181"_s).size(), 1);
    m_engine.exec(m_id, u"pkill -f 16181"_s);
}

// Lines of every length, one of them longer than what is ever held.
void TestEngineStreams::manyMegabytes()
{
    const QString program =
        u"import sys\nw=sys.stdout.write\n"
        "for i in range(20000): w('x'*(i%400)+str(i)+'\\n')\n"
        "w('y'*300000+'\\n')\nw('z'*70000)"_s;
    const auto events = stream(u"python3 -c \""_s + program + u"\" | tee /app/all"_s);
    const QByteArray sum =
        QCryptographicHash::hash(printed(events), QCryptographicHash::Md5).toHex();
    QCOMPARE(QString::fromLatin1(sum), m_engine.output(m_id, u"md5sum < /app/all"_s).left(32));
}

QTEST_GUILESS_MAIN(TestEngineStreams)
#include "tst_enginestreams.moc"
