// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QTest>

#include <algorithm>

#include "api/client.h"
#include "api/eventstream.h"
#include "api/watchstream.h"
#include "support/engineprocess.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace
{

// Everything that a stream says.
struct Listener {
    explicit Listener(std::unique_ptr<EventStream> started) : stream(std::move(started))
    {
        QObject::connect(stream.get(), &EventStream::standardOutput, stream.get(),
                         [this](const QByteArray &bytes) { out += bytes; });
        QObject::connect(stream.get(), &EventStream::standardError, stream.get(),
                         [this](const QByteArray &bytes) { err += bytes; });
        QObject::connect(stream.get(), &EventStream::finished, stream.get(),
                         [this](const Result<ExitStatus> &result) { ends.append(result); });
    }
    bool exitedWith(int code) const
    {
        return ends.size() == 1 && ends.first() && ends.first()->exitCode == code;
    }

    std::unique_ptr<EventStream> stream;
    QByteArray out;
    QByteArray err;
    QList<Result<ExitStatus>> ends;
};

}  // namespace

// Streams, background commands, shell sessions, file tools and watches against the real engine.
class ClientStreamsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void outputIsByteExact_data();
    void outputIsByteExact();
    void outputComesAsItIsPrinted();
    void manyBytesArrive();
    void closingEndsTheCommand();
    void backgroundCommands();
    void shellSessions();
    void fileTools();
    void archives_data();
    void archives();
    void watches();

private:
    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<Client> m_client;
    QString m_id;
};

void ClientStreamsTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_client = std::make_unique<Client>(m_engine->profile());
    VERIFY_ANSWER(sandbox, m_client->createSandbox({}));
    m_id = sandbox.id;
}

void ClientStreamsTest::cleanupTestCase()
{
    m_client.reset();
    m_engine.reset();
}

void ClientStreamsTest::outputIsByteExact_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("lines") << "one\ntwo\n"_ba;
    QTest::newRow("no last line end") << "one\ntwo"_ba;
    QTest::newRow("blank lines") << "\n\n a\n\n"_ba;
    QTest::newRow("carriage returns") << "1%\r2%\r3%\r\ndone\r\n"_ba;
    QTest::newRow("fake event") << "data: x\n\nevent: exit\ndata: {\"exitCode\":0}\n\n"_ba;
    QTest::newRow("spaces and colons") << "  :a: b \n:\n"_ba;
    QTest::newRow("UTF-8") << u"\u00e4\u6f22\U0001F600\n"_s.toUtf8();
    QTest::newRow("empty") << ""_ba;
    QTest::newRow("long line") << QByteArray(300'000, 'x') + "\n";
}

void ClientStreamsTest::outputIsByteExact()
{
    QFETCH(QByteArray, bytes);
    QBuffer source(&bytes);
    QVERIFY(source.open(QIODevice::ReadOnly));
    VERIFY_ANSWER(uploaded, m_client->upload(m_id, u"/tmp/output"_s, &source));
    Listener listener(
        m_client->execStream(m_id, {.command = u"cat /tmp/output; cat /tmp/output >&2; exit 7"_s}));
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY2(listener.ends.first(), problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.ends.first()->exitCode, 7);
    QCOMPARE(listener.out, bytes);
    QCOMPARE(listener.err, bytes);
}

void ClientStreamsTest::outputComesAsItIsPrinted()
{
    VERIFY_ANSWER(fifo, m_client->exec(m_id, {.command = u"mkfifo /tmp/go"_s}));
    Listener listener(
        m_client->execStream(m_id, {.command = u"printf 'ready? '; cat /tmp/go; echo over"_s}));
    QTRY_COMPARE(listener.out, "ready? "_ba);  // an unfinished line, while it waits
    VERIFY_ANSWER(told, m_client->exec(m_id, {.command = u"echo yes > /tmp/go"_s}));
    QTRY_VERIFY(listener.exitedWith(0));
    QCOMPARE(listener.out, "ready? yes\nover\n"_ba);
}

