// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/httpanswer.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 headLimit = 64LL * 1024;

// The body, then "." where it is whole, "+" where the connection can carry another call and what
// was not taken after "@"; or "!" and the problem.
QByteArray said(const HttpAnswer &answer, const QByteArray &body, const QByteArray &rest)
{
    if (!answer.problem().isEmpty())
        return "!" + answer.problem().toUtf8();
    QByteArray text = body;
    if (answer.isComplete())
        text += '.';
    if (answer.keepsConnection())
        text += '+';
    return rest.isEmpty() ? text : text + '@' + rest;
}

QByteArray fed(const QByteArrayList &pieces, bool close)
{
    HttpAnswer answer(headLimit);
    QByteArray body;
    QByteArray rest;
    for (const QByteArray &piece : pieces)
        rest += piece.sliced(rest.isEmpty() ? answer.feed(piece, body) : 0);
    if (close)
        answer.close();
    return said(answer, body, answer.problem().isEmpty() ? rest : QByteArray());
}

}  // namespace

// How an answer ends; every vector whole, cut in two at every byte, and byte by byte.
class HttpAnswerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void nothingCutIsWhole_data();
    void nothingCutIsWhole();
    void framingIsBounded_data();
    void framingIsBounded();
};

void HttpAnswerTest::vectors_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("open");    // what is known while the connection stands
    QTest::addColumn<QByteArray>("closed");  // and once it was closed
    const auto row = [](const char *name, const QByteArray &bytes, const QByteArray &open,
                        const QByteArray &closed = {}) {
        QTest::newRow(name) << bytes << open << (closed.isEmpty() ? open : closed);
    };
    const auto headers = [](const QByteArray &lines, const QByteArray &body = {}) {
        return QByteArray("HTTP/1.1 200 OK\r\n" + lines + "\r\n" + body);
    };
    const auto chunks = [&headers](const QByteArray &body) {
        return headers("Transfer-Encoding: chunked\r\n", body);
    };
    row("length", headers("Content-Length: 3\r\n", "abc"), "abc.+");
    row("length 0", headers("content-length: 0\r\n"), ".+");
    row("leading zeros", headers("Content-Length: 0003\r\n", "abc"), "abc.+");
    row("cut length", headers("Content-Length: 4\r\n", "abc"), "abc");
    row("more than its length", headers("Content-Length: 2\r\n", "abc"), "ab.+@c");
    row("close", headers("Content-Length: 1\r\nConnection: x, Close\r\n", "a"), "a.");
    row("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a.");
    row("until the end", headers("", "abc"), "abc", "abc.");
    row("no content", "HTTP/1.1 204 No\r\n\r\n", ".+");
    row("no content but a length", "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n", ".+");
    row("not modified", "HTTP/1.1 304 No\r\nContent-Length: 3\r\n\r\n", ".+");
    row("after an announcement", "HTTP/1.1 100 Go\r\n\r\n" + headers("Content-Length: 1\r\n", "a"),
        "a.+");
    const QByteArray badLength = "!the length of the answer makes no sense";
    row("two lengths", headers("Content-Length: 9\r\nContent-Length: 8\r\n"), badLength);
    row("two in one line", headers("Content-Length: 9, 8\r\n"), badLength);
    row("the same twice", headers("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), badLength);
    row("empty length", headers("Content-Length:\r\n"), badLength);
    row("negative length", headers("Content-Length: -1\r\n"), badLength);
    row("signed length", headers("Content-Length: +1\r\n"), badLength);
    row("hexadecimal length", headers("Content-Length: 0x1\r\n"), badLength);
    row("length with a blank", headers("Content-Length: 1 1\r\n"), badLength);
    row("absurd length", headers("Content-Length: 9999999999999999999\r\n"), badLength);
    row("length and chunks", headers("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
        "!the answer has two kinds of length");
    const QByteArray badCoding = "!the transfer encoding of the answer is not known";
    row("gzip", headers("Transfer-Encoding: gzip\r\n"), badCoding);
    row("gzip, chunked", headers("Transfer-Encoding: gzip, chunked\r\n"), badCoding);
    row("chunked twice", headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        badCoding);
    row("no coding", headers("Transfer-Encoding:\r\n"), badCoding);
    row("chunks of HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", badCoding);

    row("chunks", chunks("1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"), "abc.+");
    row("CHUNKED", headers("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), ".+");
    row("sizes", chunks("000A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"),
        "01234567890123456789a.+");
    row("extensions", chunks("1;a=b;c=\"d\"\r\nx\r\n1 ; e\r\ny\r\n0;f\r\n\r\n"), "xy.+");
    row("trailers", chunks("1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n"), "a.+");
    row("more than the last chunk", chunks("0\r\n\r\nabc"), ".+@abc");
    row("no last chunk", chunks("1\r\na\r\n"), "a");
    row("no last line", chunks("1\r\na\r\n0\r\n"), "a");
    row("half the last line", chunks("1\r\na\r\n0\r\n\r"), "a");
    const QByteArray noSize = "!a chunk of the answer has no size";
    row("no size", chunks("\r\na"), noSize);
    row("negative size", chunks("-1\r\n"), noSize);
    row("blank before the size", chunks(" 1\r\na\r\n"), noSize);
    row("no chunks at all", chunks("{\"a\":1}"), noSize);
    const QByteArray badChunk = "!a chunk of the answer makes no sense";
    row("0x1", chunks("0x1\r\na\r\n"), badChunk);
    row("LF after the size", chunks("1\na\r\n"), badChunk);
    row("LF after the bytes", chunks("1\r\na\n"), badChunk);
    row("more bytes than the size", chunks("1\r\nab\r\n"), badChunk);
    row("CR in an extension", chunks("1;a\rb\r\n"), badChunk);
    row("LF in an extension", chunks("1;a\nb\r\n"), badChunk);
    row("LF after the last chunk", chunks("0\r\n\n"), badChunk);
    row("LF in a trailer", chunks("0\r\nA: b\n\r\n"), badChunk);
    row("size too large", chunks("1000000000000000\r\n"), "!a chunk of the answer is too large");
}

void HttpAnswerTest::vectors()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, open);
    QFETCH(QByteArray, closed);
    for (const bool close : {false, true}) {
        const QByteArray &expected = close ? closed : open;
        QCOMPARE(fed({bytes}, close), expected);
        QByteArrayList single;
        for (qsizetype cut = 0; cut < bytes.size(); ++cut) {
            QCOMPARE(fed({bytes.first(cut), bytes.sliced(cut)}, close), expected);
            single.append(bytes.sliced(cut, 1));
        }
        QCOMPARE(fed(single, close), expected);
    }
}

void HttpAnswerTest::nothingCutIsWhole_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("length") << "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"_ba;
    QTest::newRow("chunks")
        << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n"_ba;
}

void HttpAnswerTest::nothingCutIsWhole()
{
    QFETCH(QByteArray, bytes);
    for (qsizetype cut = 0; cut < bytes.size(); ++cut)
        QVERIFY(!fed({bytes.first(cut)}, true).contains('.'));
    QCOMPARE(fed({bytes}, true), "hello.+"_ba);
}

void HttpAnswerTest::framingIsBounded_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("flood");
    QTest::newRow("extension") << "1;"_ba << "x"_ba;
    QTest::newRow("trailer") << "0\r\nA: "_ba << "x"_ba;
    QTest::newRow("trailers") << "0\r\n"_ba << "A: b\r\n"_ba;
    QTest::newRow("digits") << ""_ba << "0"_ba;
}

void HttpAnswerTest::framingIsBounded()
{
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, flood);
    HttpAnswer answer(headLimit);
    QByteArray body;
    answer.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body);
    answer.feed(start, body);
    QVERIFY2(answer.problem().isEmpty(), qPrintable(answer.problem()));
    for (int i = 0; i < 20'000 && answer.problem().isEmpty(); ++i)
        answer.feed(flood, body);
    QVERIFY(!answer.problem().isEmpty());
    QVERIFY(body.isEmpty());
}

QTEST_APPLESS_MAIN(HttpAnswerTest)
#include "tst_httpanswer.moc"
