// SPDX-License-Identifier: MIT
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QTest>

#include "api/client.h"
#include "api/codeflow.h"
#include "support/engineprocess.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace
{

ExecResult printed(const QString &text)
{
    return {text, QString(), 0};
}

}  // namespace

// The code interpreter: what a result is made of, and code of every awkward kind run for real.
class CodeFlowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void results_data();
    void results();
    void shortCodeGoesInline_data();
    void shortCodeGoesInline();
    void awkwardCodeArrivesUnchanged_data();
    void awkwardCodeArrivesUnchanged();
    void languages_data();
    void languages();
    void failureIsAResult();
    void fileIsRemovedWhatever_data();
    void fileIsRemovedWhatever();
    void cancelRemovesTheFile();

private:
    QString filesLeft();

    std::unique_ptr<EngineProcess> m_engine;
    std::unique_ptr<Client> m_client;
    QString m_id;
};

void CodeFlowTest::initTestCase()
{
    m_engine = std::make_unique<EngineProcess>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->problem()));
    m_client = std::make_unique<Client>(m_engine->profile());
    VERIFY_ANSWER(sandbox, m_client->createSandbox({}));
    QVERIFY2(sandbox.name.startsWith("sdbx-"_L1), qPrintable(sandbox.name));
    m_id = sandbox.id;
}

void CodeFlowTest::cleanupTestCase()
{
    m_client.reset();
    m_engine.reset();
}

QString CodeFlowTest::filesLeft()
{
    const auto left = answerOf(m_client->exec(m_id, {.command = u"ls /tmp | grep voidrun-"_s}));
    return left ? left->stdOut : QString::fromUtf8(problemOf(left));
}

void CodeFlowTest::results_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<QVariant>("results");
    QTest::newRow("nothing") << u""_s << QVariant();
    QTest::newRow("blank") << u" \n\n"_s << QVariant();
    QTest::newRow("number") << u"a\n42\n"_s << QVariant(42);
    QTest::newRow("text") << u"hello\n"_s << QVariant(u"hello"_s);
    QTest::newRow("two values") << u"1, 2\n"_s << QVariant(u"1, 2"_s);
    QTest::newRow("string") << u"\"a\\n\"\n\n"_s << QVariant(u"a\n"_s);
    QTest::newRow("list") << u"[1,2]"_s << QVariant(QVariantList{1, 2});
    QTest::newRow("object") << u"{\"a\":true}"_s << QVariant(QVariantMap{{u"a"_s, true}});
    QTest::newRow("Python's dict") << u"{'a': 1}"_s << QVariant(u"{'a': 1}"_s);
    QTest::newRow("closing bracket") << u"1] [2"_s << QVariant(u"1] [2"_s);
}

void CodeFlowTest::results()
{
    QFETCH(QString, output);
    QFETCH(QVariant, results);
    const CodeResult result = codeResult(printed(output));
    QVERIFY(result.success);
    QCOMPARE(result.results, results);
    QVERIFY(result.error.isEmpty());
    const CodeResult logs = codeResult({u"a\n\nb"_s, u"e\n"_s, 1});
    QCOMPARE(logs.logs.stdOut, (QStringList{u"a"_s, u""_s, u"b"_s}));
    QCOMPARE(logs.logs.stdErr, QStringList{u"e"_s});
    QCOMPARE(logs.error, u"e\n"_s);
}

void CodeFlowTest::shortCodeGoesInline_data()
{
    QTest::addColumn<Language>("language");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("command");  // empty: a file is needed
    const auto row = [](const char *name, Language language, const QString &code,
                        const QString &command) {
        QTest::newRow(name) << language << code << command;
    };
    row("python", Language::Python, u"print('a')"_s, u"python3 -c 'print('\\''a'\\'')'"_s);
    row("node", Language::Node, u"1"_s, u"node -e '1'"_s);
    row("javascript", Language::JavaScript, u"1"_s, u"node -e '1'"_s);
    row("typescript", Language::TypeScript, u"1"_s, u"tsx -e '1'"_s);
    row("bash", Language::Bash, u"ls"_s, u"bash -c 'ls'"_s);
    row("sh", Language::Sh, u"ls"_s, u"sh -c 'ls'"_s);
    row("lines", Language::Bash, u"a\nb"_s, u"bash -c 'a\nb'"_s);
    row("blank line", Language::Python, u"a\n\nb"_s, {});
    row("999", Language::Sh, QString(999, u'a'), u"sh -c '"_s + QString(999, u'a') + u'\'');
    row("1000", Language::Sh, QString(1000, u'a'), {});
    row("option", Language::Node, u"-1"_s, {});
    row("shell option", Language::Bash, u"+x"_s, {});
}

void CodeFlowTest::shortCodeGoesInline()
{
    QFETCH(Language, language);
    QFETCH(QString, code);
    QFETCH(QString, command);
    QCOMPARE(inlineCommand(language, code), command);
}

void CodeFlowTest::awkwardCodeArrivesUnchanged_data()
{
    QTest::addColumn<QString>("text");
    for (const bool isLong : {false, true}) {
        const QString more = isLong ? u"\n\n"_s : QString();
        const auto row = [&](const char *name, const QString &text) {
            QTest::addRow("%s%s", name, isLong ? ", from a file" : "") << text + more;
        };
        row("single quotes", u"it's '' '\\'' '"_s);
        row("double quotes", u"say \"hi\" \"\""_s);
        row("shell", u"$HOME `id` $(id) ; & | > < * ? ! # ~ {a,b}"_s);
        row("backslashes", u"\\ \\n \\\\ \\'"_s);
        row("end marks", u"EOFPYTHON\nEOF\nEOFJS\nEOFPYTHON"_s);
        row("percent", u"%s %d %%"_s);
        row("unicode", u"\u00e4\u6f22\U0001F600\u202e"_s);
        row("carriage return and tab", u"a\rb\tc"_s);
        row("leading minus", u"-c"_s);
    }
    QTest::newRow("1 MB") << QString(1'000'000, u'x') + u"\n'end'"_s;
}

