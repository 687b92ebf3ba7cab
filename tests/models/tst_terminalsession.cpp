// SPDX-License-Identifier: MIT
#include <QSignalSpy>
#include <QTest>

#include "enginesandbox.h"
#include "models/terminalsession.h"
#include "support/replywait.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TerminalSession::State;

namespace
{

constexpr int Patience = 30'000;  // ms

}  // namespace

// TerminalSession with the real engine and a real sandbox.
class TestTerminalSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void typedTextComesBack();
    void startSize();
    void lastResizeArrives();
    void sizesAreBounded();
    void detachingKeepsTheSession();
    void endRemovesTheSession();
    void endWhileStartingLeavesNothing();
    void shellThatExits();
    void sandboxThatIsUnknown();
    void sessionThatIsUnknown();
    void startsAgainAfterTheEnd();
    void clientThatGoes();
    void wrongKey();

private:
    bool goesTo(State state);
    bool shows(const QByteArray &text);
    QStringList sessions();

    std::unique_ptr<EngineSandbox> m_box;
    std::unique_ptr<TerminalSession> m_session;
    QByteArray m_output;
};

void TestTerminalSession::initTestCase()
{
    m_box = std::make_unique<EngineSandbox>();
    QVERIFY2(m_box->start(), qPrintable(m_box->problem()));
}

void TestTerminalSession::cleanupTestCase()
{
    m_box.reset();
}

void TestTerminalSession::init()
{
    m_output.clear();
    m_session = std::make_unique<TerminalSession>(m_box->client(), m_box->id());
    connect(m_session.get(), &TerminalSession::outputAvailable, this, [this] {
        for (QByteArray part = m_session->read(4096); !part.isEmpty(); part = m_session->read(4096))
            m_output += part;
    });
}

void TestTerminalSession::cleanup()
{
    m_session->end();
    m_session.reset();
}

bool TestTerminalSession::goesTo(State state)
{
    return QTest::qWaitFor([&] { return m_session->state() == state; }, Patience);
}

bool TestTerminalSession::shows(const QByteArray &text)
{
    return QTest::qWaitFor([&] { return m_output.contains(text); }, Patience);
}

QStringList TestTerminalSession::sessions()
{
    QStringList ids;
    const auto listed = answerOf(m_box->client()->listPtySessions(m_box->id()));
    for (const PtySession &session : listed.value_or(QList<PtySession>()))
        ids.append(session.id);
    return ids;
}

void TestTerminalSession::typedTextComesBack()
{
    QCOMPARE(m_session->state(), State::Idle);
    QVERIFY(!m_session->write("too early"));
    QSignalSpy states(m_session.get(), &TerminalSession::stateChanged);
    m_session->start(80, 24);
    QCOMPARE(m_session->state(), State::Starting);
    QVERIFY(goesTo(State::Live));
    QCOMPARE(states.count(), 2);
    QVERIFY(!m_session->sessionId().isEmpty());
    QVERIFY(m_session->write("echo $((6*7))-wörld\n"));
    QVERIFY2(shows("42-wörld"), m_output.constData());
}

void TestTerminalSession::startSize()
{
    m_session->start(91, 33);
    QVERIFY(goesTo(State::Live));
    QVERIFY(m_session->write("stty size\n"));
    QVERIFY2(shows("33 91"), m_output.constData());
}

void TestTerminalSession::lastResizeArrives()
{
    m_session->start(80, 24);
    m_session->resize(81, 25);  // before it is there
    QVERIFY(goesTo(State::Live));
    for (int cols = 82; cols < 120; ++cols)
        m_session->resize(cols, 40);
    QVERIFY(m_session->write(
        "until [ \"$(stty size)\" = '40 119' ]; do sleep 0.1; done; echo reached-$((1+1))\n"));
    QVERIFY2(shows("reached-2"), m_output.constData());
}

