// SPDX-License-Identifier: MIT
#include <QDir>
#include <QTest>

#include "enginesandbox.h"
#include "models/connection.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "support/cuttingproxy.h"
#include "support/replywait.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using namespace voidrun::test;
using State = TerminalSession::State;
using End = TerminalSession::End;

namespace
{
constexpr int Patience = 30'000;  // ms
constexpr int Moment = 1000;      // ms in which something must not happen
}  // namespace

// How a terminal of a real sandbox outlives cuts, sleep, deletion and the application: each ends in
// the right state, and nothing wakes a sandbox but the person's key.
class TestTerminalLife : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<EngineSandbox> m_box;

    // A terminal and all that it has shown.
    struct Shown {
        std::unique_ptr<TerminalSession> session;
        QByteArray output;

        explicit Shown(TerminalSession *made) : session(made)
        {
            QObject::connect(made, &TerminalSession::outputAvailable, made, [this] {
                for (QByteArray part = session->read(4096); !part.isEmpty();
                     part = session->read(4096))
                    output += part;
            });
        }
        bool shows(const QByteArray &text) const
        {
            return QTest::qWaitFor([&] { return output.contains(text); }, Patience);
        }
        bool goesTo(State state) const
        {
            return QTest::qWaitFor([&] { return session->state() == state; }, Patience);
        }
        bool open() const
        {
            session->start(80, 24);
            return goesTo(State::Live);
        }
    };

    std::unique_ptr<Shown> make()
    {
        return std::make_unique<Shown>(new TerminalSession(m_box->client(), m_box->id()));
    }

    bool isAsleep()
    {
        const auto sandbox = answerOf(m_box->client()->sandbox(m_box->id()));
        return sandbox && sandbox->isAsleep();
    }

    // Asks for a whole moment, not only at its end.
    bool staysAsleep()
    {
        return !QTest::qWaitFor([this] { return !isAsleep(); }, Moment);
    }

    bool sleep() { return answerOf(m_box->client()->sleep(m_box->id())).has_value(); }

