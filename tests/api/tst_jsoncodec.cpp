// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "api/jsoncodec.h"
#include "support/replywait.h"
#include "support/residentsize.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

namespace
{

Response answer(const QByteArray &body)
{
    Response response;
    response.status = 200;
    response.body = body;
    response.address = u"http://host/api/x"_s;
    return response;
}

}  // namespace

// Every accepted form of the contract's objects, and what is said about the others.
class JsonCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sandboxForms_data();
    void sandboxForms();
    void sandboxFields();
    void statusWords_data();
    void statusWords();
    void times_data();
    void times();
    void sandboxErrors_data();
    void sandboxErrors();
    void pages_data();
    void pages();
    void execResults_data();
    void execResults();
    void ptySessions();
    void versionsAndImages();
    void specBecomesJson();
    void execRequestBecomesJson();
    void tooManyValues_data();
    void tooManyValues();
};

void JsonCodecTest::sandboxForms_data()
{
    QTest::addColumn<QByteArray>("body");
    const QByteArray object = R"({"id":"a1","name":"n","status":"running"})";
    QTest::newRow("status") << QByteArray(R"({"status":"success","message":"m","data":)" + object +
                                          "}");
    QTest::newRow("success") << QByteArray(R"({"success":true,"data":)" + object + "}");
    QTest::newRow("data only") << QByteArray(R"({"data":)" + object + "}");
    QTest::newRow("bare") << object;
    QTest::newRow("unknown fields") << QByteArray(
        R"({"data":{"id":"a1","name":"n","status":"running","new":{"x":[1]},"envVars":null}})");
    QTest::newRow("optional of a wrong type") << QByteArray(
        R"({"data":{"id":"a1","name":"n","status":"running","cpu":"many","labels":3}})");
}

void JsonCodecTest::sandboxForms()
{
    QFETCH(QByteArray, body);
    const auto result = codec::sandbox(answer(body));
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->id, u"a1"_s);
    QCOMPARE(result->name, u"n"_s);
    QVERIFY(result->isRunning());
}

void JsonCodecTest::sandboxFields()
{
    const auto result = codec::sandbox(answer(
        R"({"status":"success","data":{"id":"a1","name":"n","image":"code:1.0","cpu":2,"mem":2048,
        "diskMB":5120,"status":"snapshotted","createdAt":"2025-01-02T03:04:05.123456789Z",
        "updatedAt":"2025-01-02T03:04:05+02:00","createdBy":"u","orgId":"o","envVars":{"A":"b","N":1},
        "autoSleep":true,"region":"eu","nodeId":"node1","refId":"r","labels":{"k":"v"},
        "ports":[{"protocol":"http","port":8080},{"protocol":"tcp","port":0},{"port":8080}]}})"));
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->image, u"code:1.0"_s);
    QCOMPARE(result->cpu, 2);
    QCOMPARE(result->mem, 2048);
    QCOMPARE(result->diskMB, 5120);
    QVERIFY(result->isAsleep());
    QCOMPARE(result->createdAt.toUTC().toString(Qt::ISODateWithMs), u"2025-01-02T03:04:05.123Z"_s);
    QCOMPARE(result->updatedAt.toUTC().toString(Qt::ISODate), u"2025-01-02T01:04:05Z"_s);
    QCOMPARE(result->envVars.value(u"A"_s), u"b"_s);
    QCOMPARE(result->envVars.value(u"N"_s), u"1"_s);
    QVERIFY(result->autoSleep);
    QCOMPARE(result->nodeId, u"node1"_s);
    QCOMPARE(result->labels.value(u"k"_s), u"v"_s);
    QCOMPARE(result->publishPorts, QList<int>{8080});
    const auto numbers = codec::sandbox(
        answer(R"({"id":"a1","name":"n","status":"error","publishPorts":[80,443,70000]})"));
    QVERIFY2(numbers, problemOf(numbers).constData());  // a state, not an envelope's status
    QCOMPARE(numbers->publishPorts, (QList<int>{80, 443}));
}