void TestTerminalSession::sizesAreBounded()
{
    m_session->start(100'000, 0);
    QVERIFY(goesTo(State::Live));
    QVERIFY(m_session->write("stty size\n"));
    QVERIFY2(shows("1 500\r"), m_output.constData());
}

void TestTerminalSession::detachingKeepsTheSession()
{
    m_session->start(80, 24);
    QVERIFY(goesTo(State::Live));
    QVERIFY(m_session->write("remembered=yes\n"));
    QVERIFY(shows("remembered=yes"));
    const QString id = m_session->sessionId();
    m_session = std::make_unique<TerminalSession>(m_box->client(), m_box->id());
    QVERIFY(sessions().contains(id));
    connect(m_session.get(), &TerminalSession::outputAvailable, this,
            [this] { m_output += m_session->read(1 << 20); });
    m_session->attach(id, 90, 30);
    QVERIFY(goesTo(State::Live));
    m_output.clear();
    QVERIFY(m_session->write("echo again-$remembered; stty size\n"));
    QVERIFY2(shows("again-yes"), m_output.constData());
    QCOMPARE(m_session->sessionId(), id);
}

void TestTerminalSession::endRemovesTheSession()
{
    m_session->start(80, 24);
    QVERIFY(goesTo(State::Live));
    const QString id = m_session->sessionId();
    QVERIFY(sessions().contains(id));
    m_session->end();
    QCOMPARE(m_session->state(), State::Ended);
    QVERIFY(!m_session->write("too late"));
    QTRY_VERIFY(!sessions().contains(id));
}

void TestTerminalSession::endWhileStartingLeavesNothing()
{
    QTRY_COMPARE_WITH_TIMEOUT(sessions(), QStringList(), Patience);
    m_session->start(80, 24);
    m_session->end();
    QCOMPARE(m_session->state(), State::Ended);
    // And one whose object goes at once.
    TerminalSession(m_box->client(), m_box->id()).start(80, 24);
    // Both were made meanwhile, and ended: a call that was sent after theirs sees neither for long.
    QTRY_COMPARE_WITH_TIMEOUT(sessions(), QStringList(), Patience);
    QCOMPARE(m_session->state(), State::Ended);
    QVERIFY(m_session->sessionId().isEmpty());
}

void TestTerminalSession::shellThatExits()
{
    m_session->start(80, 24);
    QVERIFY(goesTo(State::Live));
    QVERIFY(m_session->write("echo last-$((1+1)); exit\n"));
    QVERIFY(goesTo(State::Ended));
    QVERIFY(m_output.contains("last-2"));
}

void TestTerminalSession::sandboxThatIsUnknown()
{
    TerminalSession session(m_box->client(), u"000000000000000000000000"_s);
    session.start(80, 24);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), State::Failed, Patience);
    QCOMPARE(session.error().kind, Error::Kind::NotFound);
}

void TestTerminalSession::sessionThatIsUnknown()
{
    m_session->attach(u"no-such-session"_s, 80, 24);
    QVERIFY(goesTo(State::Ended));
    QCOMPARE(m_session->error().kind, Error::Kind::NotFound);
}

void TestTerminalSession::startsAgainAfterTheEnd()
{
    m_session->start(80, 24);
    QVERIFY(goesTo(State::Live));
    const QString first = m_session->sessionId();
    QVERIFY(m_session->write("exit\n"));
    QVERIFY(goesTo(State::Ended));
    m_session->start(80, 24);
    QVERIFY(goesTo(State::Live));
    QVERIFY(m_session->sessionId() != first);
    QVERIFY(m_session->write("echo again-$((2*4))\n"));
    QVERIFY(shows("again-8"));
}

void TestTerminalSession::clientThatGoes()
{
    auto client = std::make_unique<Client>(m_box->engine().profile());
    TerminalSession session(client.get(), m_box->id());
    session.start(80, 24);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), State::Live, Patience);
    client.reset();
    QCOMPARE(session.state(), State::Failed);
    QCOMPARE(session.error().kind, Error::Kind::Cancelled);
    QVERIFY(!session.write("x"));
    session.resize(90, 30);
    session.start(80, 24);
    QCOMPARE(session.state(), State::Failed);
}

void TestTerminalSession::wrongKey()
{
    ConnectionProfile profile = m_box->engine().profile();
    profile.apiKey = u"vr_wrong"_s;
    Client client(profile);
    TerminalSession session(&client, m_box->id());
    session.start(80, 24);
    QTRY_COMPARE_WITH_TIMEOUT(session.state(), State::Failed, Patience);
    QCOMPARE(session.error().kind, Error::Kind::Unauthorized);
}

QTEST_GUILESS_MAIN(TestTerminalSession)
#include "tst_terminalsession.moc"
