// SPDX-License-Identifier: MIT
#include <QJsonValue>
#include <QTest>

#include "api/jsoncodec.h"
#include "api/listingcodec.h"
#include "support/replywait.h"

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
    return response;
}

}  // namespace

// File modes, listings, stat and the tools' results.
class FileCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modes_data();
    void modes();
    void listings_data();
    void listings();
    void bothReadersAgree_data();
    void bothReadersAgree();
    void entryFields();
    void stats_data();
    void stats();
    void statErrors_data();
    void statErrors();
    void doneForms_data();
    void doneForms();
    void toolFailureIsCommandFailed();
};

void FileCodecTest::modes_data()
{
    QTest::addColumn<QJsonValue>("form");
    QTest::addColumn<uint>("mode");
    QTest::newRow("octal") << QJsonValue(u"0644"_s) << 0644U;
    QTest::newRow("octal, three digits") << QJsonValue(u"755"_s) << 0755U;
    QTest::newRow("octal, sticky") << QJsonValue(u"1777"_s) << 01777U;
    QTest::newRow("octal, whole") << QJsonValue(u"0100644"_s) << 0100644U;
    QTest::newRow("octal, 0o") << QJsonValue(u"0o600"_s) << 0600U;
    QTest::newRow("directory") << QJsonValue(u"drwxr-xr-x"_s) << 0040755U;
    QTest::newRow("file") << QJsonValue(u"-rw-r-----"_s) << 0100640U;
    QTest::newRow("symlink") << QJsonValue(u"lrwxrwxrwx"_s) << 0120777U;
    QTest::newRow("setuid") << QJsonValue(u"-rwsr-xr-x"_s) << 0104755U;
    QTest::newRow("setgid off") << QJsonValue(u"-rwxr-Sr-x"_s) << 0102745U;
    QTest::newRow("sticky") << QJsonValue(u"drwxrwxrwt"_s) << 0041777U;
    QTest::newRow("hex") << QJsonValue(u"81a4"_s) << 0100644U;
    QTest::newRow("hex of a directory") << QJsonValue(u"41ed"_s) << 0040755U;
    QTest::newRow("hex, 0x") << QJsonValue(u"0x1ed"_s) << 0755U;
    QTest::newRow("hex, digits only") << QJsonValue(u"8180"_s) << 0100600U;
    QTest::newRow("decimal text") << QJsonValue(u"33188"_s) << 0100644U;
    QTest::newRow("decimal") << QJsonValue(33188) << 0100644U;
    QTest::newRow("decimal, bits only") << QJsonValue(420) << 0644U;
    QTest::newRow("Go directory") << QJsonValue(2147484141.0) << 0040755U;
    QTest::newRow("Go symlink") << QJsonValue(134218239.0) << 0120777U;
}

void FileCodecTest::modes()
{
    QFETCH(QJsonValue, form);
    QFETCH(uint, mode);
    const auto parsed = codec::parseMode(form);
    QVERIFY(parsed);
    QCOMPARE(*parsed, mode);
    for (const QJsonValue &wrong : {QJsonValue(u""_s), QJsonValue(u"rwx"_s), QJsonValue(-1),
                                    QJsonValue(true), QJsonValue(u"drwxr-xr-!"_s)})
        QVERIFY(!codec::parseMode(wrong));
}

void FileCodecTest::listings_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("count");
    const QByteArray files = R"([{"name":"a","size":1,"mode":"0644","isDir":false}])";
    QTest::newRow("contract")
        << QByteArray(R"({"status":"success","data":{"success":true,"files":)" + files + "}}") << 1;
    QTest::newRow("white space")
        << QByteArray(" {\n\"message\" : \"\\u00e4\",\t\"data\":{ \"files\" :\r\n") + files +
               " } } "
        << 1;
    QTest::newRow("bare object") << QByteArray(R"({"success":true,"files":)" + files + "}") << 1;
    QTest::newRow("list in data") << QByteArray(R"({"data":)" + files + "}") << 1;
    QTest::newRow("bare list") << files << 1;
    QTest::newRow("null") << QByteArray(R"({"data":{"success":true,"files":null}})") << 0;
}

