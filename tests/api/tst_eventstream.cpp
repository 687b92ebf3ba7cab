// SPDX-License-Identifier: MIT
#include <QElapsedTimer>
#include <QTest>

#include "api/client.h"
#include "api/eventstream.h"
#include "support/httpway.h"
#include "support/replywait.h"
#include "support/scriptedserver.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = Error::Kind;
using End = ScriptedReply::End;

namespace
{

const QString id = u"0123456789abcdef01234567"_s;

TransportOptions quick()
{
    TransportOptions options = productOptions();
    options.connectTimeout = 5s;
    options.idleTimeout = 400ms;
    options.streamIdleTimeout = 700ms;
    options.exitGrace = 150ms;
    return options;
}

QByteArray chunkedHead(const QByteArray &type = "text/event-stream")
{
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n";
}

QByteArray chunks(const QByteArray &body, qsizetype size)
{
    QByteArray out;
    for (qsizetype at = 0; at < body.size(); at += size) {
        const QByteArray piece = body.mid(at, size);
        out += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    }
    return out;
}

const QByteArray lastChunk = "0\r\n\r\n";
const QByteArray twoLines = "event: stdout\ndata: one\n\nevent: stderr\ndata: two\n\n";
const QByteArray exitThree = "event: exit\ndata: {\"exitCode\":3}\n\n";

// A client and one stream of a scripted answer.
struct Listener {
    explicit Listener(const ScriptedReply &reply, const TransportOptions &options = quick())
    {
        server.setReplies({reply});
        ConnectionProfile profile;
        profile.baseUrl = server.baseUrl();
        profile.apiKey = u"vr_secret"_s;
        client = std::make_unique<Client>(profile, options);
        listen(client->execStream(id, {.command = u"x"_s}));
    }

    void listen(std::unique_ptr<EventStream> started)
    {
        stream = std::move(started);
        QObject::connect(stream.get(), &EventStream::standardOutput, stream.get(),
                         [this](const QByteArray &bytes) { out += bytes; });
        QObject::connect(stream.get(), &EventStream::standardError, stream.get(),
                         [this](const QByteArray &bytes) { err += bytes; });
        QObject::connect(stream.get(), &EventStream::finished, stream.get(),
                         [this](const Result<ExitStatus> &result) { ends.append(result); });
    }

    ScriptedServer server;
    std::unique_ptr<Client> client;
    std::unique_ptr<EventStream> stream;
    QByteArray out;
    QByteArray err;
    QList<Result<ExitStatus>> ends;
};

}  // namespace

// Output streams: everything before the end arrives, and the end comes once.
class EventStreamTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversAllThenEnds_data();
    void deliversAllThenEnds();
    void requestAsksForEvents();
    void everyCutIsNoticed_data();
    void everyCutIsNoticed();
    void errorsWithoutAStream_data();
    void errorsWithoutAStream();
    void serverThatNeverCloses();
    void silenceEnds();
    void closeEndsOnce();
    void deletedInASlot();
    void deletingTheClientEndsIt();
    void refusedBeforeSending();
    void tooLongEventEnds();
    void jsonLines();
};

void EventStreamTest::deliversAllThenEnds_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<QByteArray>("out");
    const QByteArray plain = twoLines + exitThree;
    for (const int chunk : {1, 7, 1000})
        QTest::addRow("chunks of %d", chunk) << plain << chunk << "one\n"_ba;
    QTest::newRow("exit before the last output")
        << exitThree + "event: stdout\ndata: one\n\nevent: stderr\ndata: two\n\n"
        << 1000 << "one\n"_ba;
    QTest::newRow("exit twice") << twoLines + exitThree + "event: exit\ndata: {\"exitCode\":0}\n\n"
                                << 1000 << "one\n"_ba;
    QTest::newRow("comments and foreign events")
        << ": hello\n\nevent: ping\ndata: {}\n\n" + twoLines + exitThree << 5 << "one\n"_ba;
    QTest::newRow("partial lines")
        << "event: stdout\nid: partial\ndata: o\n\nevent: stdout\nid: partial\ndata: n\n\n"
           "event: stderr\nid:\ndata: two\n\nevent: stdout\ndata: e\n\n" +
               exitThree
        << 3 << "one\n"_ba;
    QTest::newRow("output that looks like events")
        << "event: stdout\ndata: \n\nevent: stderr\ndata: two\n\nevent: stdout\ndata: event: "
           "exit\n\n" +
               exitThree
        << 4 << "\nevent: exit\n"_ba;
}

void EventStreamTest::deliversAllThenEnds()
{
    QFETCH(QByteArray, body);
    QFETCH(int, chunk);
    QFETCH(QByteArray, out);
    Listener listener({.bytes = chunkedHead() + chunks(body, chunk) + lastChunk, .slice = 50});
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY2(listener.ends.first(), problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.ends.first()->exitCode, 3);
    QCOMPARE(listener.out, out);
    QCOMPARE(listener.err, "two\n"_ba);
}

