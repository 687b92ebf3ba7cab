// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/ndjsonparser.h"

using namespace voidrun;

// Lines from pieces: each vector whole, cut in two at every byte, and byte by byte.
class NdjsonParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void tooLong();
};

void NdjsonParserTest::vectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArrayList>("lines");
    QTest::addColumn<QByteArray>("rest");
    using List = QByteArrayList;
    QTest::newRow("lines") << QByteArray("{\"a\":1}\n{}\n") << List{"{\"a\":1}", "{}"}
                           << QByteArray();
    QTest::newRow("CRLF") << QByteArray("{}\r\n[]\r\n") << List{"{}", "[]"} << QByteArray();
    QTest::newRow("blank") << QByteArray("\n\r\n  \n{}\n\n") << List{"{}"} << QByteArray();
    QTest::newRow("no last end") << QByteArray("{}\n{\"b\":2}") << List{"{}"}
                                 << QByteArray("{\"b\":2}");
    QTest::newRow("cut") << QByteArray("{}\n{\"b") << List{"{}"} << QByteArray("{\"b");
    QTest::newRow("nothing") << QByteArray() << List{} << QByteArray();
    QTest::newRow("escaped end") << QByteArray("{\"a\":\"x\\ny\"}\n") << List{"{\"a\":\"x\\ny\"}"}
                                 << QByteArray();
    QTest::newRow("UTF-8") << QByteArray("\"\xF0\x9F\x98\x80\"\n") << List{"\"\xF0\x9F\x98\x80\""}
                           << QByteArray();
}

void NdjsonParserTest::vectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, lines);
    QFETCH(QByteArray, rest);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        NdjsonParser parser;
        QByteArrayList got = parser.feed(bytes.first(cut));
        got += parser.feed(bytes.sliced(cut));
        QCOMPARE(got, lines);
        QCOMPARE(parser.finish(), rest);
        QVERIFY(parser.finish().isEmpty());
    }
    NdjsonParser single;
    QByteArrayList got;
    for (const char c : bytes)
        got += single.feed(QByteArrayView(&c, 1));
    QCOMPARE(got, lines);
    QCOMPARE(single.finish(), rest);
}

void NdjsonParserTest::tooLong()
{
    const QByteArray piece(1 << 20, 'x');
    NdjsonParser parser;
    int fed = 0;
    while (!parser.isTooLong() && fed < 20) {
        QVERIFY(parser.feed(piece).isEmpty());
        ++fed;
    }
    QCOMPARE(fed, 17);
    QVERIFY(parser.feed("\n{}\n").isEmpty());
    QVERIFY(parser.finish().isEmpty());
    NdjsonParser whole;
    QVERIFY(whole.feed(QByteArray("{}\n" + QByteArray(17 << 20, 'x') + "\n{}\n")).size() == 1);
    QVERIFY(whole.isTooLong());
}

QTEST_GUILESS_MAIN(NdjsonParserTest)
#include "tst_ndjsonparser.moc"