void FileCodecTest::listings()
{
    QFETCH(QByteArray, body);
    QFETCH(int, count);
    const auto result = codec::fileEntries(answer(body), u"/d"_s);
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->size(), count);
    if (count)
        QCOMPARE(result->first().path, u"/d/a"_s);
}

void FileCodecTest::bothReadersAgree_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<bool>("quick");
    const auto row = [](const char *entry, bool quick) {
        QTest::newRow(entry) << QByteArray(entry) << quick;
    };
    row(R"({"name":"a","path":"/b/a","size":1,"mode":"0644","isDir":false,"isSymlink":true})",
        true);
    row(R"({"name":"a","modTime":"2025-01-02T03:04:05.5+01:00"})", true);
    row(R"({"name":"a","modTime":"1700000000"})", true);
    row(R"({"name":"a","modTime":"yesterday","mode":"drwxr-xr-x"})", true);
    row(R"({"name":"a","mode":"81a4"})", true);
    row(R"({"name":"a","mode":33188})", true);
    row(R"({"name":"a","mode":2147484141,"size":123456789012345})", true);
    row(R"({"name":"a","mode":"","path":"relative"})", true);
    row("{\"name\":\"\xc3\xa4\xf0\x9f\x98\x80\"}", true);
    row("{\"name\":\"\xef\xbb\xbf\x7f\"}", true);
    row(R"({"name":""})", true);
    row(R"({"name":"a","size":1234567890123456})", false);
    row(R"({"name":"a","size":-1})", false);
    row(R"({"name":"a","size":1.5})", false);
    row(R"({"name":"a","size":1e3})", false);
    row(R"({"name":"a","size":"12"})", false);
    row(R"({"name":"a","size":null,"isDir":null,"modTime":7})", false);
    row(R"({"name":"a","owner":"root"})", false);
    row(R"({"name":"a","name":"b"})", false);
    row(R"({"name":"a\"\u00e4\n"})", false);
}

// What the quick reader does not take is the other one's, and it reads all alike.
void FileCodecTest::bothReadersAgree()
{
    QFETCH(QByteArray, entry);
    QFETCH(bool, quick);
    const QString folder = u"/d"_s;
    const QByteArray rest = R"("data":{"success":true,"files":[)" + entry + "," + entry + "]}}";
    const QByteArray usual = "{" + rest;
    const auto straight = codec::ListingReader(usual, folder).read();
    QCOMPARE(straight.has_value(), quick);
    const auto slow = codec::fileEntries(answer(R"({"?":0,)" + rest), folder);
    QVERIFY2(slow, problemOf(slow).constData());
    QCOMPARE(slow->size(), 2);
    if (quick)
        QCOMPARE(*straight, *slow);
    const auto broken = [&folder](const QByteArray &text) {
        return !codec::ListingReader(text, folder).read();
    };
    QVERIFY(broken(usual + "x") && broken(usual.chopped(1)) && broken(usual + '\0'));
}