private Q_SLOTS:
    void init()
    {
        m_box = std::make_unique<EngineSandbox>();
        QVERIFY2(m_box->start(), qPrintable(m_box->problem()));
    }
    void cleanup() { m_box.reset(); }

    void aSleepingSandboxIsWokenByTheKeyOnly()
    {
        const auto shown = make();
        QVERIFY(shown->open());
        QVERIFY(shown->session->write("echo before-$((1+1))\n"));
        QVERIFY(shown->shows("before-2"));
        QVERIFY(sleep());
        QVERIFY(shown->goesTo(State::Asleep));
        QVERIFY(staysAsleep());
        QCOMPARE(shown->session->state(), State::Asleep);
        QVERIFY(!shown->session->write("lost"));
        QVERIFY(shown->session->waitsForKey());
        shown->session->resume(80, 24);
        QVERIFY(shown->goesTo(State::Live));
        QVERIFY(!isAsleep());
        QVERIFY(shown->session->write("echo after-$((2+2))\n"));
        QVERIFY(shown->shows("after-4"));
        QCOMPARE(shown->output.count("before-2"), 1);
    }

    void aScreenThatAProgramLeftIsLeftForTheNewShell()
    {
        const auto shown = make();
        QVERIFY(shown->open());
        QVERIFY(shown->session->write("printf '\\033[?1049hfull-%s' screen; sleep 1000\n"));
        QVERIFY(shown->shows("full-screen"));
        shown->session->end();
        shown->session->resume(80, 24);
        QVERIFY(shown->goesTo(State::Live));
        QVERIFY(shown->output.contains("\x1b[?1049l"));
        QVERIFY(shown->session->write("exit\n"));
        QVERIFY(shown->goesTo(State::Ended));
        // On the usual screen the sequence would move the cursor.
        shown->session->resume(80, 24);
        QVERIFY(shown->goesTo(State::Live));
        QCOMPARE(shown->output.count("\x1b[?1049l"), 1);
    }

    void whoDeletesTheSandboxEndsIt()
    {
        const auto shown = make();
        QVERIFY(shown->open());
        QVERIFY(answerOf(m_box->client()->deleteSandbox(m_box->id())).has_value());
        QVERIFY(shown->goesTo(State::Ended));
        QCOMPARE(shown->session->endReason(), End::SandboxGone);
        QVERIFY(!shown->session->waitsForKey());
    }

    void whoEndsTheSessionElsewhereIsSaid()
    {
        const auto shown = make();
        QVERIFY(shown->open());
        QVERIFY(
            answerOf(m_box->client()->deletePtySession(m_box->id(), shown->session->sessionId()))
                .has_value());
        QVERIFY(shown->goesTo(State::Ended));
        QCOMPARE(shown->session->endReason(), End::Elsewhere);
        // Nothing else says that.
        const auto left = make();
        QVERIFY(left->open());
        QVERIFY(left->session->write("exit 3\n"));
        QVERIFY(left->goesTo(State::Ended));
        QCOMPARE(left->session->endReason(), End::Exited);
    }

    void cutsLoseAndDoubleNothing()
    {
        CuttingProxy proxy(m_box->engine().port());
        ConnectionProfile profile = m_box->engine().profile();
        profile.baseUrl = proxy.through(profile.baseUrl);
        Client client(profile);
        Shown shown(new TerminalSession(&client, m_box->id()));
        QVERIFY(shown.open());
        for (int cut = 1; cut <= 2; ++cut) {
            const QByteArray number = QByteArray::number(cut);
            QVERIFY(shown.session->write("echo cut-$((0+" + number +
                                         "))-is; sleep 0.6; echo and-$((0+" + number + "))-on\n"));
            QVERIFY(shown.shows("cut-" + number + "-is"));
            proxy.cutNow();
            QVERIFY(shown.goesTo(State::Reconnecting));
            QVERIFY(shown.goesTo(State::Live));
            QVERIFY(shown.shows("and-" + number + "-on"));
        }
        for (int cut = 1; cut <= 2; ++cut) {
            const QByteArray is = "cut-" + QByteArray::number(cut) + "-is";
            const QByteArray on = "and-" + QByteArray::number(cut) + "-on";
            QCOMPARE(shown.output.count(is), 1);
            QCOMPARE(shown.output.count(on), 1);
        }
    }

    void aServerThatIsReplacedMeanwhileDoesNotKnowTheSandbox()
    {
        EngineProcess other;
        QVERIFY(other.start());  // makes its folders
        QVERIFY(other.stop());
        const QString key = u"/state/apiKey"_s;
        QVERIFY(QFile::remove(other.stateDir() + key));
        QVERIFY(QFile::copy(m_box->engine().stateDir() + key, other.stateDir() + key));
        QVERIFY(other.start());
        CuttingProxy proxy(m_box->engine().port());
        ConnectionProfile profile = m_box->engine().profile();
        profile.baseUrl = proxy.through(profile.baseUrl);
        Client client(profile);
        Shown shown(new TerminalSession(&client, m_box->id()));
        QVERIFY(shown.open());
        proxy.setTarget(other.port());
        proxy.cutNow();
        QVERIFY(shown.goesTo(State::Ended));
        QCOMPARE(shown.session->endReason(), End::SandboxGone);
    }

    void aRestartedEngineHasTheSandboxAsleepAndTheKeyBringsItBack()
    {
        auto connection = std::make_unique<Connection>(m_box->engine().profile());
        Shown shown(connection->createTerminalSession(m_box->id(), nullptr));
        QVERIFY(shown.open());
        QVERIFY(shown.session->write("echo first-$((1+1))\n"));
        QVERIFY(shown.shows("first-2"));
        m_box->engine().kill9();
        QVERIFY(shown.goesTo(State::Reconnecting));
        connection.reset();
        QCOMPARE(shown.session->state(), State::Failed);
        QVERIFY(m_box->engine().start());
        QVERIFY(m_box->reconnect());
        Connection again(m_box->engine().profile());
        again.adopt(shown.session.get());
        QCOMPARE(shown.session->state(), State::Away);
        again.sandboxes()->refresh();
        QVERIFY(shown.goesTo(State::Asleep));
        QVERIFY(staysAsleep());
        shown.session->resume(80, 24);
        QVERIFY(shown.goesTo(State::Live));
        QVERIFY(shown.session->write("echo second-$((1+1))\n"));
        QVERIFY(shown.shows("second-2"));
        QCOMPARE(shown.output.count("first-2"), 1);
    }

    void watchingGetsNothingThrough()
    {
        const auto owner = make();
        QVERIFY(owner->open());
        Shown watcher(new TerminalSession(m_box->client(), m_box->id()));
        watcher.session->setKind(TerminalSession::Kind::ReadOnly);
        watcher.session->setSession(owner->session->sessionId());
        watcher.session->start(40, 10);
        QVERIFY(watcher.goesTo(State::Live));
        QVERIFY(!watcher.session->write("touch /app/got-through\n"));
        watcher.session->resize(33, 11);
        QVERIFY(owner->session->write("echo seen-$((3+4))\n"));
        QVERIFY(watcher.shows("seen-7"));
        QVERIFY(!watcher.session->write("\x03"));
        QVERIFY(owner->session->write("stty size\n"));
        QVERIFY(owner->shows("24 80"));
        QVERIFY(!owner->output.contains("touch"));
        QCOMPARE(m_box->run(u"ls /app | grep -c got-through; true"_s), u"0\n"_s);
        // Who leaves ends nothing, and who is left sees the end.
        watcher.session->end();
        QVERIFY(owner->session->write("echo still-$((4+4))\n"));
        QVERIFY(owner->shows("still-8"));
        Shown second(new TerminalSession(m_box->client(), m_box->id()));
        second.session->setKind(TerminalSession::Kind::ReadOnly);
        second.session->setSession(owner->session->sessionId());
        second.session->start(80, 24);
        QVERIFY(second.goesTo(State::Live));
        owner->session->end();
        QVERIFY(second.goesTo(State::Ended));
        QVERIFY(!second.session->waitsForKey());
    }

    void theNextRunShowsItOnceAndGoesOn()
    {
        Connection connection(m_box->engine().profile());
        connection.sandboxes()->refresh();
        SavedTerminal saved;
        {
            Shown shown(connection.createTerminalSession(m_box->id(), nullptr));
            QVERIFY(shown.open());
            QVERIFY(
                shown.session->write("kept=yes; echo one-$((1+1)); sleep 2; echo two-$((2+2))\n"));
            QVERIFY(shown.shows("one-2"));
            saved = shown.session->saved();
            saved.connectionId = connection.profile().id;
        }  // detached; the session goes on
        auto *session = new TerminalSession(nullptr, m_box->id());
        session->restore(saved);
        Shown shown(session);
        shown.session->start(80, 24);
        QCOMPARE(shown.session->state(), State::Away);
        QVERIFY(shown.output.contains("one-2"));  // before anything was asked
        connection.adopt(session);
        QVERIFY(shown.goesTo(State::Live));
        QVERIFY(shown.shows("two-4"));
        QVERIFY(shown.session->write("echo $kept-$((5+5))\n"));
        QVERIFY(shown.shows("yes-10"));
        QCOMPARE(shown.output.count("one-2"), 1);
        QCOMPARE(shown.output.count("two-4"), 1);
    }

    void theNextRunWakesNothing()
    {
        Connection connection(m_box->engine().profile());
        connection.sandboxes()->refresh();
        SavedTerminal saved;
        {
            Shown shown(connection.createTerminalSession(m_box->id(), nullptr));
            QVERIFY(shown.open());
            QVERIFY(shown.session->write("echo screen-$((1+1))\n"));
            QVERIFY(shown.shows("screen-2"));
            saved = shown.session->saved();
            saved.connectionId = connection.profile().id;
        }
        QVERIFY(sleep());
        connection.sandboxes()->refresh();
        QTRY_VERIFY(connection.sandboxes()->sandbox(m_box->id())->isAsleep());
        auto *session = new TerminalSession(nullptr, m_box->id());
        session->restore(saved);
        Shown shown(session);
        shown.session->start(80, 24);
        connection.adopt(session);
        QVERIFY(shown.goesTo(State::Asleep));
        QVERIFY(shown.output.contains("screen-2"));
        QVERIFY(staysAsleep());
        // Somebody else wakes it: the session did not survive that here, and that is said.
        QVERIFY(answerOf(m_box->client()->wake(m_box->id())).has_value());
        connection.sandboxes()->refresh();
        QVERIFY(shown.goesTo(State::Ended));
        QCOMPARE(shown.session->endReason(), End::SessionGone);
        QVERIFY(shown.session->waitsForKey());
    }

    void aTemporaryOneEndsWithItsConnection()
    {
        CuttingProxy proxy(m_box->engine().port());
        ConnectionProfile profile = m_box->engine().profile();
        profile.baseUrl = proxy.through(profile.baseUrl);
        Client client(profile);
        Shown shown(new TerminalSession(&client, m_box->id()));
        shown.session->setKind(TerminalSession::Kind::Temporary);
        shown.session->start(91, 33);
        QVERIFY(shown.goesTo(State::Live));
        QVERIFY(shown.session->write("stty size\n"));
        QVERIFY(shown.shows("33 91"));
        QCOMPARE(answerOf(m_box->client()->listPtySessions(m_box->id())).value().size(), 0);
        proxy.cutNow();
        QVERIFY(shown.goesTo(State::Failed));
        QCOMPARE(shown.session->error().kind, Error::Kind::ConnectionLost);
        shown.session->resume(80, 24);
        QVERIFY(shown.goesTo(State::Live));
    }
};

QTEST_GUILESS_MAIN(TestTerminalLife)
#include "tst_terminallife.moc"
