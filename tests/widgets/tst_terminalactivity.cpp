// SPDX-License-Identifier: MIT
#include <QtTest>

#include "terminalactivity.h"

using namespace voidrun;
using namespace std::chrono_literals;

// When a command counts as one that took long, and has ended.
class TestTerminalActivity : public QObject
{
    Q_OBJECT

private:
    static constexpr TerminalActivity::Limits Quick{.longCommand = 100ms, .silence = 80ms};

private Q_SLOTS:
    void promptsAreExact()
    {
        TerminalActivity activity(Quick, nullptr);
        QSignalSpy finished(&activity, &TerminalActivity::finished);
        QSignalSpy running(&activity, &TerminalActivity::runningChanged);
        activity.promptShown(true);
        QVERIFY(!activity.isCommandRunning());
        activity.promptShown(false);
        QVERIFY(activity.isCommandRunning());
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY(clock.elapsed() > 150);  // silent, as `sleep`
        QVERIFY(finished.isEmpty());
        activity.promptShown(true);
        QVERIFY(!activity.isCommandRunning());
        QCOMPARE(finished.size(), 1);
        QVERIFY(finished.constFirst().constFirst().value<std::chrono::milliseconds>() >= 150ms);
        QCOMPARE(running.size(), 2);
    }

    void shortOnesAreNot()
    {
        TerminalActivity activity(Quick, nullptr);
        QSignalSpy finished(&activity, &TerminalActivity::finished);
        activity.promptShown(true);
        activity.promptShown(false);
        activity.outputShown();
        activity.promptShown(true);
        activity.promptShown(true);
        QVERIFY(finished.isEmpty());
    }

    void silenceIsAGuess()
    {
        TerminalActivity activity(Quick, nullptr);
        QSignalSpy finished(&activity, &TerminalActivity::finished);
        activity.outputShown();  // nobody asked for it
        activity.typed("make\r");
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY(clock.elapsed() > 120);
        activity.outputShown();
        QVERIFY(!activity.isCommandRunning());  // nobody knows
        QTRY_COMPARE(finished.size(), 1);
        // The silence is not part of it, and it is told once.
        QVERIFY(finished.constFirst().constFirst().value<std::chrono::milliseconds>() >= 120ms);
        activity.outputShown();
        clock.restart();
        QTRY_VERIFY(clock.elapsed() > 120);
        QCOMPARE(finished.size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestTerminalActivity)
#include "tst_terminalactivity.moc"