void FileCodecTest::entryFields()
{
    const auto result = codec::fileEntries(answer(R"({"data":{"files":[
        {"name":"d","size":4096,"mode":"drwxr-x---","isDir":true,"modTime":"2025-01-02T03:04:05Z"},
        {"name":"l","path":"/else/l","size":3,"mode":"lrwxrwxrwx"},
        {"name":"m","mode":"0777","isSymlink":true},
        {"name":"x\n\"","size":9007199254740993,"mode":493,"isDir":false}]}})"),
                                           u"/"_s);
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->size(), 4);
    QVERIFY(result->at(0).isDir);
    QCOMPARE(result->at(0).mode, 0750U);
    QCOMPARE(result->at(0).path, u"/d"_s);
    QVERIFY(result->at(0).modTime.isValid());
    QVERIFY(result->at(1).isSymlink);
    QVERIFY(!result->at(1).isDir);
    QCOMPARE(result->at(1).path, u"/else/l"_s);
    QVERIFY(result->at(2).isSymlink);
    QCOMPARE(result->at(3).name, u"x\n\""_s);
    QCOMPARE(result->at(3).size, 9007199254740993LL);
    QCOMPARE(result->at(3).mode, 0755U);
    const auto wrong = codec::fileEntries(answer(R"({"data":{"files":[{"size":1}]}})"), u"/"_s);
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().kind, Kind::NotVoidRun);
    QVERIFY(wrong.error().detail.contains("\"name\""_L1));
}

void FileCodecTest::stats_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("text in stdout") << QByteArray(
        R"({"data":{"stdout":"{\"path\":\"/a\",\"size\":12,\"mode\":\"81a4\",\"mtime\":1700000000,\"type\":\"regular file\"}\n","exitCode":0}})");
    QTest::newRow("object") << QByteArray(
        R"({"data":{"path":"/a","size":12,"mode":"81a4","mtime":1700000000,"type":"regular file"}})");
    QTest::newRow("numbers as text")
        << QByteArray(R"({"data":{"path":"/a","size":"12","mode":33188,"mtime":"1700000000"}})");
}

void FileCodecTest::stats()
{
    QFETCH(QByteArray, body);
    const auto result = codec::fileStat(answer(body), u"/a"_s);
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(result->size, 12);
    QCOMPARE(result->path, u"/a"_s);
    QVERIFY(result->isRegular());
    QVERIFY(!result->isDir());
    QCOMPARE(result->mtime.toSecsSinceEpoch(), 1700000000);
}

void FileCodecTest::statErrors_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("tool failed") << QByteArray(R"({"data":{"stderr":"No such file","exitCode":1}})")
                                 << Kind::CommandFailed;
    QTest::newRow("no JSON inside")
        << QByteArray(R"({"data":{"stdout":"huh","exitCode":0}})") << Kind::NotVoidRun;
    QTest::newRow("size missing")
        << QByteArray(R"({"data":{"stdout":"{\"mode\":\"81a4\"}","exitCode":0}})")
        << Kind::NotVoidRun;
}

void FileCodecTest::statErrors()
{
    QFETCH(QByteArray, body);
    QFETCH(Kind, kind);
    const auto result = codec::fileStat(answer(body), u"/a"_s);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, kind);
}

void FileCodecTest::doneForms_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("File uploaded");
    QTest::newRow("envelope") << QByteArray(R"({"status":"success","message":"ok"})");
    QTest::newRow("null data") << QByteArray(R"({"status":"success","data":null})");
    QTest::newRow("text data") << QByteArray(R"({"status":"success","data":"ok"})");
    QTest::newRow("tool") << QByteArray(R"({"data":{"stdout":"","stderr":"","exitCode":0}})");
}

void FileCodecTest::doneForms()
{
    QFETCH(QByteArray, body);
    const auto result = codec::done(answer(body));
    QVERIFY2(result, problemOf(result).constData());
}

void FileCodecTest::toolFailureIsCommandFailed()
{
    const auto result = codec::done(
        answer(R"({"status":"success","data":{"stderr":"rm: denied\n","exitCode":1}})"));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::CommandFailed);
    QCOMPARE(result.error().httpStatus, 200);
    QCOMPARE(result.error().detail, u"rm: denied"_s);
    const auto refused = codec::done(answer(R"({"success":false,"error":"no","details":"d"})"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, u"no"_s);
    QCOMPARE(refused.error().detail, u"d"_s);
}

QTEST_GUILESS_MAIN(FileCodecTest)
#include "tst_filecodec.moc"