void EventStreamTest::requestAsksForEvents()
{
    Listener listener({.bytes = chunkedHead() + chunks(exitThree, 100) + lastChunk});
    QTRY_COMPARE(listener.ends.size(), 1);
    const SeenRequest &seen = listener.server.requests().first();
    QVERIFY(seen.target.endsWith("/exec-stream"));
    QVERIFY(seen.header("accept").startsWith("text/event-stream"));
    QCOMPARE(seen.body, R"({"command":"x","timeout":30})"_ba);
    listener.ends.clear();
    listener.listen(listener.client->attachCommand(id, 12));
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY(listener.server.requests().last().target.endsWith("/commands/attach"));
    QCOMPARE(listener.server.requests().last().body, R"({"pid":12})"_ba);
}

void EventStreamTest::everyCutIsNoticed_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<bool>("reset");
    const QByteArray body = twoLines + exitThree;
    const QByteArray untilClose =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body;
    for (const bool reset : {false, true}) {
        const char *how = reset ? "RST" : "FIN";
        QTest::addRow("chunked %s", how) << chunkedHead() + chunks(body, 16) + lastChunk << reset;
        QTest::addRow("until close %s", how) << untilClose << reset;
    }
}

// The output of the whole events in a body that was cut.
QByteArray outputIn(const QByteArray &body, const QByteArray &event, const QByteArray &text)
{
    const QByteArray whole = "event: " + event + "\ndata: " + text + "\n\n";
    return body.contains(whole) ? QByteArray(text + '\n') : QByteArray();
}

// What of the body came, chunked or not.
QByteArray bodyIn(const QByteArray &reply)
{
    const qsizetype head = reply.indexOf("\r\n\r\n");
    if (head < 0)
        return {};
    const QByteArray rest = reply.sliced(head + 4);
    if (!reply.first(head).contains("chunked"))
        return rest;
    QByteArray body;
    for (qsizetype at = 0;;) {
        const qsizetype line = rest.indexOf("\r\n", at);
        if (line < 0)
            return body;
        const qsizetype size = rest.sliced(at, line - at).toLongLong(nullptr, 16);
        body += rest.mid(line + 2, size);
        at = line + 2 + size + 2;
        if (size == 0 || at >= rest.size())
            return body;
    }
}

// Cut at every byte: all output that came whole is there, and only a whole exit event is an exit.
void EventStreamTest::everyCutIsNoticed()
{
    QFETCH(QByteArray, reply);
    QFETCH(bool, reset);
    std::vector<std::unique_ptr<Listener>> listeners;
    TransportOptions options = quick();
    options.idleTimeout = 3s;
    for (qsizetype cut = 0; cut < reply.size(); ++cut)
        listeners.push_back(std::make_unique<Listener>(
            ScriptedReply{.bytes = reply, .cutAfter = cut, .end = reset ? End::Rst : End::Fin},
            options));
    for (size_t cut = 0; cut < listeners.size(); ++cut) {
        const Listener &one = *listeners[cut];
        QTRY_COMPARE_WITH_TIMEOUT(one.ends.size(), 1, 10000);
        QVERIFY("one\n"_ba.startsWith(one.out) && "two\n"_ba.startsWith(one.err));
        if (!reset) {  // a reset drops what was not read
            const QByteArray body = bodyIn(reply.first(qsizetype(cut)));
            QCOMPARE(one.out, outputIn(body, "stdout", "one"));
            QCOMPARE(one.err, outputIn(body, "stderr", "two"));
        }
        if (one.ends.first()) {
            QCOMPARE(one.ends.first()->exitCode, 3);
            QCOMPARE(one.out + one.err, "one\ntwo\n"_ba);
        }
    }
}

void EventStreamTest::errorsWithoutAStream_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("said");
    const auto stream = [](const QByteArray &body) {
        return chunkedHead() + chunks(body, 1000) + lastChunk;
    };
    QTest::newRow("status") << ScriptedReply::json(404, R"({"error":"no sandbox"})").bytes
                            << Kind::NotFound << u"no sandbox"_s;
    QTest::newRow("529") << ScriptedReply::json(529, R"({"error":"full"})").bytes
                         << Kind::Overloaded << u"full"_s;
    QTest::newRow("JSON error in a 200")
        << ScriptedReply::json(200, R"({"success":false,"error":"no shell"})").bytes
        << Kind::CommandFailed << u"no shell"_s;
    QTest::newRow("other JSON") << ScriptedReply::json(200, R"({"hello":1})").bytes
                                << Kind::NotVoidRun << u"no stream"_s;
    QTest::newRow("web page") << ScriptedReply::with(200, "text/html", "<html>Pay</html>").bytes
                              << Kind::NotVoidRun << u"web page"_s;
    QTest::newRow("empty") << stream("") << Kind::ConnectionLost << u"empty"_s;
    QTest::newRow("no exit") << stream(twoLines) << Kind::ConnectionLost << u"exit status"_s;
    QTest::newRow("error event") << stream(twoLines +
                                           "event: error\ndata: {\"error\":\"lost it\"}\n\n")
                                 << Kind::CommandFailed << u"lost it"_s;
    QTest::newRow("redirect") << ScriptedReply::json(307, "", "Location: http://other/\r\n").bytes
                              << Kind::Redirected << u"other"_s;
    QTest::newRow("compressed") << ScriptedReply::with(200, "text/event-stream", "\x1f\x8b",
                                                       "Content-Encoding: gzip\r\n")
                                       .bytes
                                << Kind::NotVoidRun << u"compressed"_s;
}