void JsonCodecTest::statusWords_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<bool>("running");
    QTest::addColumn<bool>("asleep");
    QTest::newRow("running") << "running"_ba << true << false;
    for (const char *word : {"snapshotted", "stopped", "paused"})
        QTest::newRow(word) << QByteArray(word) << false << true;
    for (const char *word : {"booting", "creating", "error", "hibernating soon"})
        QTest::newRow(word) << QByteArray(word) << false << false;
}

void JsonCodecTest::statusWords()
{
    QFETCH(QByteArray, word);
    const auto result =
        codec::sandbox(answer(R"({"id":"a1","name":"n","status":")" + word + "\"}"));
    QVERIFY2(result, problemOf(result).constData());
    QTEST(result->isRunning(), "running");
    QTEST(result->isAsleep(), "asleep");
}

void JsonCodecTest::times_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("utc");  // empty: no time
    const auto row = [](const char *text, const QString &utc) {
        QTest::newRow(text) << QByteArray(text) << utc;
    };
    row(R"("2025-01-02T03:04:05Z")", u"2025-01-02T03:04:05.000Z"_s);
    row(R"("2025-01-02T03:04:05.1Z")", u"2025-01-02T03:04:05.100Z"_s);
    row(R"("2025-01-02T03:04:05.123456789Z")", u"2025-01-02T03:04:05.123Z"_s);
    row(R"("2025-01-02T03:04:05+02:00")", u"2025-01-02T01:04:05.000Z"_s);
    row(R"("2025-01-02T03:04:05.5-05:30")", u"2025-01-02T08:34:05.500Z"_s);
    row(R"("2024-02-29T23:59:59Z")", u"2024-02-29T23:59:59.000Z"_s);
    row("1735787045", u"2025-01-02T03:04:05.000Z"_s);
    row(R"("1735787045")", u"2025-01-02T03:04:05.000Z"_s);
    row("0", {});
    row("null", {});
    row(R"("")", {});
    row(R"("2025-02-30T03:04:05Z")", {});
    row(R"("2025-01-02T25:04:05Z")", {});
    row(R"("2025-01-02T03:04:05+ab:00")", {});
    row(R"("2025-01-02T03:04:0\u0665Z")", {});
    row(R"("yesterday")", {});
}

void JsonCodecTest::times()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, utc);
    const auto result = codec::sandbox(answer(R"({"id":"a","name":"n","createdAt":)" + json + "}"));
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->createdAt.isValid(), !utc.isEmpty());
    if (!utc.isEmpty())
        QCOMPARE(result->createdAt.toUTC().toString(Qt::ISODateWithMs), utc);
}

void JsonCodecTest::sandboxErrors_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("said");
    QTest::newRow("id missing") << QByteArray(R"({"data":{"name":"n"}})") << Kind::NotVoidRun
                                << u"\"id\""_s;
    QTest::newRow("id a number") << QByteArray(R"({"data":{"id":7,"name":"n"}})")
                                 << Kind::NotVoidRun << u"\"id\""_s;
    QTest::newRow("name null") << QByteArray(R"({"data":{"id":"a","name":null}})")
                               << Kind::NotVoidRun << u"\"name\""_s;
    QTest::newRow("data a list") << QByteArray(R"({"data":[]})") << Kind::NotVoidRun
                                 << u"\"data\""_s;
    QTest::newRow("not JSON") << QByteArray("hello") << Kind::NotVoidRun << u"not JSON"_s;
    QTest::newRow("empty") << QByteArray() << Kind::NotVoidRun << u"not JSON"_s;
    QTest::newRow("deep") << QByteArray(100000, '[') << Kind::NotVoidRun << u"not JSON"_s;
    QTest::newRow("cut") << QByteArray(R"({"data":{"id":"a","na)") << Kind::NotVoidRun
                         << u"not JSON"_s;
    QTest::newRow("failed inside 200")
        << QByteArray(R"({"success":false,"error":"no"})") << Kind::CommandFailed << u""_s;
}

