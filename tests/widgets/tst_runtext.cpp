// SPDX-License-Identifier: MIT
#include <QSet>
#include <QtTest>

#include "runtext.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Every end of a run has words of its own, and claims no more than is known.
class TestRunText : public QObject
{
    Q_OBJECT

private:
    static RunOutcome exited(ExitReason reason, int exitCode)
    {
        RunOutcome outcome;
        outcome.kind = RunOutcome::Kind::Exited;
        outcome.reason = reason;
        outcome.exitCode = exitCode;
        outcome.duration = 1234;
        return outcome;
    }

private Q_SLOTS:
    void everyReasonHasItsTitle()
    {
        QSet<QString> titles;
        for (int reason = 0; reason <= int(ExitReason::NoPermission); ++reason) {
            const RunOutcome outcome = exited(ExitReason(reason), reason == 0 ? 0 : 1);
            QVERIFY(!outcomeTitle(outcome).isEmpty());
            QCOMPARE(outcomeText(outcome).isEmpty(), reason == 0);
            titles.insert(outcomeTitle(outcome));
        }
        QCOMPARE(titles.size(), int(ExitReason::NoPermission) + 1);
    }

    void codesAreSaid_data()
    {
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("errors");
        QTest::addColumn<ExitReason>("reason");
        QTest::newRow("0") << 0 << "Permission denied"_ba << ExitReason::Success;
        QTest::newRow("1") << 1 << ""_ba << ExitReason::Failure;
        QTest::newRow("124") << 124 << ""_ba << ExitReason::TimedOut;
        QTest::newRow("126") << 126 << "x: Permission denied"_ba << ExitReason::NotExecutable;
        QTest::newRow("127") << 127 << ""_ba << ExitReason::NotFound;
        QTest::newRow("130") << 130 << ""_ba << ExitReason::Interrupted;
        QTest::newRow("137") << 137 << ""_ba << ExitReason::Killed;
        QTest::newRow("139") << 139 << ""_ba << ExitReason::Crashed;
        QTest::newRow("143") << 143 << ""_ba << ExitReason::Terminated;
        QTest::newRow("disk") << 1 << "OSError: [Errno 28] No space left on device"_ba
                              << ExitReason::DiskFull;
        QTest::newRow("permission")
            << 13 << "EACCES: permission denied, open 'x'"_ba << ExitReason::NoPermission;
    }

    void codesAreSaid()
    {
        QFETCH(int, exitCode);
        QFETCH(QByteArray, errors);
        QTEST(exitReason(exitCode, {}, errors), "reason");
    }

    void programsAreFound_data()
    {
        QTest::addColumn<QByteArray>("errors");
        QTest::addColumn<QString>("program");
        QTest::newRow("bash") << "bash: line 1: node: command not found\n"_ba << u"node"_s;
        QTest::newRow("dash") << "sh: 1: tsx: not found\n"_ba << u"tsx"_s;
        QTest::newRow("last") << "sh: a: not found\nsh: b: not found\n"_ba << u"b"_s;
        QTest::newRow("nothing") << "some error\n"_ba << QString();
    }

    void programsAreFound()
    {
        QFETCH(QByteArray, errors);
        QTEST(missingProgram(errors), "program");
    }

    void factsAreNotInvented()
    {
        QCOMPARE(outcomeFacts(exited(ExitReason::Failure, 7)), u"Exit code 7 · 1.2 s"_s);
        RunOutcome lost;
        lost.kind = RunOutcome::Kind::Unknown;
        lost.error.kind = Error::Kind::ConnectionLost;
        lost.duration = 500;
        QCOMPARE(outcomeFacts(lost), u"0.5 s"_s);
        QVERIFY(outcomeTitle(lost).contains(u"not known"_s));
        QVERIFY(!lost.isSuccess());
    }

    void aStopClaimsOnlyWhatWasSeen()
    {
        RunOutcome stopped;
        stopped.kind = RunOutcome::Kind::Stopped;
        QVERIFY(!outcomeText(stopped).contains(u"is left"_s));
        QVERIFY(outcomeText(stopped).contains(u"could not be seen"_s));
        stopped.isGone = true;
        QCOMPARE(outcomeText(stopped), u"Nothing of it is left."_s);
        stopped.ended = QStringList{u"sleep 5"_s};
        QCOMPARE(outcomeText(stopped), u"Ended: sleep 5"_s);
        RunOutcome waiting;
        waiting.kind = RunOutcome::Kind::Stopped;
        waiting.hasBegun = false;
        QCOMPARE(outcomeText(waiting), u"It had not begun yet."_s);
    }

    void problemsAreSentences()
    {
        for (int problem = 1; problem <= int(RunProblem::UnknownLanguage); ++problem)
            QVERIFY(problemText(RunProblem(problem)).endsWith(u'.'));
        QVERIFY(problemText(RunProblem::None).isEmpty());
    }
};

QTEST_MAIN(TestRunText)
#include "tst_runtext.moc"
