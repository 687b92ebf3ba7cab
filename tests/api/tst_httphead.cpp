// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/httphead.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 limit = 1000;

// "status minor reason|name=value|…", what was taken of the bytes after "@", or "!" and the
// problem.
QByteArray said(const HttpHeadParser &parser, qsizetype taken)
{
    if (!parser.problem().isEmpty())
        return "!" + parser.problem().toUtf8();
    if (!parser.isComplete())
        return "more";
    const HttpHead &head = parser.head();
    QByteArrayList parts{QByteArray::number(head.status) + ' ' +
                         QByteArray::number(head.minorVersion) + ' ' + head.reason};
    for (qsizetype i = 0; i < head.headers.size(); ++i)
        parts.append(QByteArrayView(head.headers.nameAt(i)) + '=' + head.headers.valueAt(i));
    return parts.join('|') + '@' + QByteArray::number(taken);
}

QByteArray fed(const QByteArrayList &pieces)
{
    HttpHeadParser parser(limit);
    qsizetype taken = 0;
    for (const QByteArray &piece : pieces)
        taken += parser.feed(piece);
    return said(parser, taken);
}

}  // namespace

// Every vector whole, cut in two at every byte, and byte by byte: the same head or the same
// refusal.
class HttpHeadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void limits_data();
    void limits();
    void wordsOfAHeader();
};

void HttpHeadTest::vectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &expected) {
        QTest::newRow(name) << bytes << expected;
    };
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    row("no headers", ok + "\r\n", "200 1 OK@19");
    row("headers", ok + "A: b\r\nContent-Length:5\r\n\r\nhello",
        "200 1 OK|a=b|content-length=5@43");
    row("blanks around a value", ok + "A: \t b  c \t\r\n\r\n", "200 1 OK|a=b  c@32");
    row("empty value", ok + "A:\r\nB: \r\n\r\n", "200 1 OK|a=|b=@28");
    row("twice", ok + "A: 1\r\na: 2\r\n\r\n", "200 1 OK|a=1|a=2@31");
    row("any byte of a text", ok + "A: \x80\xff\r\n\r\n", "200 1 OK|a=\x80\xff@26");
    row("odd name", ok + "!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n", "200 1 OK|!#$%&'*+-.^_`|~09azaz=x@45");
    row("HTTP/1.0", "HTTP/1.0 404 Not Found\r\n\r\n", "404 0 Not Found@26");
    row("no reason", "HTTP/1.1 204 \r\n\r\n", "204 1 @17");
    row("nor its blank", "HTTP/1.1 204\r\n\r\n", "204 1 @16");
    row("announcements",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n" + ok + "\r\n",
        "200 1 OK@75");
    row("announcement alone", "HTTP/1.1 100 Continue\r\n\r\n", "more");
    row("nothing", "", "more");
    row("start", "HTTP/1.1 2", "more");
    row("no empty line", ok + "A: b\r\n", "more");

    const QByteArray noHttp = "!the answer is no HTTP";
    row("another protocol", "SSH-2.0-OpenSSH_9.9\r\n", noHttp);
    row("a page", "<html>", noHttp);
    row("lower case", "http/1.1 200 OK\r\n\r\n", noHttp);
    row("HTTP/2", "HTTP/2 200\r\n\r\n", noHttp);
    row("HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n", noHttp);
    row("empty line first", "\r\n" + ok + "\r\n", noHttp);
    row("LF first", "\n", noHttp);
    const QByteArray badStatus = "!the status of the answer makes no sense";
    row("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", badStatus);
    row("status 0", "HTTP/1.1 000 What\r\n\r\n", badStatus);
    row("status 99", "HTTP/1.1 099 What\r\n\r\n", badStatus);
    row("status 600", "HTTP/1.1 600 What\r\n\r\n", badStatus);
    row("short status", "HTTP/1.1 20\r\n\r\n", badStatus);
    row("long status", "HTTP/1.1 2000 OK\r\n\r\n", badStatus);
    row("negative status", "HTTP/1.1 -20 OK\r\n\r\n", badStatus);
    row("no status", "HTTP/1.1\r\n\r\n", badStatus);
    row("two blanks", "HTTP/1.1  200 OK\r\n\r\n", badStatus);
    row("tab", "HTTP/1.1\t200 OK\r\n\r\n", badStatus);
    row("escape in the reason", "HTTP/1.1 200 \x1b[2J\r\n\r\n", badStatus);
    row("NUL in the reason", QByteArray("HTTP/1.1 200 a\0b\r\n\r\n", 20), badStatus);
    row("CR in the reason", "HTTP/1.1 200 a\rb\r\n\r\n", badStatus);
    row("switching", "HTTP/1.1 101 Switching\r\n\r\n", "!the server changes to another protocol");
    const QByteArray badEnd = "!a line of the headers has no proper end";
    row("LF after the status", "HTTP/1.1 200 OK\nA: b\r\n\r\n", badEnd);
    row("LF after a header", ok + "A: b\n\r\n", badEnd);
    row("LF at the end", ok + "A: b\r\n\n", badEnd);
    const QByteArray badHeader = "!a header of the answer makes no sense";
    row("folded", ok + "A: b\r\n c\r\n\r\n", badHeader);
    row("folded by a tab", ok + "A: b\r\n\tc: d\r\n\r\n", badHeader);
    row("blank before the colon", ok + "A : b\r\n\r\n", badHeader);
    row("no colon", ok + "Ab\r\n\r\n", badHeader);
    row("no name", ok + ": b\r\n\r\n", badHeader);
    row("name of bytes", ok + "\xc3\xa4: b\r\n\r\n", badHeader);
    row("NUL in a name", ok + QByteArray("A\0: b\r\n\r\n", 9), badHeader);
    row("NUL in a value", ok + QByteArray("A: \0\r\n\r\n", 8), badHeader);
    row("CR in a value", ok + "A: b\rB: c\r\n\r\n", badHeader);
    row("DEL in a value", ok + "A: \x7f\r\n\r\n", badHeader);
    row("CR CR LF", ok + "A: b\r\r\n\r\n", badHeader);
}