// The program is told its own text: a here-document of the shell with nothing expanded.
void CodeFlowTest::awkwardCodeArrivesUnchanged()
{
    QFETCH(QString, text);
    const QString mark = u"voidrun_end_of_text"_s;
    const CodeRequest request{.code = u"sha256sum << '%1'\n%2\n%1"_s.arg(mark, text),
                              .language = Language::Bash};
    VERIFY_ANSWER(result, m_client->runCode(m_id, request));
    const QByteArray expected =
        QCryptographicHash::hash(QByteArray(text.toUtf8() + '\n'), QCryptographicHash::Sha256)
            .toHex();
    QCOMPARE(result.stdOut, QString::fromLatin1(expected) + u"  -\n"_s);
    QVERIFY(result.success);
    QCOMPARE(filesLeft(), QString());
}

void CodeFlowTest::languages_data()
{
    QTest::addColumn<Language>("language");
    QTest::addColumn<QString>("code");
    QTest::newRow("python") << Language::Python << u"import json\nprint(json.dumps([1, 'a']))"_s;
    QTest::newRow("node") << Language::Node << u"console.log(JSON.stringify([1, 'a']))"_s;
    QTest::newRow("javascript") << Language::JavaScript
                                << u"console.log(JSON.stringify([1, `a`]))"_s;
    QTest::newRow("typescript") << Language::TypeScript
                                << u"const a: [number, string] = [1, 'a']\n"
                                   "console.log(JSON.stringify(a))"_s;
    QTest::newRow("bash") << Language::Bash << u"a=(1 '\"a\"'); echo \"[${a[0]}, ${a[1]}]\""_s;
    QTest::newRow("sh") << Language::Sh << u"echo '[1, \"a\"]'"_s;
}

void CodeFlowTest::languages()
{
    QFETCH(Language, language);
    QFETCH(QString, code);
    for (const QString &more : {u""_s, u"\n\n"_s}) {
        VERIFY_ANSWER(result, m_client->runCode(m_id, {.code = code + more, .language = language}));
        QVERIFY2(result.success, qPrintable(result.stdErr));
        QCOMPARE(result.results, QVariant(QVariantList{1, u"a"_s}));
    }
}

void CodeFlowTest::failureIsAResult()
{
    for (const QString &more : {u""_s, u"\n\n"_s}) {
        VERIFY_ANSWER(result, m_client->runCode(
                                  m_id, {.code = u"print(1)\nraise ValueError('no')"_s + more}));
        QVERIFY(!result.success);
        QCOMPARE(result.exitCode, 1);
        QVERIFY(result.error.contains("ValueError: no"_L1));
        QCOMPARE(result.results, QVariant(1));
        QCOMPARE(filesLeft(), QString());
    }
}

void CodeFlowTest::fileIsRemovedWhatever_data()
{
    QTest::addColumn<QList<int>>("statuses");  // of upload, exec, removal
    QTest::addColumn<bool>("works");
    QTest::newRow("works") << QList<int>{200, 200, 200} << true;
    QTest::newRow("upload fails") << QList<int>{500, 200} << false;
    QTest::newRow("exec fails") << QList<int>{200, 504, 200} << false;
    QTest::newRow("removal fails") << QList<int>{200, 200, 404} << true;
}

void CodeFlowTest::fileIsRemovedWhatever()
{
    QFETCH(QList<int>, statuses);
    QFETCH(bool, works);
    ScriptedServer server;
    QList<ScriptedReply> replies;
    for (const int status : statuses)
        replies.append(ScriptedReply::json(status, R"({"data":{"stdout":"1","exitCode":0}})"));
    server.setReplies(replies);
    ConnectionProfile profile = m_engine->profile();
    profile.baseUrl = server.baseUrl();
    Client client(profile);
    const auto result = answerOf(client.runCode(m_id, {.code = u"a\n\nb"_s}));
    QCOMPARE(result.has_value(), works);
    QCOMPARE(server.requests().size(), statuses.size());
    const SeenRequest &uploaded = server.requests().first();
    QCOMPARE(uploaded.body, "a\n\nb"_ba);
    const QByteArray query = uploaded.target.sliced(uploaded.target.indexOf("?path="));
    QVERIFY(query.startsWith("?path=%2Ftmp%2Fvoidrun-"));
    QCOMPARE(server.requests().last().method, "DELETE"_ba);
    QVERIFY(server.requests().last().target.endsWith(QByteArray("/files" + query)));
}

void CodeFlowTest::cancelRemovesTheFile()
{
    auto *reply = m_client->runCode(m_id, {.code = u"import time\n\ntime.sleep(50)"_s});
    std::optional<Error> error;
    reply->onFinished(this, [&error](const Result<CodeResult> &result) {
        error = result ? Error() : result.error();
    });
    QTRY_VERIFY(!filesLeft().isEmpty());
    QElapsedTimer timer;
    timer.start();
    reply->abort();
    QTRY_VERIFY(error);
    QVERIFY(timer.elapsed() < 1000);
    QCOMPARE(error->kind, Kind::Cancelled);
    QTRY_COMPARE(filesLeft(), QString());
}

QTEST_GUILESS_MAIN(CodeFlowTest)
#include "tst_codeflow.moc"
