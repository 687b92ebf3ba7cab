// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QFile>
#include <QTemporaryFile>
#include <QTest>

#include <map>

#include "api/client.h"
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

const QString sandboxId = u"0123456789abcdef01234567"_s;
const QByteArray content = "0123456789abcdefghijklmnopqrstuvwxyz";

Client *clientFor(const ScriptedServer &server, QObject *parent)
{
    ConnectionProfile profile;
    profile.baseUrl = server.baseUrl();
    profile.apiKey = u"vr_secret"_s;
    TransportOptions options = productOptions();
    options.idleTimeout = 500ms;
    options.retryMin = 1ms;
    options.retryMax = 10ms;
    return new Client(profile, options, parent);
}

QByteArray closeDelimited(const QByteArray &body)
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
           "Connection: close\r\n\r\n" +
           body;
}

ScriptedReply statOf(qsizetype size)
{
    const QByteArray stat =
        "{\\\"size\\\":" + QByteArray::number(size) + ",\\\"mode\\\":\\\"81a4\\\"}";
    return ScriptedReply::json(200, "{\"data\":{\"exitCode\":0,\"stdout\":\"" + stat + "\"}}");
}

// A file that is full after some bytes, or gets shorter or longer while it is read.
class OddFile : public QBuffer
{
public:
    qint64 fullAfter = -1;
    qint64 announced = -1;

    qint64 size() const override { return announced >= 0 ? announced : QBuffer::size(); }

protected:
    qint64 writeData(const char *data, qint64 size) override
    {
        if (fullAfter >= 0 && pos() + size > fullAfter) {
            setErrorString(u"No space left on device"_s);
            return -1;
        }
        return QBuffer::writeData(data, size);
    }
};

}  // namespace

// Bodies that move to and from files, and every way in which they come out short.
class TransferTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutDownloadIsAnError_data();
    void cutDownloadIsAnError();
    void noCutPointCountsAsWhole_data();
    void noCutPointCountsAsWhole();
    void downloadWithoutLengthIsComparedWithStat();
    void webPageIsNoFile_data();
    void webPageIsNoFile();
    void errorBodyIsNotSaved();
    void fullDiskIsSaid();
    void downloadIsRepeatedOnlyBeforeItsFirstByte();
    void sourceThatChangesIsAnError_data();
    void sourceThatChangesIsAnError();
    void uploadFromTheMiddle();
    void earlyRefusalOfAnUpload();
    void lostUploadIsNotRepeated();
    void abortedDownloadLetsGoOfItsSink();
};

void TransferTest::cutDownloadIsAnError_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("reset");
    for (const bool reset : {false, true}) {
        QTest::addRow("length, %s", reset ? "RST" : "FIN")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 36\r\n\r\n") << reset;
        QTest::addRow("until close, %s", reset ? "RST" : "FIN") << closeDelimited({}) << reset;
    }
}

void TransferTest::cutDownloadIsAnError()
{
    QFETCH(QByteArray, head);
    QFETCH(bool, reset);
    for (qsizetype k = 0; k < content.size(); ++k) {
        ScriptedServer server;
        server.setHandler([&](const SeenRequest &request) {
            if (request.target.contains("/stat"))
                return statOf(content.size());
            return ScriptedReply{.bytes = head + content.first(k),
                                 .end = reset ? End::Rst : End::Fin};
        });
        QBuffer sink;
        QVERIFY(sink.open(QIODevice::WriteOnly));
        std::unique_ptr<Client> client(clientFor(server, nullptr));
        const auto result = answerOf(client->download(sandboxId, u"/f"_s, &sink));
        QVERIFY2(!result, QByteArray::number(k).constData());
        QVERIFY2(result.error().kind == Kind::ConnectionLost, problemOf(result).constData());
        QVERIFY(content.startsWith(sink.data()));
    }
}

void TransferTest::noCutPointCountsAsWhole_data()
{
    QTest::addColumn<bool>("chunked");
    QTest::addColumn<bool>("withLength");
    QTest::addColumn<bool>("reset");
    QTest::newRow("length, FIN") << false << true << false;
    QTest::newRow("length, RST") << false << true << true;
    QTest::newRow("until close, FIN") << false << false << false;
    QTest::newRow("chunked, FIN") << true << false << false;
}

