// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/errorcodec.h"

using namespace voidrun;
using namespace Qt::StringLiterals;
using Kind = Error::Kind;

// What the body of an error becomes.
class ErrorCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bodies_data();
    void bodies();
    void webPages_data();
    void webPages();
};

void ErrorCodecTest::bodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    QTest::newRow("error and details")
        << QByteArray(R"({"error":"a","details":"b"})") << u"a"_s << u"b"_s;
    QTest::newRow("error only") << QByteArray(R"({"error":"a"})") << u"a"_s << u""_s;
    QTest::newRow("message only") << QByteArray(R"({"message":"a"})") << u"a"_s << u""_s;
    QTest::newRow("error and message")
        << QByteArray(R"({"error":"a","message":"b"})") << u"a"_s << u"b"_s;
    QTest::newRow("nested") << QByteArray(R"({"error":{"message":"a","code":3}})") << u"a"_s
                            << u""_s;
    QTest::newRow("plain text") << QByteArray("404 page\n not found ") << u"404 page not found"_s
                                << u""_s;
    QTest::newRow("empty") << QByteArray() << u""_s << u""_s;
    QTest::newRow("wrong types") << QByteArray(R"({"error":7,"details":[]})") << u""_s << u""_s;
    QTest::newRow("several lines") << QByteArray(R"({"error":"a\nb"})") << u"a b"_s << u""_s;
}

void ErrorCodecTest::bodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, detail);
    Response response;
    response.status = 404;
    response.body = body;
    const Error error = codec::errorOf(response, u"/f"_s);
    QCOMPARE(error.kind, Kind::NotFound);
    QCOMPARE(error.httpStatus, 404);
    QCOMPARE(error.code, code);
    QCOMPARE(error.detail, detail);
    QCOMPARE(error.subject, u"/f"_s);
    response.body = QByteArray(100000, 'x');
    QVERIFY(codec::errorOf(response, {}).code.size() <= 2000);
}

void ErrorCodecTest::webPages_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("404") << 404 << Kind::NotVoidRun;
    QTest::newRow("500") << 500 << Kind::NotVoidRun;
    QTest::newRow("502") << 502 << Kind::Unavailable;
    QTest::newRow("403") << 403 << Kind::Unauthorized;
}

void ErrorCodecTest::webPages()
{
    QFETCH(int, status);
    QFETCH(Kind, kind);
    Response response;
    response.status = status;
    response.contentType = "text/html";
    response.body = "<html><script>evil</script></html>";
    response.address = u"https://x.example/api"_s;
    const Error error = codec::errorOf(response, {});
    QCOMPARE(error.kind, kind);
    QVERIFY(!error.code.contains(u'<'));
    QVERIFY(!error.detail.contains(u'<'));
}

QTEST_GUILESS_MAIN(ErrorCodecTest)
#include "tst_errorcodec.moc"
