// SPDX-License-Identifier: MIT
#include <QtTest>

#include "enginesandbox.h"
#include "models/outputlog.h"
#include "models/runjob.h"
#include "models/runsmodel.h"
#include "support/cuttingproxy.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Runs in a real sandbox: what they write, how they end, and how they are stopped.
class TestRunJob : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;

    RunRequest command(const QString &text) const
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = text;
        return request;
    }

    RunRequest code(Language language, const QString &text) const
    {
        RunRequest request = command(text);
        request.isCode = true;
        request.language = language;
        return request;
    }

    static bool end(RunJob &job)
    {
        return QTest::qWaitFor([&] { return job.state() == RunJob::State::Ended; }, 30'000);
    }

    static QString output(const RunJob &job)
    {
        QStringList lines;
        for (qint64 i = 0; i < job.output()->lineCount(); ++i) {
            const OutputLog::Line line = job.output()->line(i);
            lines.append((line.channel == OutputChannel::Error ? u"! "_s : QString()) +
                         line.content.text);
        }
        return lines.join(u'|');
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
    }

    void ends_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("output");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<ExitReason>("reason");
        QTest::newRow("success") << u"echo a; echo b >&2"_s << QString() << 0
                                 << ExitReason::Success;
        QTest::newRow("failure") << u"echo gone; exit 3"_s << u"gone"_s << 3 << ExitReason::Failure;
        QTest::newRow("not executable") << u"touch /app/x; chmod 644 /app/x; /app/x 2>/dev/null"_s
                                        << u""_s << 126 << ExitReason::NotExecutable;
        QTest::newRow("interrupted")
            << u"kill -INT $$"_s << u""_s << 130 << ExitReason::Interrupted;
        QTest::newRow("killed") << u"kill -KILL $$"_s << u""_s << 137 << ExitReason::Killed;
        QTest::newRow("crashed") << u"kill -SEGV $$"_s << u""_s << 139 << ExitReason::Crashed;
        QTest::newRow("disk full")
            << u"echo x > /dev/full"_s << QString() << 1 << ExitReason::DiskFull;
        QTest::newRow("permission") << u"echo 'cat: /x: Permission denied' >&2; exit 1"_s
                                    << QString() << 1 << ExitReason::NoPermission;
    }

    void ends()
    {
        QFETCH(QString, text);
        QFETCH(QString, output);
        RunJob job(m_sandbox.client(), command(text));
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::Exited);
        QTEST(job.outcome().exitCode, "exitCode");
        QTEST(job.outcome().reason, "reason");
        if (!output.isNull())
            QCOMPARE(this->output(job), output);
    }

    void theServersTimeLimitIsTold()
    {
        RunRequest request = command(u"sleep 60"_s);
        request.timeout = 1;
        RunJob job(m_sandbox.client(), request);
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().reason, ExitReason::TimedOut);
        QVERIFY(!job.outcome().serverWords.isEmpty());
    }

    void whatIsMissingIsNamed()
    {
        RunJob job(m_sandbox.client(), command(u"nosuchprogram --all"_s));
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().reason, ExitReason::NotFound);
        QCOMPARE(job.outcome().program, u"nosuchprogram"_s);
        QVERIFY(job.outcome().installLine.isEmpty());
    }

    void whatCanBeInstalledIsOffered()
    {
        // A path on which the program is not, and a package manager is.
        RunRequest request = command(u"PATH=/nowhere; tsx -v"_s);
        RunJob job(m_sandbox.client(), request);
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().program, u"tsx"_s);
        const bool hasNpm = !m_sandbox.run(u"command -v npm || true"_s).isEmpty();
        QCOMPARE(job.outcome().installLine, hasNpm ? u"npm install -g tsx"_s : QString());
    }

    void outputComesWhileItRuns()
    {
        RunJob job(m_sandbox.client(),
                   command(u"echo first; echo bad >&2; read x < /app/go; echo last"_s));
        QCOMPARE(m_sandbox.run(u"rm -f /app/go; mkfifo /app/go"_s), QString());
        job.start();
        QTRY_COMPARE(job.output()->lineCount(), 2);
        QVERIFY(output(job).contains(u"! bad"_s));
        QCOMPARE(job.state(), RunJob::State::Running);
        QCOMPARE(m_sandbox.run(u"echo > /app/go"_s), QString());
        QVERIFY(end(job));
        QVERIFY(output(job).endsWith(u"last"_s));
    }

    void codeGivesItsResult_data()
    {
        QTest::addColumn<Language>("language");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QVariant>("result");
        QTest::newRow("python") << Language::Python << u"print('x')\nprint(6*7)"_s << QVariant(42);
        QTest::newRow("text") << Language::Python << u"print('a b')"_s << QVariant(u"a b"_s);
        QTest::newRow("list") << Language::Python << u"import json\nprint(json.dumps([{'a':1}]))"_s
                              << QVariant(QVariantList{QVariantMap{{u"a"_s, 1}}});
        QTest::newRow("bash") << Language::Bash << u"echo \"it's $((2+3))\"; echo; echo 5"_s
                              << QVariant(5);
        QTest::newRow("long, by a file")
            << Language::Python << u"x = 1\n\nprint(x)\n#"_s + QString(2000, u'-') << QVariant(1);
        QTest::newRow("blank lines at the end, in two pieces")
            << Language::Python
            << u"import sys, time\nprint(41, flush=True)\ntime.sleep(.3)\nprint('42\\n  ')"_s
            << QVariant(42);
        QTest::newRow("its line end apart")
            << Language::Python
            << u"import sys, time\nprint(42, end='', flush=True)\ntime.sleep(.3)\nprint('\\n  ')"_s
            << QVariant(42);
        QTest::newRow("without a line end")
            << Language::Python << u"print(7, end='')"_s << QVariant(7);
    }

    void codeGivesItsResult()
    {
        QFETCH(Language, language);
        QFETCH(QString, text);
        QFETCH(QVariant, result);
        RunJob job(m_sandbox.client(), code(language, text));
        job.start();
        QVERIFY(end(job));
        QVERIFY2(job.outcome().isSuccess(), qPrintable(output(job)));
        QCOMPARE(job.outcome().result, result);
        QTRY_COMPARE(m_sandbox.run(u"ls /tmp | grep -c '^voidrun-' || true"_s), u"0\n"_s);
    }

    void folderAndEnvironmentAreUsed()
    {
        RunRequest request = command(u"pwd; echo $GREETING"_s);
        request.folder = u"/usr/lib"_s;
        request.environment.insert(u"GREETING"_s, u"good day"_s);
        RunJob job(m_sandbox.client(), request);
        job.start();
        QVERIFY(end(job));
        QCOMPARE(output(job), u"/usr/lib|good day"_s);
    }

    void aFolderThatIsNotThereIsTold()
    {
        RunRequest request = command(u"pwd"_s);
        request.folder = u"/no/such/folder"_s;
        RunJob job(m_sandbox.client(), request);
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::NoFolder);
    }

    void stopEndsItsProcessesAndNamesThem()
    {
        RunJob job(m_sandbox.client(),
                   command(u"echo started; (setsid sleep 7777 &); sleep 8888; true"_s));
        job.start();
        QTRY_COMPARE(job.output()->lineCount(), 1);
        job.stop();
        QCOMPARE(job.state(), RunJob::State::Stopping);
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::Stopped);
        QVERIFY(job.outcome().ended.contains(u"sleep 8888"_s));
        QVERIFY(job.outcome().ended.contains(u"sleep 7777"_s));
        QVERIFY(!job.outcome().wasForced);
        QCOMPARE(m_sandbox.run(u"pgrep -f 'sleep [78]' || true"_s), QString());
    }

    void whatIgnoresTermIsEndedByForce()
    {
        RunJob job(m_sandbox.client(),
                   command(u"trap '' TERM; echo started; while :; do sleep 0.1; done"_s));
        job.start();
        QTRY_COMPARE(job.output()->lineCount(), 1);
        job.stop();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::Stopped);
        QVERIFY(job.outcome().wasForced);
    }

    void aLostConnectionIsNoSuccess()
    {
        test::CuttingProxy proxy(m_sandbox.engine().port());
        ConnectionProfile profile = m_sandbox.engine().profile();
        profile.baseUrl.setPort(proxy.port());
        Client client(profile);
        RunJob job(&client, command(u"echo kept; sleep 30"_s));
        job.start();
        QTRY_COMPARE(job.output()->lineCount(), 1);
        proxy.cutNow();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::Unknown);
        QVERIFY(!job.outcome().isSuccess());
        QCOMPARE(output(job), u"kept"_s);
    }

    void onlyARefusalIsNotStarted_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<RunOutcome::Kind>("kind");
        for (const int status : {400, 401, 404, 429, 529})
            QTest::addRow("%d", status) << status << RunOutcome::Kind::NotStarted;
        for (const int status : {500, 502, 503, 504})
            QTest::addRow("%d", status) << status << RunOutcome::Kind::Unknown;
    }

    void onlyARefusalIsNotStarted()
    {
        QFETCH(int, status);
        test::ScriptedServer server;
        server.setHandler([status](const test::SeenRequest &) {
            return test::ScriptedReply::json(status, R"({"error":"what"})");
        });
        ConnectionProfile profile = m_sandbox.engine().profile();
        profile.baseUrl.setPort(server.port());
        Client client(profile);
        RunJob job(&client, command(u"true"_s));
        job.start();
        QVERIFY(end(job));
        QTEST(job.outcome().kind, "kind");
    }

    void whatMayStillRunIsLookedFor()
    {
        test::CuttingProxy proxy(m_sandbox.engine().port());
        ConnectionProfile profile = m_sandbox.engine().profile();
        profile.baseUrl.setPort(proxy.port());
        Client client(profile);
        RunJob job(&client, command(u"env | grep ^VOIDRUN_RUN=; sleep 7374"_s));
        job.start();
        QTRY_COMPARE(job.output()->lineCount(), 1);
        proxy.cutNow();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::Unknown);
        // As one of its processes that goes on although the stream was cut.
        const QStringList mark = output(job).split(u'=');
        CommandRequest left;
        left.command = u"sleep 7373"_s;
        left.env.insert(mark.first(), mark.last());
        QVERIFY(test::answerOf(m_sandbox.client()->runCommand(m_sandbox.id(), left)).has_value());
        std::optional<Result<QStringList>> found;
        connect(&job, &RunJob::lookedFor, this,
                [&](const Result<QStringList> &running) { found = running; });
        job.lookForIt();
        QTRY_VERIFY(found);
        QVERIFY(found->has_value());
        QVERIFY(found->value().contains(u"sleep 7373"_s));
        QCOMPARE(m_sandbox.run(u"pkill -f 'sleep 737[34]'; while pgrep -f 'sleep 737[34]' "
                               ">/dev/null; do sleep 0.1; done"_s),
                 QString());
        found.reset();
        job.lookForIt();
        QTRY_VERIFY(found);
        QCOMPARE(*found, Result<QStringList>(QStringList()));
        // Where it cannot be asked, nothing is claimed.
        proxy.setRefusing(true);
        proxy.cutNow();
        found.reset();
        job.lookForIt();
        QTRY_VERIFY_WITH_TIMEOUT(found, 20'000);
        QVERIFY(!found->has_value());
    }

    void problems_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("timeout");
        QTest::addColumn<RunProblem>("problem");
        const QString ok = u"true"_s;
        QTest::newRow("fine") << ok << u"/app"_s << u"A_1"_s << 300 << RunProblem::None;
        QTest::newRow("empty") << u" \n"_s << QString() << u"A"_s << 60 << RunProblem::Empty;
        QTest::newRow("100,000") << QString(100'000, u'a') << QString() << u"A"_s << 60
                                 << RunProblem::None;
        QTest::newRow("100,001") << QString(100'001, u'a') << QString() << u"A"_s << 60
                                 << RunProblem::TooLong;
        QTest::newRow("NUL") << u"a"_s + QChar(0) + u"b"_s << QString() << u"A"_s << 60
                             << RunProblem::HasNul;
        QTest::newRow("half a character")
            << u"a"_s + QChar(0xd800) << QString() << u"A"_s << 60 << RunProblem::BadText;
        QTest::newRow("relative") << ok << u"app"_s << u"A"_s << 60 << RunProblem::RelativeFolder;
        QTest::newRow("no time") << ok << QString() << u"A"_s << 0 << RunProblem::TimeRange;
        QTest::newRow("over the cap") << ok << QString() << u"A"_s << 301 << RunProblem::TimeRange;
        QTest::newRow("name") << ok << QString() << u"1A"_s << 60 << RunProblem::BadName;
        QTest::newRow("name with =") << ok << QString() << u"A=B"_s << 60 << RunProblem::BadName;
    }

    void problems()
    {
        QFETCH(QString, text);
        QFETCH(QString, folder);
        QFETCH(QString, name);
        QFETCH(int, timeout);
        RunRequest other = code(Language(77), text);
        QCOMPARE(problemOf(other), RunProblem::UnknownLanguage);
        RunRequest request;
        request.text = text;
        request.folder = folder;
        request.environment.insert(name, u"x"_s);
        request.timeout = timeout;
        QTEST(problemOf(request), "problem");
    }

    void anUnknownLanguageIsNotRun()
    {
        RunJob job(m_sandbox.client(), code(Language(77), u"touch /app/was-run"_s));
        job.start();
        QVERIFY(end(job));
        QCOMPARE(job.outcome().kind, RunOutcome::Kind::NotStarted);
        QCOMPARE(m_sandbox.run(u"ls /app | grep was-run || true"_s), QString());
    }

    void theModelKeepsTheLastOnes()
    {
        RunsModel runs(m_sandbox.client());
        QAbstractItemModelTester tester(&runs);
        int ended = 0;
        connect(&runs, &RunsModel::ended, this, [&] { ++ended; });
        RunJob *longOne = runs.start(command(u"sleep 600"_s));
        for (int i = 0; i < RunsModel::MostEnded + 3; ++i)
            runs.start(command(u"true"_s));
        QTRY_COMPARE_WITH_TIMEOUT(ended, RunsModel::MostEnded + 3, 30'000);
        QCOMPARE(runs.rowCount(), RunsModel::MostEnded + 1);
        QCOMPARE(runs.live(), QList<RunJob *>{longOne});
        QCOMPARE(runs.liveCount(m_sandbox.id()), 1);
        runs.stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(runs.live().isEmpty(), 20'000);
    }
};

QTEST_GUILESS_MAIN(TestRunJob)
#include "tst_runjob.moc"