// A file of 64 KiB cut after each of its bytes (each 509th by default): never taken for whole.
void TransferTest::noCutPointCountsAsWhole()
{
    QFETCH(bool, chunked);
    QFETCH(bool, withLength);
    QFETCH(bool, reset);
    constexpr qsizetype size = 64LL * 1024;
    constexpr qsizetype chunk = 8LL * 1024;
    constexpr size_t atOnce = 32;
    const qsizetype step = qEnvironmentVariableIsSet("VOIDRUN_LONG_TESTS") ? 1 : 509;
    QByteArray head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n";
    QByteArray body(size, 'x');
    if (withLength)
        head += "Content-Length: " + QByteArray::number(size) + "\r\n";
    if (chunked) {
        head += "Transfer-Encoding: chunked\r\n";
        body.clear();
        for (qsizetype at = 0; at < size; at += chunk)
            body += QByteArray::number(chunk, 16) + "\r\n" + QByteArray(chunk, 'x') + "\r\n";
    }
    const QByteArray reply = head + "\r\n" + body;
    struct Try {
        ScriptedServer server;
        QBuffer sink;
        Client *client = nullptr;
        std::optional<Result<qint64>> result;
    };
    std::map<qsizetype, std::unique_ptr<Try>> running;
    qsizetype next = reply.size() - body.size();
    const qsizetype end = reply.size() - (chunked ? 2 : 0);  // before the last byte of the file
    QByteArray problem;
    const auto turn = [&] {
        std::erase_if(running, [&problem](const auto &entry) {
            const Try &one = *entry.second;
            if (one.result && *one.result)
                problem = "cut at " + QByteArray::number(entry.first);
            return one.result.has_value();
        });
        for (; next < end && running.size() < atOnce; next += step) {
            Try &one = *(running[next] = std::make_unique<Try>());
            one.server.setHandler([&reply, cut = next, reset](const SeenRequest &request) {
                if (request.target.contains("/stat"))
                    return statOf(size);
                return ScriptedReply{
                    .bytes = reply, .cutAfter = cut, .end = reset ? End::Rst : End::Fin};
            });
            one.sink.open(QIODevice::WriteOnly);
            one.client = clientFor(one.server, &one.server);
            one.client->download(sandboxId, u"/f"_s, &one.sink)
                ->onFinished(one.client,
                             [&one](const Result<qint64> &result) { one.result = result; });
        }
        return running.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(turn() || !problem.isEmpty(), 1'000'000);
    QVERIFY2(problem.isEmpty(), problem.constData());
}

void TransferTest::downloadWithoutLengthIsComparedWithStat()
{
    ScriptedServer server;
    server.setReplies(
        {ScriptedReply{.bytes = closeDelimited(content), .end = End::Fin}, statOf(content.size())});
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    VERIFY_ANSWER(count, clientFor(server, &server)->download(sandboxId, u"/f"_s, &sink));
    QCOMPARE(count, content.size());
    QCOMPARE(sink.data(), content);
    QVERIFY(server.requests().last().target.contains("/stat?"));
}

void TransferTest::webPageIsNoFile_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("good");
    QTest::newRow("page where a file was asked") << u"/data.bin"_s << false;
    QTest::newRow("page that was asked for") << u"/index.html"_s << true;
}

void TransferTest::webPageIsNoFile()
{
    QFETCH(QString, path);
    QFETCH(bool, good);
    ScriptedServer server;
    server.setReplies({ScriptedReply::with(200, "text/html", "<html>x</html>"), statOf(14)});
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    const auto result = answerOf(clientFor(server, &server)->download(sandboxId, path, &sink));
    QCOMPARE(result.has_value(), good);
    if (!good)
        QCOMPARE(result.error().kind, Kind::NotVoidRun);
}

void TransferTest::errorBodyIsNotSaved()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(404, R"({"error":"There is no such file."})")});
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    const auto result = answerOf(clientFor(server, &server)->download(sandboxId, u"/f"_s, &sink));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::NotFound);
    QCOMPARE(result.error().code, u"There is no such file."_s);
    QVERIFY(sink.data().isEmpty());
}

void TransferTest::fullDiskIsSaid()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply::with(200, "application/octet-stream", content)});
    OddFile sink;
    sink.fullAfter = 10;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    const auto result = answerOf(clientFor(server, &server)->download(sandboxId, u"/f"_s, &sink));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::LocalFile);
    QCOMPARE(result.error().detail, u"No space left on device"_s);
    QCOMPARE(result.error().subject, u"/f"_s);
}

