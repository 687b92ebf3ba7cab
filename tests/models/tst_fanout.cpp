// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QtTest>

#include "enginesandbox.h"
#include "models/fanout.h"
#include "models/runsmodel.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The same command in several real sandboxes.
class TestFanOut : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<RunsModel> m_runs;
    QList<std::pair<QString, QString>> m_three;

    static RunRequest command(const QString &text)
    {
        RunRequest request;
        request.text = text;
        return request;
    }

    static bool isOver(const FanOut &fanOut)
    {
        return QTest::qWaitFor([&] { return !fanOut.isRunning(); }, 60'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        m_runs = std::make_unique<RunsModel>(m_sandbox.client());
        m_three.append({m_sandbox.id(), u"one"_s});
        for (const QString &name : {u"two"_s, u"three"_s}) {
            SandboxSpec spec;
            spec.name = name;
            const Result<Sandbox> made = test::answerOf(m_sandbox.client()->createSandbox(spec));
            QVERIFY2(made.has_value(), test::problemOf(made).constData());
            m_three.append({made->id, name});
        }
    }

    void equalAnswersAreOneGroup()
    {
        FanOut fanOut(m_runs.get());
        QAbstractItemModelTester tester(&fanOut);
        fanOut.start(command(u"echo same; [ $(hostname) != two ] || { echo other; exit 4; }"_s),
                     m_three);
        QVERIFY(isOver(fanOut));
        QCOMPARE(fanOut.groupCount(), 2);
        QCOMPARE(fanOut.rowsOf(0), (QList<int>{0, 2}));
        QCOMPARE(fanOut.rowsOf(1), QList<int>{1});
        QCOMPARE(fanOut.answer(0).text, u"same"_s);
        QCOMPARE(fanOut.answer(1).text, u"same\nother"_s);
        QCOMPARE(fanOut.answer(1).outcome.exitCode, 4);
        QCOMPARE(fanOut.index(1, FanOut::AnswerColumn).data().toString(), u"B"_s);
    }

    void whatDiffersFarBelowIsNotTheSame()
    {
        FanOut fanOut(m_runs.get());
        fanOut.start(command(u"seq 1 30000; hostname"_s), m_three);
        QVERIFY(isOver(fanOut));
        QCOMPARE(fanOut.groupCount(), 3);
        QCOMPARE(fanOut.answer(0).text, fanOut.answer(1).text);
        QVERIFY(fanOut.answer(0).isCut);
    }

    void atMostEightAtATimeAndAllInTheEnd()
    {
        FanOut fanOut(m_runs.get());
        QList<std::pair<QString, QString>> twelve;
        for (int i = 0; i < 12; ++i)
            twelve.append({m_three[i % 3].first, QString::number(i)});
        int most = 0;
        connect(m_runs.get(), &RunsModel::liveChanged, &fanOut,
                [&] { most = qMax(most, int(m_runs->live().size())); });
        fanOut.start(command(u"sleep 0.2; echo done"_s), twelve);
        QVERIFY(isOver(fanOut));
        QCOMPARE(most, FanOut::MostAtATime);
        QCOMPARE(fanOut.rowsOf(0).size(), 12);
    }

    void stopEndsAllAndBeginsNoMore()
    {
        FanOut fanOut(m_runs.get());
        QList<std::pair<QString, QString>> ten;
        for (int i = 0; i < 10; ++i)
            ten.append({m_three[i % 3].first, QString::number(i)});
        fanOut.start(command(u"sleep 6161"_s), ten);
        const auto running = [&] {
            return m_sandbox.run(u"pgrep -cf 'sleep 616[1]' || true"_s).toInt();
        };
        QTRY_VERIFY_WITH_TIMEOUT(running() > 0, 10'000);
        fanOut.stopAll();
        QVERIFY(isOver(fanOut));
        for (int row = 0; row < 10; ++row)
            QCOMPARE(fanOut.answer(row).outcome.kind, RunOutcome::Kind::Stopped);
        QCOMPARE(running(), 0);
    }

    void oneThatIsGoneIsToldByItself()
    {
        FanOut fanOut(m_runs.get());
        fanOut.start(command(u"echo here"_s),
                     {m_three[0], {u"0123456789abcdef01234567"_s, u"gone"_s}});
        QVERIFY(isOver(fanOut));
        QVERIFY(fanOut.answer(0).outcome.isSuccess());
        QCOMPARE(fanOut.answer(1).outcome.kind, RunOutcome::Kind::NotStarted);
        QCOMPARE(fanOut.groupCount(), 2);
    }
};

QTEST_GUILESS_MAIN(TestFanOut)
#include "tst_fanout.moc"