void ClientStreamsTest::manyBytesArrive()
{
    Listener listener(m_client->execStream(m_id, {.command = u"seq 1 300000"_s}));
    QTRY_VERIFY_WITH_TIMEOUT(listener.exitedWith(0), 30000);
    QByteArray expected;
    for (int i = 1; i <= 300'000; ++i)
        expected += QByteArray::number(i) + '\n';
    QVERIFY(listener.out == expected);
}

void ClientStreamsTest::closingEndsTheCommand()
{
    Listener listener(
        m_client->execStream(m_id, {.command = u"echo on; sleep 250; echo off"_s, .timeout = 300}));
    QTRY_COMPARE(listener.out, "on\n"_ba);
    listener.stream->close();
    QTRY_COMPARE(listener.ends.size(), 1);
    const auto sleeping = [this] {
        const auto found = answerOf(m_client->exec(m_id, {.command = u"pgrep -f 'sleep 25[0]'"_s}));
        return !found || found->exitCode == 0;
    };
    QTRY_VERIFY(!sleeping());
}

void ClientStreamsTest::backgroundCommands()
{
    VERIFY_ANSWER(started, m_client->runCommand(m_id, {.command = u"echo $A; pwd; sleep 250"_s,
                                                       .env = {{u"A"_s, u"b"_s}},
                                                       .cwd = u"/tmp"_s}));
    QVERIFY(started.pid > 0);
    Listener listener(m_client->attachCommand(m_id, started.pid));
    QTRY_COMPARE(listener.out, "b\n/tmp\n"_ba);
    VERIFY_ANSWER(commands, m_client->listCommands(m_id));
    const auto found = std::ranges::find(commands, started.pid, &GuestCommand::pid);
    QVERIFY(found != commands.end());
    QVERIFY(found->running && !found->exitCode && found->startTime.isValid());
    std::optional<Result<ExitStatus>> waited;  // its reply may be gone before the next one's
    m_client->waitCommand(m_id, started.pid)->onFinished(this, [&waited](const auto &result) {
        waited = result;
    });
    VERIFY_ANSWER(killed, m_client->killCommand(m_id, started.pid));
    QTRY_VERIFY(waited);
    QVERIFY(*waited);
    const ExitStatus exit = **waited;
    QVERIFY(exit.exitCode != 0);
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY2(listener.ends.first(), problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.ends.first()->exitCode, exit.exitCode);
    VERIFY_ANSWER(after, m_client->listCommands(m_id));
    const auto ended = std::ranges::find(after, started.pid, &GuestCommand::pid);
    QVERIFY(ended != after.end());
    QVERIFY(!ended->running && ended->exitCode);
    Listener again(m_client->attachCommand(m_id, started.pid));  // replayed
    QTRY_COMPARE(again.ends.size(), 1);
    QCOMPARE(again.out, "b\n/tmp\n"_ba);
    QVERIFY(!answerOf(m_client->killCommand(m_id, 999'999)));
}

void ClientStreamsTest::shellSessions()
{
    VERIFY_ANSWER(session, m_client->createShellSession(m_id));
    QVERIFY(!session.sessionId.isEmpty());
    VERIFY_ANSWER(set, m_client->execInShellSession(m_id, session.sessionId, u"cd /tmp; A=kept"_s));
    VERIFY_ANSWER(shown, m_client->execInShellSession(m_id, session.sessionId, u"echo $A; pwd"_s));
    QVERIFY2(shown.output.contains("kept"_L1) && shown.output.contains("/tmp"_L1),
             qPrintable(shown.output));
    Listener listener(
        m_client->execInShellSessionStream(m_id, session.sessionId, u"echo $A again; (exit 4)"_s));
    QTRY_VERIFY(listener.exitedWith(4));
    QVERIFY2(listener.out.contains("kept again"), listener.out.constData());
    VERIFY_ANSWER(resized, m_client->resizeShellSession(m_id, session.sessionId, 100, 30));
    VERIFY_ANSWER(closed, m_client->closeShellSession(m_id, session.sessionId));
    QVERIFY(!answerOf(m_client->execInShellSession(m_id, session.sessionId, u"echo $A"_s)));
}

void ClientStreamsTest::fileTools()
{
    VERIFY_ANSWER(
        made,
        m_client->exec(m_id, {.command = u"mkdir -p '/tmp/t/a b'; seq 1 50 > /tmp/t/n.txt; "
                                         "seq 1 9000 > '/tmp/t/a b/m.txt'; touch /tmp/t/x"_s}));
    VERIFY_ANSWER(head, m_client->headTail(m_id, u"/tmp/t/n.txt"_s, 2, Client::Part::Head));
    QCOMPARE(head, u"1\n2\n"_s);
    VERIFY_ANSWER(tail, m_client->headTail(m_id, u"/tmp/t/n.txt"_s, 2, Client::Part::Tail));
    QCOMPARE(tail, u"49\n50\n"_s);
    VERIFY_ANSWER(found, m_client->search(m_id, u"/tmp/t"_s, u"*.txt"_s));
    QStringList sorted = found;
    sorted.sort();
    QCOMPARE(sorted, (QStringList{u"/tmp/t/a b/m.txt"_s, u"/tmp/t/n.txt"_s}));
    VERIFY_ANSWER(usage, m_client->diskUsage(m_id, u"/tmp/t/a b"_s));
    QCOMPARE(usage.path, u"/tmp/t/a b"_s);
    QVERIFY(usage.bytes >= 40'000 && usage.bytes < 1'000'000);
    const auto missing = answerOf(m_client->headTail(m_id, u"/tmp/none"_s, 2, Client::Part::Head));
    QVERIFY(!missing);
    QVERIFY2(missing.error().kind == Kind::CommandFailed || missing.error().kind == Kind::NotFound,
             problemOf(missing).constData());
}

void ClientStreamsTest::archives_data()
{
    QTest::addColumn<ArchiveFormat>("format");
    QTest::newRow("tar") << ArchiveFormat::Tar;
    QTest::newRow("tar.gz") << ArchiveFormat::TarGz;
    QTest::newRow("tar.bz2") << ArchiveFormat::TarBz2;
    QTest::newRow("zip") << ArchiveFormat::Zip;
}

void ClientStreamsTest::archives()
{
    QFETCH(ArchiveFormat, format);
    VERIFY_ANSWER(made,
                  m_client->exec(m_id, {.command = u"rm -rf /tmp/p /tmp/q; mkdir -p /tmp/p/d; "
                                                   "echo text > '/tmp/p/d/a \u00e4'"_s}));
    VERIFY_ANSWER(archive, m_client->compress(m_id, u"/tmp/p"_s, format));
    VERIFY_ANSWER(stat, m_client->stat(m_id, archive));
    QVERIFY(stat.isRegular() && stat.size > 0);
    VERIFY_ANSWER(extracted, m_client->extract(m_id, archive, u"/tmp/q"_s));
    VERIFY_ANSWER(files, m_client->search(m_id, u"/tmp/q"_s, u"a \u00e4"_s));
    QCOMPARE(files.size(), 1);
    QVERIFY2(files.first().endsWith(u"/d/a \u00e4"_s), qPrintable(files.first()));
}

void ClientStreamsTest::watches()
{
    VERIFY_ANSWER(made, m_client->mkdir(m_id, u"/tmp/w/deep"_s));
    const auto watch = m_client->watch(m_id, {.path = u"/tmp/w"_s});
    QList<WatchEvent> events;
    connect(watch.get(), &WatchStream::changed, this,
            [&events](const WatchEvent &event) { events.append(event); });
    QTRY_COMPARE(watch->state(), WatchStream::State::Live);
    VERIFY_ANSWER(changed, m_client->exec(m_id, {.command = u"cd /tmp/w/deep && echo 1 > a && "
                                                            "mv a b && rm b"_s}));
    const auto saw = [&events](WatchEvent::Type type, const QString &path) {
        return std::ranges::any_of(events, [&](const WatchEvent &event) {
            return event.type == type && event.path == path;
        });
    };
    QTRY_VERIFY(saw(WatchEvent::Type::Deleted, u"/tmp/w/deep/b"_s));
    QVERIFY(saw(WatchEvent::Type::Created, u"/tmp/w/deep/a"_s));
}

QTEST_GUILESS_MAIN(ClientStreamsTest)
#include "tst_clientstreams.moc"