void JsonCodecTest::sandboxErrors()
{
    QFETCH(QByteArray, body);
    QFETCH(Kind, kind);
    QFETCH(QString, said);
    const auto result = codec::sandbox(answer(body));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, kind);
    QVERIFY2(result.error().detail.contains(said), problemOf(result).constData());
}

void JsonCodecTest::pages_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("total");
    const QByteArray list = R"([{"id":"a","name":"x"},{"id":"b","name":"y"}])";
    QTest::newRow("with meta") << QByteArray(
                                      R"({"status":"success","data":)" + list +
                                      R"(,"meta":{"page":2,"limit":2,"total":9,"totalPages":5}})")
                               << 2 << 9;
    QTest::newRow("without meta") << QByteArray(R"({"data":)" + list + "}") << 2 << 2;
    QTest::newRow("bare") << list << 2 << 2;
    QTest::newRow("null") << QByteArray(R"({"status":"success","data":null})") << 0 << 0;
}

void JsonCodecTest::pages()
{
    QFETCH(QByteArray, body);
    QFETCH(int, count);
    QFETCH(int, total);
    const auto result = codec::sandboxPage(answer(body));
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->sandboxes.size(), count);
    QCOMPARE(result->total, total);
    const auto wrong = codec::sandboxPage(answer(R"({"data":{"id":"a"}})"));
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().kind, Kind::NotVoidRun);
}

void JsonCodecTest::execResults_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("out");
    QTest::newRow("all") << QByteArray(R"({"data":{"stdout":"a\n","stderr":"b","exitCode":3}})")
                         << 3 << u"a\n"_s;
    QTest::newRow("no output") << QByteArray(R"({"status":"success","data":{"exitCode":0}})") << 0
                               << u""_s;
    QTest::newRow("bare") << QByteArray(R"({"stdout":"x","exitCode":-1})") << -1 << u"x"_s;
}

void JsonCodecTest::execResults()
{
    QFETCH(QByteArray, body);
    QFETCH(int, exitCode);
    QFETCH(QString, out);
    const auto result = codec::execResult(answer(body));
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->exitCode, exitCode);
    QCOMPARE(result->stdOut, out);
    QVERIFY(!codec::execResult(answer(R"({"data":{"stdout":"x"}})")));
}

void JsonCodecTest::ptySessions()
{
    const auto created = codec::ptySession(
        answer(R"({"data":{"sessionId":"s-1","createdAt":"2025-01-02T03:04:05Z"}})"));
    QVERIFY2(created, problemOf(created).constData());
    QCOMPARE(created->id, u"s-1"_s);
    const auto list = codec::ptySessions(answer(
        R"({"data":{"sessions":[{"id":"s-1","clients":2,"alive":true},{"id":"s-2","alive":false}]}})"));
    QVERIFY2(list, problemOf(list).constData());
    QCOMPARE(list->size(), 2);
    QCOMPARE(list->at(0).clients, 2);
    QVERIFY(!list->at(1).alive);
    const auto none = codec::ptySessions(answer(R"({"data":{"sessions":null}})"));
    QVERIFY(none && none->isEmpty());
    const auto buffer = codec::ptyBuffer(answer(R"({"data":{"output":"$ "}})"));
    QVERIFY(buffer);
    QCOMPARE(*buffer, u"$ "_s);
}

