// SPDX-License-Identifier: MIT
#include <QTest>

#include "enginesandbox.h"
#include "models/guestprograms.h"
#include "models/terminalsession.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What runs in a terminal, from what the guest says.
class TestGuestPrograms : public QObject
{
    Q_OBJECT

private:
    static QString stat(int pid, const QString &name, int session, int terminal, int start,
                        const QString &state = u"S"_s)
    {
        return u"%1 (%2) %3 1 %4 %5 %6 %4 0 0 0 0 0 0 0 0 0 20 0 1 0 %7 0 0\n"_s.arg(pid)
            .arg(name, state)
            .arg(session)
            .arg(session)
            .arg(terminal)
            .arg(start);
    }

    // The system started 1000 s before 2026-01-01T00:00:00Z.
    static constexpr qint64 Now = 1767225600;
    static QString head() { return u"1000.00\n%1.000000000\n"_s.arg(Now); }
    static QDateTime at(double uptime)
    {
        return QDateTime::fromMSecsSinceEpoch(qint64((double(Now) - 1000 + uptime) * 1000));
    }

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QString>("output");
        QTest::addColumn<QDateTime>("createdAt");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QStringList>("names");
        const QString shells = stat(1, u"agent"_s, 1, 0, 5) +
                               stat(10, u"bash"_s, 10, 34816, 50000) +
                               stat(20, u"bash"_s, 20, 34817, 60000);
        QTest::newRow("only the shell") << head() + shells << at(500) << true << QStringList{};
        QTest::newRow("its own program") << head() + shells + stat(21, u"vim"_s, 20, 34817, 61000)
                                         << at(600) << true << QStringList{u"vim"_s};
        QTest::newRow("another's program") << head() + shells + stat(21, u"vim"_s, 20, 34817, 61000)
                                           << at(500) << true << QStringList{};
        QTest::newRow("a zombie is over")
            << head() + shells + stat(21, u"ls"_s, 20, 34817, 61000, u"Z"_s) << at(600) << true
            << QStringList{};
        QTest::newRow("made at once: both")
            << head() + shells + stat(30, u"bash"_s, 30, 34818, 60010) +
                   stat(31, u"top"_s, 30, 34818, 60100)
            << at(600) << true << QStringList{u"top"_s};
        QTest::newRow("odd names")
            << head() + shells + stat(21, u"a) S 1 (b\u202e"_s, 20, 34817, 61000) << at(600) << true
            << QStringList{u"a) S 1 (b\ufffd"_s};
        QTest::newRow("no such session") << head() + shells << at(700) << false << QStringList{};
        QTest::newRow("no time") << head() + shells << QDateTime() << false << QStringList{};
        QTest::newRow("a date that knows no fractions")
            << u"1000.00\n%1.%N\n"_s.arg(Now) + shells << at(500) << false << QStringList{};
        QTest::newRow("nothing") << QString() << at(500) << false << QStringList{};
        QTest::newRow("something else")
            << u"<html>\n)(\n1 (\n"_s << at(500) << false << QStringList{};
    }

    void answers()
    {
        QFETCH(QString, output);
        QFETCH(QDateTime, createdAt);
        QFETCH(bool, known);
        QFETCH(QStringList, names);
        const auto found = guestprograms::parse(output, createdAt);
        QCOMPARE(found.has_value(), known);
        QCOMPARE(found.value_or(QStringList()), names);
    }

    void aRealTerminalSaysWhatRunsInIt()
    {
        test::EngineSandbox box;
        QVERIFY2(box.start(), qPrintable(box.problem()));
        TerminalSession busy(box.client(), box.id());
        busy.start(80, 24);
        QTRY_COMPARE(busy.state(), TerminalSession::State::Live);
        TerminalSession idle(box.client(), box.id());
        idle.start(80, 24);
        QTRY_COMPARE(idle.state(), TerminalSession::State::Live);
        QVERIFY(busy.write("sleep 1000\n"));
        const auto ask = [](TerminalSession *session, QStringList *names) {
            bool known = false;
            bool answered = false;
            connect(
                session, &TerminalSession::programsFound, session,
                [&](const QStringList &found, bool isKnown) {
                    *names = found;
                    known = isKnown;
                    answered = true;
                },
                Qt::SingleShotConnection);
            session->lookForPrograms();
            return QTest::qWaitFor([&] { return answered; }, 20'000) && known;
        };
        QStringList names;
        QTRY_VERIFY_WITH_TIMEOUT(ask(&busy, &names) && names == QStringList{u"sleep"_s}, 20'000);
        QVERIFY(ask(&idle, &names));
        // Started within the same moment they are not told apart, and then both are named.
        QVERIFY2(names.isEmpty() || names == QStringList{u"sleep"_s}, qPrintable(names.join(u' ')));
        busy.end();
        idle.end();
        // One that has no session says that it does not know.
        QVERIFY(!ask(&idle, &names));
    }
};

QTEST_GUILESS_MAIN(TestGuestPrograms)
#include "tst_guestprograms.moc"
