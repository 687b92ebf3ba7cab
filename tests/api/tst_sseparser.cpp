// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/sseparser.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

// "type:data" of each event, and "@id" for the last one known.
QByteArray said(const QList<ServerEvent> &events)
{
    QByteArrayList parts;
    for (const ServerEvent &event : events) {
        QByteArray part = event.type + ':' + event.data;
        if (!event.lastEventId.isEmpty())
            part += '@' + event.lastEventId;
        parts.append(part);
    }
    return parts.join('|');
}

}  // namespace

// The WHATWG rules; every vector is also cut in two at every byte, and sent byte by byte.
class SseParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void tooLong_data();
    void tooLong();
};

void SseParserTest::vectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &expected) {
        QTest::newRow(name) << bytes << expected;
    };
    // The examples of the standard.
    row("stock", "data: YHOO\ndata: +2\ndata: 10\n\n", "message:YHOO\n+2\n10");
    row("ids",
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
        "event\n\n",
        "message:first event@1|message:second event|message: third event");
    row("empty data", "data\n\ndata\ndata\n\ndata:", "message:|message:\n");
    row("spaces", "data:test\n\ndata: test\n\n", "message:test|message:test");
    row("types", "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: x\n\n",
        "add:73857293|remove:2153|message:x");
    // Line ends.
    row("LF", "data:a\ndata:b\n\n", "message:a\nb");
    row("CRLF", "data:a\r\ndata:b\r\n\r\n", "message:a\nb");
    row("CR", "data:a\rdata:b\r\r", "message:a\nb");
    row("mixed", "data:a\r\ndata:b\rdata:c\n\r\ndata:d\n\n", "message:a\nb\nc|message:d");
    row("CR CR LF", "data:a\r\r\ndata:b\n\n", "message:a|message:b");
    row("LF CR", "data:a\n\rdata:b\n\n", "message:a|message:b");
    // The rest.
    row("BOM",
        "\xEF\xBB\xBF"
        "data:a\n\n",
        "message:a");
    row("two BOMs",
        "\xEF\xBB\xBF\xEF\xBB\xBF"
        "data:a\n\n",
        "");
    row("BOM later",
        "data:a\n\n\xEF\xBB\xBF"
        "data:b\n\n",
        "message:a");
    row("not quite a BOM", "\xEF\xBB:a\ndata:b\n\n", "message:b");
    row("comment", ":data:a\n:\n: \ndata:b\n\n", "message:b");
    row("unknown field", "datum:a\nDATA:b\ndata :c\ndata:d\n\n", "message:d");
    row("retry", "retry:1000\nretry:x\ndata:a\n\n", "message:a");
    row("no data, no event", "event:x\n\ndata:a\n\n", "message:a");
    row("id without data", "id:7\n\ndata:a\n\n", "message:a@7");
    row("id with NUL", QByteArray("id:a\0b\ndata:c\n\n", 15), "message:c");
    row("id stays", "id:partial\ndata:a\n\ndata:b\n\n", "message:a@partial|message:b@partial");
    row("colon in the value", "data:a:b: c\n\n", "message:a:b: c");
    row("not finished", "data:a\n\ndata:b\n", "message:a");
    row("cut field", "data:a\n\ndata:b", "message:a");
    row("nothing", "", "");
    row("blank lines", "\n\n\r\r\n\n", "");
    row("bytes", "data:\xF0\x9F\x98\x80\xC3\n\n", "message:\xF0\x9F\x98\x80\xC3");
    row("NUL in data", QByteArray("data:a\0b\n\n", 10), QByteArray("message:a\0b", 11));
    row("output that looks like an event", "event:stdout\ndata:event: exit\n\n",
        "stdout:event: exit");
}

void SseParserTest::vectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    SseParser whole;
    QCOMPARE(said(whole.feed(bytes)), expected);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        SseParser halves;
        QList<ServerEvent> events = halves.feed(bytes.first(cut));
        events += halves.feed(bytes.sliced(cut));
        QCOMPARE(said(events), expected);
    }
    SseParser single;
    QList<ServerEvent> events;
    for (const char c : bytes)
        events += single.feed(QByteArrayView(&c, 1));
    QCOMPARE(said(events), expected);
}

void SseParserTest::tooLong_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("one line") << QByteArray(1 << 20, 'x');
    QTest::newRow("many lines") << "data:" + QByteArray(1 << 20, 'x') + '\n';
}

void SseParserTest::tooLong()
{
    QFETCH(QByteArray, line);
    SseParser parser;
    QVERIFY(parser.feed("data:first\n\n").size() == 1);
    int fed = 0;
    while (!parser.isTooLong() && fed < 20) {
        QVERIFY(parser.feed(line).isEmpty());
        ++fed;
    }
    QVERIFY(fed >= 16 && fed < 20);
    QVERIFY(parser.feed("\n\ndata:later\n\n").isEmpty());
}

QTEST_GUILESS_MAIN(SseParserTest)
#include "tst_sseparser.moc"