void EventStreamTest::errorsWithoutAStream()
{
    QFETCH(QByteArray, reply);
    QFETCH(Kind, kind);
    QFETCH(QString, said);
    Listener listener({.bytes = reply});
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY(!listener.ends.first());
    QCOMPARE(listener.ends.first().error().kind, kind);
    const Error &error = listener.ends.first().error();
    QVERIFY2(QString(error.code + error.detail).contains(said),
             problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.server.requests().size(), 1);  // never sent again
}

void EventStreamTest::serverThatNeverCloses()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines + exitThree, 1000)});
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY2(listener.ends.first(), problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.out, "one\n"_ba);
}

void EventStreamTest::silenceEnds()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines, 1000)});
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY(!listener.ends.first());
    QCOMPARE(listener.ends.first().error().kind, Kind::Timeout);
    QCOMPARE(listener.out, "one\n"_ba);
}

void EventStreamTest::closeEndsOnce()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines, 1000)});
    QTRY_COMPARE(listener.out, "one\n"_ba);
    listener.stream->close();
    listener.stream->close();
    QVERIFY(listener.ends.isEmpty());  // never from inside the call
    QTRY_COMPARE(listener.ends.size(), 1);
    QCOMPARE(listener.ends.first().error().kind, Kind::Cancelled);
}

void EventStreamTest::deletedInASlot()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines + exitThree, 1000) + lastChunk});
    bool deleted = false;
    connect(listener.stream.get(), &EventStream::standardOutput, this, [&] {
        deleted = true;
        listener.stream.reset();
    });
    QTRY_VERIFY(deleted);
    QVERIFY(listener.ends.isEmpty());
}

void EventStreamTest::deletingTheClientEndsIt()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines, 1000)});
    QTRY_COMPARE(listener.out, "one\n"_ba);
    listener.client.reset();
    QTRY_COMPARE(listener.ends.size(), 1);
    QCOMPARE(listener.ends.first().error().kind, Kind::Cancelled);
}

void EventStreamTest::refusedBeforeSending()
{
    Listener listener({.bytes = chunkedHead() + chunks(exitThree, 1000) + lastChunk});
    QTRY_COMPARE(listener.ends.size(), 1);
    listener.ends.clear();
    listener.listen(listener.client->execStream(id, {.command = u"  "_s}));
    QTRY_COMPARE(listener.ends.size(), 1);
    QCOMPARE(listener.ends.first().error().kind, Kind::InvalidInput);
    QCOMPARE(listener.server.requests().size(), 1);
}

void EventStreamTest::tooLongEventEnds()
{
    Listener listener({.bytes = chunkedHead() + chunks(twoLines + "event: stdout\ndata: " +
                                                           QByteArray(17 << 20, 'x') + "\n\n",
                                                       1 << 20)});
    QTRY_COMPARE_WITH_TIMEOUT(listener.ends.size(), 1, 15000);
    QCOMPARE(listener.ends.first().error().kind, Kind::TooLarge);
    QCOMPARE(listener.out, "one\n"_ba);
}

void EventStreamTest::jsonLines()
{
    const QByteArray lines =
        "{\"type\":\"stdout\",\"data\":\"a\\nb\"}\n\n{\"type\":\"stderr\",\"data\":\"e\"}\r\n"
        "{\"type\":\"new\"}\n{\"type\":\"exit\",\"exitCode\":4}";
    Listener listener(
        {.bytes = chunkedHead("application/x-ndjson") + chunks(lines, 3) + lastChunk, .slice = 11});
    QTRY_COMPARE(listener.ends.size(), 1);
    listener.ends.clear();
    listener.out.clear();
    listener.listen(listener.client->execInShellSessionStream(id, u"s"_s, u"ls"_s));
    QTRY_COMPARE(listener.ends.size(), 1);
    QVERIFY2(listener.ends.first(), problemOf(listener.ends.first()).constData());
    QCOMPARE(listener.ends.first()->exitCode, 4);
    QCOMPARE(listener.out, "a\nb"_ba);
    QCOMPARE(listener.err, "e"_ba);
    QCOMPARE(listener.server.requests().last().body, R"({"command":"ls","sessionId":"s"})"_ba);
}

QTEST_GUILESS_MAIN(EventStreamTest)
#include "tst_eventstream.moc"