void HttpHeadTest::vectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);
    QCOMPARE(fed({bytes}), expected);
    QByteArrayList single;
    for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
        QCOMPARE(fed({bytes.first(cut), bytes.sliced(cut)}), expected);
        single.append(bytes.sliced(cut, 1));
    }
    QCOMPARE(fed(single), expected);
}

void HttpHeadTest::limits_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("tooLong");
    const auto padded = [](qsizetype size) -> QByteArray {
        const QByteArray start = "HTTP/1.1 200 OK\r\nA: ";
        return start + QByteArray(size - start.size() - 4, 'x') + "\r\n\r\n";
    };
    QTest::newRow("just short enough") << padded(limit) << false;
    QTest::newRow("a byte too long") << padded(limit + 1) << true;
    QTest::newRow("status line") << "HTTP/1.1 200 " + QByteArray(2 * limit, 'x') << true;
    QTest::newRow("one header") << "HTTP/1.1 200 OK\r\nA: " + QByteArray(2 * limit, 'x') << true;
    QTest::newRow("many headers") << "HTTP/1.1 200 OK\r\n" + QByteArray("A: b\r\n").repeated(limit)
                                  << true;
    QTest::newRow("announcements")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(limit) << true;
}

void HttpHeadTest::limits()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, tooLong);
    for (const qsizetype step : {bytes.size(), qsizetype(1), qsizetype(7)}) {
        HttpHeadParser parser(limit);
        qsizetype taken = 0;
        for (qsizetype at = 0; at < bytes.size(); at += step)
            taken += parser.feed(bytes.sliced(at, std::min(step, bytes.size() - at)));
        QCOMPARE(parser.isTooLong(), tooLong);
        QCOMPARE(parser.isComplete(), !tooLong);
        QCOMPARE(parser.problem(), tooLong ? headersTooLong() : QString());
        QVERIFY(taken <= limit + 1);
    }
}

void HttpHeadTest::wordsOfAHeader()
{
    HttpHead head;
    head.headers.append("Connection", "Keep-Alive, CLOSE");
    head.headers.append("connection", "x");
    QVERIFY(head.hasWord("connection", "close"));
    QVERIFY(head.hasWord("Connection", "X"));
    QVERIFY(!head.hasWord("connection", "clos"));
    QVERIFY(!head.hasWord("C", "close"));
}

QTEST_APPLESS_MAIN(HttpHeadTest)
#include "tst_httphead.moc"
