// SPDX-License-Identifier: MIT
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <memory>
#include <vector>

#include "api/client.h"
#include "api/terminalstream.h"
#include "support/cuttingproxy.h"
#include "support/engineprocess.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = TerminalStream::State;

namespace
{

constexpr int Terminals = 10;
constexpr int Patience = 60'000;  // ms

// Prints numbered lines and keeps what it reads, in a terminal that adds nothing of its own.
constexpr auto Talker = R"(
import os, sys, threading, time, tty
name = sys.argv[1]
tty.setraw(0)
def listen():
    with open('/app/heard' + name, 'wb', 0) as heard:
        while True:
            heard.write(os.read(0, 65536))
threading.Thread(target=listen, daemon=True).start()
number = 0
while not os.path.exists('/app/stop' + name):
    for _ in range(5):
        os.write(1, b'o%07d\n' % number)
        number += 1
    time.sleep(0.03)
os.write(1, b'end %d\n' % number)
time.sleep(600)
)"_L1;

StreamOptions quick()
{
    StreamOptions options;
    options.retryMin = 5ms;
    options.retryMax = 20ms;
    options.replayQuiet = 12ms;
    return options;
}

// One terminal with the talker in it, through a proxy of its own.
class Conversation : public QObject
{
public:
    Conversation(const EngineProcess &engine, const QString &sandbox, int number,
                 const StreamOptions &options)
        : m_name(QString::number(number)), m_proxy(engine.port())
    {
        ConnectionProfile profile = engine.profile();
        profile.baseUrl = m_proxy.through(profile.baseUrl);
        m_client = std::make_unique<Client>(profile);
        const auto session = answerOf(m_client->createPtySession(sandbox, 80, 24));
        if (!session)
            qFatal("%s", problemOf(session).constData());
        m_stream.reset(m_client->openTerminal(sandbox, session->id, options));
        connect(m_stream.get(), &TerminalStream::dataAvailable, this,
                [this] { m_got += m_stream->read(1 << 20); });
        connect(m_stream.get(), &TerminalStream::stateChanged, this, [this] {
            if (m_stream->state() == State::Live)
                ++m_lives;
        });
        m_stream->write("exec python3 /app/talker.py " + m_name.toUtf8() + "\r");
        connect(&m_typing, &QTimer::timeout, this, [this] {
            m_stream->write("i" + QByteArray::number(m_typed++).rightJustified(7, '0') + "\n");
        });
    }

    void type(bool on)
    {
        if (on)
            m_typing.start(7);
        else
            m_typing.stop();
    }
    bool hasBegun() const { return m_got.contains("o0000000\n"); }
    bool hasEnded() const { return m_got.contains("end ") && m_got.endsWith('\n'); }
    CuttingProxy &proxy() { return m_proxy; }
    TerminalStream &stream() { return *m_stream; }
    const QString &name() const { return m_name; }
    int lives() const { return m_lives; }

    // Empty where each number came once, in order, up to the end.
    QByteArray whatIsWrong() const
    {
        const qsizetype start = m_got.indexOf("o0000000\n");
        const qsizetype end = m_got.lastIndexOf("end ");
        const int count = m_got.sliced(end + 4).trimmed().toInt();
        QByteArray expected;
        for (int i = 0; i < count; ++i)
            expected += "o" + QByteArray::number(i).rightJustified(7, '0') + "\n";
        const QByteArray actual = m_got.sliced(start, end - start);
        if (actual == expected)
            return {};
        qsizetype same = 0;
        while (same < qMin(actual.size(), expected.size()) && actual[same] == expected[same])
            ++same;
        return "at " + QByteArray::number(same) + " of " + QByteArray::number(expected.size()) +
               ": " + actual.mid(same, 60);
    }
    // Each line at most once and in order: nothing typed was sent again.
    QByteArray whatIsWrongInput(const QByteArray &heard) const
    {
        int last = -1;
        for (const QByteArray &line : heard.split('\n')) {
            if (line.isEmpty())
                continue;
            bool ok = false;
            const int number = line.sliced(1).toInt(&ok);
            if (line.front() != 'i' || line.size() != 8 || !ok || number <= last ||
                number >= m_typed)
                return line + " after " + QByteArray::number(last);
            last = number;
        }
        return last < 0 ? "nothing was heard"_ba : QByteArray();
    }

private:
    QString m_name;
    CuttingProxy m_proxy;
    std::unique_ptr<Client> m_client;
    std::unique_ptr<TerminalStream> m_stream;
    QByteArray m_got;
    QTimer m_typing;
    int m_typed = 0;
    int m_lives = 0;
};

}  // namespace

// Real terminals whose line is cut, falls silent or stands still while both sides talk: what is
// shown is complete and nothing is doubled, and what is typed arrives at most once.
class TerminalCutsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cutAnywhere();
    void silentPeer();
    void engineStandsStill();
    void weStandStill();

private:
    std::unique_ptr<Conversation> begin(int number, const StreamOptions &options = quick());
    void finish(Conversation &conversation);
    QString run(const QString &command);

    EngineProcess m_engine;
    std::unique_ptr<Client> m_client;
    QString m_id;
};