void TransferTest::downloadIsRepeatedOnlyBeforeItsFirstByte()
{
    ScriptedServer server;
    const ScriptedReply whole = ScriptedReply::with(200, "application/octet-stream", content);
    server.setReplies({ScriptedReply::json(503, "{}"), whole});
    QBuffer sink;
    QVERIFY(sink.open(QIODevice::WriteOnly));
    Client *client = clientFor(server, &server);
    VERIFY_ANSWER(count, client->download(sandboxId, u"/f"_s, &sink));
    QCOMPARE(sink.data(), content);
    ScriptedReply half = whole;
    server.setReplies({half.cut(half.bytes.size() - 5, End::Fin), whole});
    QBuffer second;
    QVERIFY(second.open(QIODevice::WriteOnly));
    QVERIFY(!answerOf(client->download(sandboxId, u"/f"_s, &second)));
    QCOMPARE(server.requests().size(), 3);
}

void TransferTest::sourceThatChangesIsAnError_data()
{
    QTest::addColumn<qint64>("announced");
    QTest::newRow("shorter") << 40LL;
    QTest::newRow("longer") << 30LL;
}

void TransferTest::sourceThatChangesIsAnError()
{
    QFETCH(qint64, announced);
    ScriptedServer server;
    server.setReplies({ScriptedReply::json(200, "{}")});
    OddFile source;
    source.setData(content);
    source.announced = announced;
    QVERIFY(source.open(QIODevice::ReadOnly));
    const auto result = answerOf(clientFor(server, &server)->upload(sandboxId, u"/f"_s, &source));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::LocalFile);
    QVERIFY(!result.error().detail.isEmpty());
    // No request came whole, so nothing was replaced.
    QCOMPARE(server.requests().size(), 0);
}

void TransferTest::uploadFromTheMiddle()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply::with(200, "text/plain", "stored")});
    QBuffer source;
    source.setData(content);
    QVERIFY(source.open(QIODevice::ReadOnly));
    QVERIFY(source.seek(10));
    VERIFY_ANSWER(done, clientFor(server, &server)->upload(sandboxId, u"/f"_s, &source));
    const SeenRequest &seen = server.requests().first();
    QCOMPARE(seen.body, content.sliced(10));
    QCOMPARE(seen.header("content-length"), "26"_ba);
    QCOMPARE(seen.header("content-type"), "application/octet-stream"_ba);
}

void TransferTest::earlyRefusalOfAnUpload()
{
    ScriptedServer server;
    ScriptedReply refusal =
        ScriptedReply::json(413, R"({"error":"too big"})", "Connection: close\r\n");
    refusal.afterHead = true;
    server.setReplies({refusal});
    QBuffer source;
    source.setData(QByteArray(8 * 1024 * 1024, 'x'));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const auto result = answerOf(clientFor(server, &server)->upload(sandboxId, u"/f"_s, &source));
    QVERIFY(!result);
    QVERIFY2(result.error().kind == Kind::TooLarge, problemOf(result).constData());
}

void TransferTest::lostUploadIsNotRepeated()
{
    ScriptedServer server;
    server.setReplies({ScriptedReply{.cutAfter = 0, .end = End::Rst}});
    QBuffer source;
    source.setData(content);
    QVERIFY(source.open(QIODevice::ReadOnly));
    const auto result = answerOf(clientFor(server, &server)->upload(sandboxId, u"/f"_s, &source));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, Kind::ConnectionLost);
    QCOMPARE(server.requests().size(), 1);
}

void TransferTest::abortedDownloadLetsGoOfItsSink()
{
    ScriptedServer server;
    ScriptedReply half = ScriptedReply::with(200, "application/octet-stream", content);
    server.setReplies({half.cut(half.bytes.size() - 5, End::KeepOpen)});
    auto sink = std::make_unique<QBuffer>();
    QVERIFY(sink->open(QIODevice::WriteOnly));
    Client *client = clientFor(server, &server);
    Reply<qint64> *reply = client->download(sandboxId, u"/f"_s, sink.get());
    QTRY_VERIFY(!sink->data().isEmpty());
    std::optional<Kind> kind;
    reply->onFinished(client, [&](const Result<qint64> &result) { kind = result.error().kind; });
    reply->abort();
    sink.reset();
    QTRY_VERIFY(kind);
    QCOMPARE(*kind, Kind::Cancelled);
}

QTEST_GUILESS_MAIN(TransferTest)
#include "tst_transfer.moc"