void JsonCodecTest::versionsAndImages()
{
    const auto version =
        codec::serverVersion(answer(R"({"version":"1","commit":"c","engine":"voidrun-local"})"));
    QVERIFY(version);
    QCOMPARE(version->engine, u"voidrun-local"_s);
    const auto images = codec::images(answer(
        R"([{"id":"i","name":"code","tag":"1.0","sizeGB":1.5,"system":true,"active":true}])"));
    QVERIFY2(images, problemOf(images).constData());
    QCOMPARE(images->size(), 1);
    QCOMPARE(images->first().sizeGB, 1.5);
    QVERIFY(codec::images(answer(R"({"data":[]})")));
    QVERIFY(!codec::images(answer(R"({"version":"1"})")));
}

void JsonCodecTest::specBecomesJson()
{
    SandboxSpec spec;
    spec.name = u"my-box"_s;
    const QJsonObject plain = QJsonDocument::fromJson(codec::toJson(spec)).object();
    QCOMPARE(plain, (QJsonObject{{u"name"_s, u"my-box"_s},
                                 {u"image"_s, u"code"_s},
                                 {u"cpu"_s, 1},
                                 {u"mem"_s, 1024},
                                 {u"autoSleep"_s, false}}));
    spec.envVars = {{u"A"_s, u"\u00e4\n"_s}};
    spec.labels = {{u"k"_s, u"v"_s}};
    spec.publishPorts = {80, 443};
    const QJsonObject full = QJsonDocument::fromJson(codec::toJson(spec)).object();
    QCOMPARE(full.value("envVars"_L1).toObject().value("A"_L1).toString(), u"\u00e4\n"_s);
    QCOMPARE(full.value("labels"_L1).toObject().value("k"_L1).toString(), u"v"_s);
    QCOMPARE(full.value("publishPorts"_L1).toVariant().toList(), (QVariantList{80, 443}));
}

void JsonCodecTest::execRequestBecomesJson()
{
    ExecRequest request;
    request.command = u"echo \"hi\""_s;
    request.cwd = u"/tmp"_s;
    request.args = {u"a"_s};
    request.env = {{u"E"_s, u"1"_s}};
    const QJsonObject json = QJsonDocument::fromJson(codec::toJson(request)).object();
    QCOMPARE(json.value("command"_L1).toString(), request.command);
    QCOMPARE(json.value("timeout"_L1).toInt(), 30);
    QCOMPARE(json.value("cwd"_L1).toString(), u"/tmp"_s);
    QCOMPARE(json.value("args"_L1).toArray().size(), 1);
    QCOMPARE(json.value("env"_L1).toObject().value("E"_L1).toString(), u"1"_s);
}

void JsonCodecTest::tooManyValues_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("numbers") << "0,"_ba;
    QTest::newRow("texts") << "\"a\","_ba;
    QTest::newRow("empty lists") << "[],"_ba;
    QTest::newRow("lists") << "[0],"_ba;
    QTest::newRow("objects") << "{\"a\":0},"_ba;
    QTest::newRow("entries") << R"({"name":"a","size":1,"isDir":false},)"_ba;
}

// 60 MiB that would become gigabytes are refused unread, wherever they stand.
void JsonCodecTest::tooManyValues()
{
    QFETCH(QByteArray, piece);
    const QByteArray list = '[' + piece.repeated((60 << 20) / piece.size()) + "0]";
    const auto refused = [](const auto &result) {
        return !result && result.error().kind == Kind::TooLarge && !result.error().detail.isEmpty();
    };
    const qint64 before = residentKiB();
    QVERIFY(refused(codec::fileEntries(answer(list), u"/"_s)));
    QVERIFY(refused(codec::done(answer(list))));
    QVERIFY(residentKiB() - before < 8 * 1024);
    // The same characters within one text are one value.
    const QString said = QString::fromLatin1(piece.repeated((10 << 20) / piece.size()));
    const auto output = codec::toolOutput(
        answer(QJsonDocument(QJsonObject{{u"stdout"_s, said}, {u"exitCode"_s, 0}}).toJson()));
    QVERIFY(output && *output == said);
}

QTEST_GUILESS_MAIN(JsonCodecTest)
#include "tst_jsoncodec.moc"