void TerminalCutsTest::initTestCase()
{
    QVERIFY2(m_engine.start(), qPrintable(m_engine.problem()));
    m_client = std::make_unique<Client>(m_engine.profile());
    SandboxSpec spec;
    spec.name = u"cuts"_s;
    VERIFY_ANSWER(sandbox, m_client->createSandbox(spec));
    m_id = sandbox.id;
    run(u"cat > /app/talker.py <<'END'\n"_s % Talker % u"END\n"_s);
}

QString TerminalCutsTest::run(const QString &command)
{
    ExecRequest request;
    request.command = command;
    const auto result = answerOf(m_client->exec(m_id, request));
    return result ? result->stdOut : QString::fromUtf8(problemOf(result));
}

std::unique_ptr<Conversation> TerminalCutsTest::begin(int number, const StreamOptions &options)
{
    auto conversation = std::make_unique<Conversation>(m_engine, m_id, number, options);
    if (!QTest::qWaitFor([&] { return conversation->hasBegun(); }, Patience))
        return nullptr;
    conversation->type(true);
    return conversation;
}

void TerminalCutsTest::finish(Conversation &conversation)
{
    conversation.proxy().cutAfter(-1);
    conversation.type(false);
    run(u"touch /app/stop"_s % conversation.name());
    QTRY_VERIFY_WITH_TIMEOUT(conversation.hasEnded(), Patience);
    QCOMPARE(conversation.whatIsWrong(), QByteArray());
    const QByteArray heard = run(u"cat /app/heard"_s % conversation.name()).toUtf8();
    QCOMPARE(conversation.whatIsWrongInput(heard), QByteArray());
}

void TerminalCutsTest::cutAnywhere()
{
    const int cuts = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 10'000 : 500;
    const quint32 seed = 5;
    QRandomGenerator random(seed);
    std::vector<std::unique_ptr<Conversation>> all;
    for (int i = 0; i < Terminals; ++i) {
        all.push_back(begin(i));
        QVERIFY(all.back());
    }
    int done = 0;
    for (const auto &conversation : all) {
        CuttingProxy *proxy = &conversation->proxy();
        // Within the greeting, a replay or what is new; or at once, with what is on its way lost.
        const auto next = [&done, &random, cuts, proxy] {
            ++done;
            if (done < cuts)
                proxy->cutAfter(random.bounded(1, random.bounded(2) ? 600 : 20'000));
        };
        connect(proxy, &CuttingProxy::cut, conversation.get(), next);
        proxy->cutAfter(random.bounded(1, 2000));
        auto *hard = new QTimer(conversation.get());
        connect(hard, &QTimer::timeout, conversation.get(), [&done, &random, cuts, proxy] {
            if (done >= cuts || proxy->openConnections() == 0 || random.bounded(4) > 0)
                return;
            ++done;
            proxy->cutNow();
        });
        hard->start(23);
    }
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(done >= cuts, 30 * Patience);
    qInfo("%d cuts in %lld ms", done, clock.elapsed());
    int lives = 0;
    for (const auto &conversation : all) {
        finish(*conversation);
        lives += conversation->lives();
    }
    QVERIFY(lives > cuts / 4);  // many cuts come before a connection is whole
}

void TerminalCutsTest::silentPeer()
{
    StreamOptions options = quick();
    options.pingInterval = 50ms;
    options.deadAfter = 400ms;
    const auto conversation = begin(100, options);
    QVERIFY(conversation);
    conversation->proxy().setSilent(true);
    QTRY_COMPARE(conversation->stream().state(), State::Reconnecting);
    conversation->proxy().setSilent(false);
    QTRY_COMPARE_WITH_TIMEOUT(conversation->stream().state(), State::Live, Patience);
    finish(*conversation);
}

void TerminalCutsTest::engineStandsStill()
{
    StreamOptions options = quick();
    options.pingInterval = 50ms;
    options.deadAfter = 400ms;
    const auto conversation = begin(101, options);
    QVERIFY(conversation);
    ::kill(pid_t(m_engine.pid()), SIGSTOP);
    QTRY_COMPARE(conversation->stream().state(), State::Reconnecting);
    ::kill(pid_t(m_engine.pid()), SIGCONT);
    QTRY_COMPARE(conversation->stream().state(), State::Live);
    finish(*conversation);
}

// As a laptop that sleeps: everything of ours stops, time goes on.
void TerminalCutsTest::weStandStill()
{
    StreamOptions options = quick();
    options.pingInterval = 50ms;
    options.deadAfter = 400ms;
    const auto conversation = begin(102, options);
    QVERIFY(conversation);
    QElapsedTimer clock;
    clock.start();
    QVERIFY(QProcess::startDetached(
        u"/bin/sh"_s,
        {u"-c"_s, u"sleep 0.1; kill -STOP %1; sleep 1.5; kill -CONT %1"_s.arg(getpid())}));
    QTRY_VERIFY(clock.elapsed() > 2000);
    QTRY_COMPARE(conversation->stream().state(), State::Live);
    finish(*conversation);
}

QTEST_GUILESS_MAIN(TerminalCutsTest)
#include "tst_terminalcuts.moc"
