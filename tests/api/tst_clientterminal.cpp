// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/client.h"
#include "api/terminalstream.h"
#include "support/cuttingproxy.h"
#include "support/engineprocess.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;
using State = TerminalStream::State;

// Terminals of a real sandbox, through a proxy that cuts.
class ClientTerminalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void typesShowsAndResizes();
    void cutLosesAndDoublesNothing();
    void shellExitEndsTheStream();
    void deletedSessionIsNotFound();
    void temporaryTerminal();

private:
    TerminalStream *open(const QString &session, QByteArray *got);

    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<CuttingProxy> m_proxy;
    std::unique_ptr<Client> m_client;
    QString m_id;
};

void ClientTerminalTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_proxy = std::make_unique<CuttingProxy>(m_engine->port());
    ConnectionProfile profile = m_engine->profile();
    profile.baseUrl = m_proxy->through(profile.baseUrl);
    m_client = std::make_unique<Client>(profile);
    SandboxSpec spec;
    spec.name = u"terminal-test"_s;
    VERIFY_ANSWER(sandbox, m_client->createSandbox(spec));
    m_id = sandbox.id;
}

void ClientTerminalTest::cleanupTestCase()
{
    m_client.reset();
    m_proxy.reset();
    m_engine.reset();
}

TerminalStream *ClientTerminalTest::open(const QString &session, QByteArray *got)
{
    StreamOptions options;
    options.retryMin = 10ms;
    options.retryMax = 50ms;
    options.replayQuiet = 100ms;
    TerminalStream *stream = m_client->openTerminal(m_id, session, options);
    connect(stream, &TerminalStream::dataAvailable, stream,
            [stream, got] { *got += stream->read(1 << 20); });
    return stream;
}

void ClientTerminalTest::typesShowsAndResizes()
{
    VERIFY_ANSWER(session, m_client->createPtySession(m_id, 80, 24));
    QByteArray got;
    const std::unique_ptr<TerminalStream> stream(open(session.id, &got));
    QTRY_COMPARE(stream->state(), State::Live);
    QVERIFY(stream->write("echo $((6*7))-$(stty size)\r"));
    QTRY_VERIFY(got.contains("42-24 80"));
    VERIFY_ANSWER(resized, m_client->resizePtySession(m_id, session.id, 120, 40));
    QVERIFY(stream->write("stty size\r"));
    QTRY_VERIFY(got.contains("40 120"));
    QVERIFY(stream->write("echo sleep''ing; sleep 100\r"));
    QTRY_VERIFY(got.contains("sleeping"));
    QVERIFY(stream->write("\x03"));
    QVERIFY(stream->write("echo back-$?\r"));
    QTRY_VERIFY(got.contains("back-130"));
}

void ClientTerminalTest::cutLosesAndDoublesNothing()
{
    VERIFY_ANSWER(session, m_client->createPtySession(m_id, 80, 24));
    QByteArray got;
    const std::unique_ptr<TerminalStream> stream(open(session.id, &got));
    QTRY_COMPARE(stream->state(), State::Live);
    // Slow enough that there is something to lose, with lines that all differ.
    QVERIFY(stream->write(
        "stty -echo; echo begin; for i in $(seq 1 3000); do echo \"number $i of all\"; "
        "[ $((i % 100)) = 0 ] && sleep 0.02; done; echo fin''ished\r"));
    QTRY_VERIFY(got.contains("number 1 of all"));
    int cuts = 0;
    connect(m_proxy.get(), &CuttingProxy::cut, stream.get(), [&cuts] { ++cuts; });
    for (int i = 0; i < 8 && !got.contains("finished"); ++i) {
        m_proxy->cutAfter(1500 + i * 777);
        const int before = cuts;
        QTRY_VERIFY(cuts > before || got.contains("finished"));
    }
    m_proxy->cutAfter(-1);
    QVERIFY(cuts >= 2);
    QTRY_VERIFY_WITH_TIMEOUT(got.contains("finished"), 20000);
    QByteArray expected;
    for (int i = 1; i <= 3000; ++i)
        expected += "number " + QByteArray::number(i) + " of all\r\n";
    const qsizetype start = got.indexOf("number 1 of all");
    QCOMPARE(got.sliced(start, std::min(expected.size(), got.size() - start)), expected);
    QCOMPARE(got.count("number 1 of all\r\n"), 1);
}

void ClientTerminalTest::shellExitEndsTheStream()
{
    VERIFY_ANSWER(session, m_client->createPtySession(m_id, 80, 24));
    QByteArray got;
    const std::unique_ptr<TerminalStream> stream(open(session.id, &got));
    std::optional<Error> end;
    connect(stream.get(), &TerminalStream::finished, this,
            [&end](const Error &error) { end = error; });
    QTRY_COMPARE(stream->state(), State::Live);
    QVERIFY(stream->write("echo good''bye; exit 3\r"));
    QTRY_VERIFY(end);
    QVERIFY2(end->kind == Kind::Cancelled, qPrintable(end->detail));
    QCOMPARE(end->code, u"exit 3"_s);
    QVERIFY(got.contains("goodbye"));
}

void ClientTerminalTest::deletedSessionIsNotFound()
{
    QByteArray got;
    const std::unique_ptr<TerminalStream> stream(open(u"no-such-session"_s, &got));
    std::optional<Error> end;
    connect(stream.get(), &TerminalStream::finished, this,
            [&end](const Error &error) { end = error; });
    QTRY_VERIFY(end);
    QCOMPARE(end->kind, Kind::NotFound);
}

void ClientTerminalTest::temporaryTerminal()
{
    QByteArray got;
    const std::unique_ptr<TerminalStream> stream(open({}, &got));
    QTRY_COMPARE(stream->state(), State::Live);
    QVERIFY(stream->write("echo $((40+2))-temporary\r"));
    QTRY_VERIFY(got.contains("42-temporary"));
    std::optional<Error> end;
    connect(stream.get(), &TerminalStream::finished, this,
            [&end](const Error &error) { end = error; });
    m_proxy->cutNow();
    QTRY_VERIFY(end);
    QCOMPARE(end->kind, Kind::ConnectionLost);
}

QTEST_GUILESS_MAIN(ClientTerminalTest)
#include "tst_clientterminal.moc"
