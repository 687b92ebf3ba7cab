// SPDX-License-Identifier: MIT
#include <QTest>

#include "api/streamcodec.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace voidrun::test;
using namespace Qt::StringLiterals;
using Type = OutputEvent::Type;
using Watch = WatchEvent::Type;

Q_DECLARE_METATYPE(voidrun::ServerEvent)
Q_DECLARE_METATYPE(voidrun::OutputEvent)

// What single events of streams become, in each of their forms.
class StreamCodecTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void serverEvents_data();
    void serverEvents();
    void foreignServerEventsAreLeftOut();
    void jsonLines_data();
    void jsonLines();
    void wrongJsonLines_data();
    void wrongJsonLines();
    void watchEvents_data();
    void watchEvents();
};

void StreamCodecTest::serverEvents_data()
{
    QTest::addColumn<ServerEvent>("event");
    QTest::addColumn<OutputEvent>("output");
    const auto row = [](const char *name, const QByteArray &type, const QByteArray &data,
                        const OutputEvent &output, const QByteArray &id = {}) {
        QTest::newRow(name) << ServerEvent{.type = type, .data = data, .lastEventId = id} << output;
    };
    row("line", "stdout", "a", {Type::StdOut, "a\n", {}});
    row("stderr", "stderr", "a", {Type::StdErr, "a\n", {}});
    row("empty line", "stdout", "", {Type::StdOut, "\n", {}});
    row("partial", "stdout", "a", {Type::StdOut, "a", {}}, "partial");
    row("carriage return", "stdout", "a", {Type::StdOut, "a\r", {}}, "cr");
    row("both", "stdout", "a", {Type::StdOut, "a\r\n", {}}, "crlf");
    row("another id", "stdout", "a", {Type::StdOut, "a\n", {}}, "7");
    row("exit", "exit", R"({"exitCode":3})", {Type::Exit, "", {3, {}}});
    row("exit with error", "exit", R"({"exitCode":-1,"error":"timed out"})",
        {Type::Exit, "", {-1, u"timed out"_s}});
    row("error text", "error", "no such command", {Type::Error, "no such command", {}});
    row("error object", "error", R"({"error":"no"})", {Type::Error, "no", {}});
    row("error message", "error", R"({"message":"no"})", {Type::Error, "no", {}});
}

void StreamCodecTest::serverEvents()
{
    QFETCH(ServerEvent, event);
    QFETCH(OutputEvent, output);
    QCOMPARE(codec::outputEvent(event), std::optional(output));
}

void StreamCodecTest::foreignServerEventsAreLeftOut()
{
    for (const QByteArray &type : {"message"_ba, "ping"_ba, "STDOUT"_ba})
        QVERIFY(!codec::outputEvent(ServerEvent{.type = type, .data = "x", .lastEventId = {}}));
}

void StreamCodecTest::jsonLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<OutputEvent>("output");
    QTest::newRow("stdout") << R"({"type":"stdout","data":"a\n\u00e4"})"_ba
                            << OutputEvent{Type::StdOut, "a\n\xc3\xa4", {}};
    QTest::newRow("stderr") << R"({"type":"stderr","data":"e"})"_ba
                            << OutputEvent{Type::StdErr, "e", {}};
    QTest::newRow("exit") << R"({"type":"exit","exitCode":2})"_ba
                          << OutputEvent{Type::Exit, "", {2, {}}};
    QTest::newRow("error") << R"({"type":"error","error":"gone"})"_ba
                           << OutputEvent{Type::Error, "gone", {}};
    QTest::newRow("error data") << R"({"type":"error","data":"gone"})"_ba
                                << OutputEvent{Type::Error, "gone", {}};
}

void StreamCodecTest::jsonLines()
{
    QFETCH(QByteArray, line);
    QFETCH(OutputEvent, output);
    const auto result = codec::outputEvent(line);
    QVERIFY2(result, problemOf(result).constData());
    QCOMPARE(*result, std::optional(output));
}

void StreamCodecTest::wrongJsonLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("ignored");
    QTest::newRow("unknown type") << R"({"type":"ping"})"_ba << true;
    QTest::newRow("no type") << "{}"_ba << true;
    QTest::newRow("type a number") << R"({"type":1})"_ba << true;
    QTest::newRow("cut") << R"({"type":"stdout","da)"_ba << false;
    QTest::newRow("a list") << "[1]"_ba << false;
    QTest::newRow("text") << "hello"_ba << false;
    QTest::newRow("deep") << QByteArray(100'000, '[') << false;
}

void StreamCodecTest::wrongJsonLines()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, ignored);
    const auto result = codec::outputEvent(line);
    QCOMPARE(result.has_value(), ignored);
    if (ignored)
        QVERIFY(!*result);
    else
        QCOMPARE(result.error().kind, Error::Kind::NotVoidRun);
}

void StreamCodecTest::watchEvents_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<Watch>("type");
    QTest::addColumn<QString>("path");
    const auto row = [](const char *word, Watch type) {
        QTest::newRow(word) << QByteArray(R"({"type":")") + word + R"(","path":"/a/b"})" << type
                            << u"/a/b"_s;
    };
    row("created", Watch::Created);
    row("create", Watch::Created);
    row("modified", Watch::Modified);
    row("write", Watch::Modified);
    row("deleted", Watch::Deleted);
    row("remove", Watch::Deleted);
    row("renamed", Watch::Renamed);
    row("rename", Watch::Renamed);
    row("chmod", Watch::Chmod);
    row("rescan", Watch::Rescan);
    row("unknown", Watch::Rescan);
    QTest::newRow("no path") << R"({"type":"created"})"_ba << Watch::Rescan << u""_s;
    QTest::newRow("relative") << R"({"type":"created","path":"b"})"_ba << Watch::Rescan << u"b"_s;
    QTest::newRow("not JSON") << "created /a"_ba << Watch::Rescan << u""_s;
    QTest::newRow("longest paths")
        << QByteArray(R"({"type":"rename","path":"/)" + QByteArray("\\u0061").repeated(4095) +
                      R"(","oldPath":"/)" + QByteArray("\\u0062").repeated(4095) + R"("})")
        << Watch::Renamed << QString(u'/' + QString(4095, u'a'));
    QTest::newRow("too long") << QByteArray(R"({"type":"created","path":"/)" +
                                            QByteArray(1 << 20, 'x') + R"("})")
                              << Watch::Rescan << u""_s;
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe") << Watch::Rescan << u""_s;
}

void StreamCodecTest::watchEvents()
{
    QFETCH(QByteArray, message);
    QFETCH(Watch, type);
    QFETCH(QString, path);
    const WatchEvent event = codec::watchEvent(message);
    QCOMPARE(event.type, type);
    QCOMPARE(event.path, path);
    const WatchEvent full = codec::watchEvent(
        R"({"type":"renamed","path":"/b","oldPath":"/a","size":7,"timestamp":"2025-01-02T03:04:05Z"})");
    QCOMPARE(full.oldPath, u"/a"_s);
    QCOMPARE(full.size, std::optional<qint64>(7));
    QVERIFY(full.timestamp.isValid());
}

QTEST_GUILESS_MAIN(StreamCodecTest)
#include "tst_streamcodec.moc"
