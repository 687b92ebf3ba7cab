// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "api/curltext.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/runhistory.h"
#include "models/runsmodel.h"
#include "models/sdkcode.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What is kept of runs, and runs as code: tried with the real curl, python and node.
class TestRunHistory : public QObject
{
    Q_OBJECT

private:
    const QUrl Hosted = ConnectionProfile::hostedBaseUrl();
    test::EngineSandbox m_sandbox;
    QTemporaryDir m_folder;

    RunRequest command(const QString &text) const
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.sandboxName = u"box"_s;
        request.text = text;
        return request;
    }

    static bool run(Connection &connection, const RunRequest &request)
    {
        const QPointer<RunJob> job = connection.runs()->start(request);
        return QTest::qWaitFor([&] { return job->state() == RunJob::State::Ended; }, 20'000);
    }

    static RunRecord record(const Connection &connection, int row)
    {
        return connection.history()->index(row, 0).data(RunHistory::RecordRole).value<RunRecord>();
    }

    // The output of a program of this computer.
    static QByteArray output(const QString &program, const QStringList &arguments,
                             const QMap<QString, QString> &variables = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const auto &[name, value] : variables.asKeyValueRange())
            environment.insert(name, value);
        process.setProcessEnvironment(environment);
        process.start(program, arguments);
        if (!process.waitForFinished(20'000) || process.exitCode() != 0)
            return "! " + process.readAllStandardError();
        return process.readAllStandardOutput();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
    }

    void runsAreKeptAcrossRestartsWithoutSecrets()
    {
        const QString folder = m_folder.filePath(u"runs"_s);
        {
            Connection connection(m_sandbox.engine().profile(), folder);
            QAbstractItemModelTester tester(connection.history());
            RunRequest request = command(u"exit 3"_s);
            request.environment = {{u"TOKEN"_s, u"verysecret"_s}, {u"PLACE"_s, u"kept"_s}};
            request.unkept = QStringList{u"TOKEN"_s};
            QVERIFY(run(connection, request));
            QVERIFY(run(connection, command(u"echo second"_s)));
            QCOMPARE(connection.history()->rowCount(), 2);
            connection.history()->setPinned(1, true);
        }
        QByteArray all;
        for (const QFileInfo &file : QDir(folder).entryInfoList(QDir::Files)) {
            QFile content(file.filePath());
            QVERIFY(content.open(QIODevice::ReadOnly));
            QVERIFY(!(content.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
            all += content.readAll();
        }
        QVERIFY(!all.isEmpty());
        const auto utf16 = [](const QString &text) {
            QByteArray bytes;
            for (const QChar c : text)
                bytes += QByteArray(1, char(c.unicode() >> 8)) + char(c.unicode() & 0xff);
            return bytes;
        };
        QVERIFY(!all.contains(utf16(u"verysecret"_s)));
        QVERIFY(all.contains(utf16(u"kept"_s)));

        Connection connection(m_sandbox.engine().profile(), folder);
        QAbstractItemModelTester tester(connection.history());
        QTRY_COMPARE(connection.history()->rowCount(), 2);
        QCOMPARE(record(connection, 0).request.text, u"echo second"_s);
        QVERIFY(record(connection, 0).outcome.isSuccess());
        const RunRecord first = record(connection, 1);
        QCOMPARE(first.outcome.exitCode, 3);
        QCOMPARE(first.outcome.reason, ExitReason::Failure);
        QVERIFY(first.isPinned);
        QCOMPARE(first.request.environment.value(u"TOKEN"_s), QString());
        QCOMPARE(first.request.environment.value(u"PLACE"_s), u"kept"_s);
        // Another server has its own.
        ConnectionProfile other = m_sandbox.engine().profile();
        other.id = u"other"_s;
        const Connection elsewhere(other, folder);
        QCOMPARE(elsewhere.history()->rowCount(), 0);
        connection.history()->clear();
        QCOMPARE(connection.history()->rowCount(), 1);
        connection.history()->remove(0);
        QCOMPARE(connection.history()->rowCount(), 0);
    }

    void aRunIsThereFromItsStartOn()
    {
        const QString folder = m_folder.filePath(u"crash"_s);
        QString file;
        {
            Connection connection(m_sandbox.engine().profile(), folder);
            QAbstractItemModelTester tester(connection.history());
            const QPointer<RunJob> job = connection.runs()->start(command(u"sleep 0.7"_s));
            QCOMPARE(record(connection, 0).outcome.kind, RunOutcome::Kind::None);
            // What a crash leaves is on the disk while it runs.
            QTRY_COMPARE(QDir(folder).entryList(QDir::Files).size(), 1);
            file = folder % u'/' % QDir(folder).entryList(QDir::Files).first();
            QVERIFY(QFile::copy(file, m_folder.filePath(u"left"_s)));
            QTRY_COMPARE_WITH_TIMEOUT(job->state(), RunJob::State::Ended, 20'000);
            QCOMPARE(connection.history()->rowCount(), 1);
            QVERIFY(record(connection, 0).outcome.isSuccess());
        }
        const RunHistory left(m_folder.filePath(u"left"_s));
        QTRY_COMPARE(left.rowCount(), 1);
        const auto lost = left.index(0, 0).data(RunHistory::RecordRole).value<RunRecord>();
        QCOMPARE(lost.request.text, u"sleep 0.7"_s);
        QCOMPARE(lost.outcome.kind, RunOutcome::Kind::Unknown);
        QVERIFY(lost.startedAt.isValid());
        const RunHistory whole(file);
        QTRY_COMPARE(whole.rowCount(), 1);
        QVERIFY(
            whole.index(0, 0).data(RunHistory::RecordRole).value<RunRecord>().outcome.isSuccess());
    }

    void longTextsKeepTheirBeginning()
    {
        const QString folder = m_folder.filePath(u"long"_s);
        const QString text = u"print('begin')\n\n"_s + QString(RunHistory::LongestText, u'#');
        {
            Connection connection(m_sandbox.engine().profile(), folder);
            RunRequest request = command(text);
            request.isCode = true;
            QVERIFY(run(connection, request));
            QVERIFY(run(connection, command(u"true"_s)));
            QVERIFY(!record(connection, 0).isCut);
        }
        Connection connection(m_sandbox.engine().profile(), folder);
        QTRY_COMPARE(connection.history()->rowCount(), 2);
        const RunRecord kept = record(connection, 1);
        QVERIFY(kept.isCut);
        QCOMPARE(kept.request.text, text.left(RunHistory::LongestText));
        QVERIFY(kept.outcome.isSuccess());
        // All of them together stay within a bound, the newest whole.
        RunsModel runs(nullptr);
        RunHistory history{QString()};
        connect(&runs, &RunsModel::started, &history, [&](RunJob *job) { history.begin(*job); });
        RunRequest request;
        request.text = QString(RunHistory::LongestText, u'x');
        const auto most = RunHistory::MostText / RunHistory::LongestText;
        for (int i = 0; i < most + 2; ++i)
            runs.start(request);
        const auto at = [&](int row) {
            return history.index(row, 0).data(RunHistory::RecordRole).value<RunRecord>();
        };
        QVERIFY(!at(0).isCut && !at(most - 1).isCut);
        QCOMPARE(at(0).request.text.size(), RunHistory::LongestText);
        QVERIFY(at(most).isCut && at(most + 1).isCut);
        QCOMPARE(at(most + 1).request.text.size(), RunHistory::LeastText);
    }

    void aBrokenFileIsNoHarm()
    {
        const QString file = m_folder.filePath(u"broken"_s);
        QFile broken(file);
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write(QByteArray("VRRH\0\1\0\0\0\xff\xff\xff", 12) + QByteArray(5000, '\x7f'));
        broken.close();
        const RunHistory history(file);
        QVERIFY(!QTest::qWaitFor([&] { return history.rowCount() > 0; }, 300));
    }

    void curlDoesTheSame_data()
    {
        QTest::addColumn<bool>("isCode");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("command") << false << u"echo \"it's $((6*7))\" $PLACE; pwd"_s
                                 << "data:it's 42 a b"_ba;
        QTest::newRow("short code") << true << u"print('x' * 3)"_s << "data:xxx"_ba;
        QTest::newRow("long code")
            << true << u"a = 'it'\n\nprint(a * 2)\n#"_s + QString(2000, u'-') << "data:itit"_ba;
    }

    void curlDoesTheSame()
    {
        QFETCH(bool, isCode);
        QFETCH(QString, text);
        QFETCH(QByteArray, expected);
        const ConnectionProfile profile = m_sandbox.engine().profile();
        const Connection connection(profile);
        RunRequest request = command(text);
        request.isCode = isCode;
        request.environment = {{u"PLACE"_s, u"a b"_s}};
        const QString line = connection.curlText(request);
        QVERIFY(!line.contains(profile.apiKey));
        const QByteArray got =
            output(u"bash"_s, {u"-c"_s, line}, {{u"VR_API_KEY"_s, profile.apiKey}});
        QVERIFY2(got.contains(expected), qPrintable(QString::fromUtf8(got) + line));
    }

    // The programs are right where they pass on what they were given: with a stand-in for the SDK.
    void pythonSaysWhatWasRun()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(u"sdk/voidrun"_s));
        QFile sdk(m_folder.filePath(u"sdk/voidrun/__init__.py"_s));
        QVERIFY(sdk.open(QIODevice::WriteOnly));
        sdk.write(
            "import sys\n"
            "class Sandbox:\n"
            "    def __init__(self, id): self.id = id; self.interpreter = self\n"
            "    def exec(self, **all): return self.run_code(None, **all)\n"
            "    def run_code(self, code, **all):\n"
            "        print(self.id, repr(code), sorted(all.items()))\n"
            "        self.stdout = 'end'; self.data = self; return self\n"
            "class VoidRun:\n"
            "    def __init__(self, base_url=None): self.base = base_url\n"
            "    def get_sandbox(self, id):\n"
            "        if self.base: print('at', self.base)\n"
            "        return Sandbox(id)\n");
        sdk.close();
        const QMap<QString, QString> path{{u"PYTHONPATH"_s, m_folder.filePath(u"sdk"_s)}};
        RunRequest request = command(u"echo \"a\\b\"\t'c' \u2028"_s);
        request.folder = u"/app"_s;
        request.environment = {{u"K"_s, u"v\n2"_s}};
        const QByteArray exec =
            output(u"python3"_s, {u"-c"_s, sdkcode::python(Hosted, request)}, path);
        QCOMPARE(
            QString::fromUtf8(exec),
            QString(m_sandbox.id() %
                    u" None [('command', 'echo \"a\\\\b\"\\t\\'c\\' \\u2028'), ('cwd', '/app'), "
                    "('env', {'K': 'v\\n2'}), ('timeout', 60)]\nend\n"_s));
        const QUrl own(u"http://127.0.0.1:1234/api"_s);
        const QByteArray elsewhere =
            output(u"python3"_s, {u"-c"_s, sdkcode::python(own, request)}, path);
        QCOMPARE(QByteArray("at http://127.0.0.1:1234/api\n" + exec), elsewhere);
        request.isCode = true;
        request.text = u"print(1)\n"_s;
        request.environment.clear();
        const QByteArray code =
            output(u"python3"_s, {u"-c"_s, sdkcode::python(Hosted, request)}, path);
        QVERIFY2(code.contains("'print(1)\\n' [('cwd', '/app'), ('language', 'python')"),
                 code.constData());
    }

    void typeScriptSaysWhatWasRun()
    {
        RunRequest request = command(u"echo \"a\""_s);
        request.environment = {{u"K"_s, u"v"_s}};
        const QString exec = sdkcode::typeScript(Hosted, request);
        QVERIFY2(
            exec.contains("sandbox.exec({\n  command: \"echo \\\"a\\\"\",\n  env: {\"K\": \"v\"},\n"
                          "  timeout: 60,\n});"_L1),
            qPrintable(exec));
        QVERIFY(exec.contains("new VoidRun({}).getSandbox("_L1));
        QVERIFY(sdkcode::typeScript(QUrl(u"http://127.0.0.1:1234/api"_s), request)
                    .contains("new VoidRun({ baseUrl: \"http://127.0.0.1:1234/api\" })"_L1));
        request.isCode = true;
        request.language = Language::TypeScript;
        QVERIFY(
            sdkcode::typeScript(Hosted, request)
                .contains("sandbox.runCode(\"echo \\\"a\\\"\", {\n  language: \"typescript\","_L1));
    }
};

QTEST_GUILESS_MAIN(TestRunHistory)
#include "tst_runhistory.moc"
