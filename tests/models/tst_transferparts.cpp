// SPDX-License-Identifier: MIT
#include <QBuffer>
#include <QTest>

#include "models/archivepiece.h"
#include "models/guestcheck.h"
#include "models/partname.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

// What transfers are made of, without a server: hidden names, checks and pieces.
class TestTransferParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hiddenNames_data();
    void hiddenNames();
    void foreignNamesHaveNoTag_data();
    void foreignNamesHaveNoTag();
    void leftOvers();
    void checkAnswers_data();
    void checkAnswers();
    void pieceKeepsEverything();
    void brokenPieceIsNoPiece();
    void pieceBufferHasABound();
};

void TestTransferParts::hiddenNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << u"a.txt"_s;
    QTest::newRow("hidden") << u".a"_s;
    QTest::newRow("newline") << u"a\nb"_s;
    QTest::newRow("long") << QString(255, u'n');
    QTest::newRow("long and wide") << u"🦦"_s.repeated(63);
}

void TestTransferParts::hiddenNames()
{
    QFETCH(QString, name);
    const QString tag = partname::newTag();
    const QString part = partname::make(name, tag);
    const QString archive = partname::makeArchive(name, tag);
    QVERIFY(part.startsWith(u'.'));
    QVERIFY(part.toUtf8().size() <= 255 && archive.toUtf8().size() <= 255);
    QVERIFY(part.isValidUtf16());
    QVERIFY(archive.endsWith(u".tar"_s));
    QCOMPARE(partname::tagOf(part), tag);
    QCOMPARE(partname::tagOf(archive), tag);
    QVERIFY(partname::make(name + u'x', tag) != part);
}

void TestTransferParts::foreignNamesHaveNoTag_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("plain") << u"a.txt"_s;
    QTest::newRow("not hidden") << u"a.abcdef.voidrun-part"_s;
    QTest::newRow("no tag") << u".a.voidrun-part"_s;
    QTest::newRow("short tag") << u".a.abc.voidrun-part"_s;
    QTest::newRow("no name") << u".abcdef.voidrun-part"_s;
    QTest::newRow("another ending") << u".a.abcdef.voidrun-part.zip"_s;
}

void TestTransferParts::foreignNamesHaveNoTag()
{
    QFETCH(QString, name);
    QCOMPARE(partname::tagOf(name), QString());
}

void TestTransferParts::leftOvers()
{
    PartTags tags;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QString own = partname::make(u"a"_s, u"aaaaaa"_s);
    const QString old = partname::make(u"a"_s, u"bbbbbb"_s);
    const QString foreign = partname::make(u"a"_s, u"cccccc"_s);
    tags.learn({u"bbbbbb"_s});
    tags.begin(u"aaaaaa"_s);
    QVERIFY(!tags.isLeftOver(own, now));
    QVERIFY(tags.isLeftOver(old, now));
    QVERIFY(!tags.isLeftOver(foreign, now));  // another application's may be under way
    QVERIFY(!tags.isLeftOver(foreign, {}));
    QVERIFY(tags.isLeftOver(foreign, now.addDays(-2)));
    QVERIFY(!tags.isLeftOver(u"a"_s, now.addDays(-2)));
    tags.end(u"aaaaaa"_s);
    QVERIFY(tags.isLeftOver(own, now));
}

void TestTransferParts::checkAnswers_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<bool>("isAnswer");
    QTest::addColumn<bool>("hasSize");
    const QString hash(64, u'a');
    QTest::newRow("all tools") << u"5 644 %1\n7 755 %1\n"_s.arg(hash) << true << true;
    QTest::newRow("no hash") << u"5 644 -\n7 755 -\n"_s << true << true;
    QTest::newRow("no stat") << u"- - -\n- - -\n"_s << true << false;
    QTest::newRow("nothing") << u""_s << false << false;
    QTest::newRow("one too few") << u"5 644 -\n"_s << false << false;
    QTest::newRow("one too many") << u"5 644 -\n5 644 -\n5 644 -\n"_s << false << false;
    QTest::newRow("words") << u"sh: c: not found\nsh: c: not found\n"_s << false << false;
}

void TestTransferParts::checkAnswers()
{
    QFETCH(QString, output);
    QFETCH(bool, isAnswer);
    QFETCH(bool, hasSize);
    GuestCheck check;
    check.add(u"/a b"_s, true, 0644, QDateTime::currentDateTime());
    check.add(u"/it's"_s, true);
    QVERIFY(check.command().contains(u"c '/it'\\''s' - - 1"_s));
    const QList<GuestCheck::Found> found = check.parse(output);
    QCOMPARE(found.size(), isAnswer ? 2 : 0);
    if (isAnswer)
        QCOMPARE(found.first().size.has_value(), hasSize);
    if (hasSize) {
        QCOMPARE(*found.last().size, 7);
        QCOMPARE(*found.last().mode, 0755U);
    }
}

void TestTransferParts::pieceKeepsEverything()
{
    const QByteArrayList names{"plain",         "with space",
                               "it's \"q\"",    "-dash",
                               "line\nbreak",   "deep/er/file",
                               "naïve 日本 🦦", QByteArray(200, 'n') + '/' + QByteArray(200, 'm')};
    PieceWriter writer;
    QVERIFY(writer.add({"folder", true, 0755, 0, 1'700'000'000}, nullptr));
    for (qsizetype i = 0; i < names.size(); ++i) {
        QBuffer content;
        content.setData(QByteArray(i * 1000, 'c'));
        QVERIFY(content.open(QIODevice::ReadOnly));
        QVERIFY(writer.add({names[i], false, 0755, i * 1000, 1'700'000'000 + i}, &content));
    }
    const QByteArray tar = writer.finish();
    QVERIFY(!tar.isEmpty());
    QByteArrayList found;
    QVERIFY(PieceReader::read(
        tar, [&](const ArchivePiece::Entry &entry, const PieceReader::Content &content) {
            const qsizetype i = found.size();
            found.append(entry.name);
            QCOMPARE(entry.mode, 0755U);
            QCOMPARE(entry.modified, 1'700'000'000 + i);
            QCOMPARE(entry.size, i * 1000);
            if (i % 2 == 0)  // one that is not read does not hurt the next
                QCOMPARE(content(), QByteArray(i * 1000, 'c'));
        }));
    QCOMPARE(found, names);
}

void TestTransferParts::brokenPieceIsNoPiece()
{
    PieceWriter writer;
    QBuffer content;
    content.setData("short");
    QVERIFY(content.open(QIODevice::ReadOnly));
    QVERIFY(!writer.add({"f", false, 0644, 10, 0}, &content));
    int taken = 0;
    const auto take = [&](const ArchivePiece::Entry &, const PieceReader::Content &) { ++taken; };
    QVERIFY(!PieceReader::read("<html>sign in</html>", take));
    QCOMPARE(taken, 0);
}

void TestTransferParts::pieceBufferHasABound()
{
    PieceBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    const QByteArray part(1 << 20, 'x');
    for (qint64 size = 0; size < ArchivePiece::MaxSize; size += part.size())
        QCOMPARE(buffer.write(part), part.size());
    QCOMPARE(buffer.write("x"), -1);
    QCOMPARE(buffer.data().size(), ArchivePiece::MaxSize);
}

QTEST_GUILESS_MAIN(TestTransferParts)
#include "tst_transferparts.moc"
