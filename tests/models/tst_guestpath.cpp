// SPDX-License-Identifier: MIT
#include <QTest>

#include "models/guestpath.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;
using namespace voidrun;

class TestGuestPath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clean_data();
    void clean();
    void partsOfPaths();
    void inside();
    void names_data();
    void names();
    void freeNames_data();
    void freeNames();
    void shellQuoted_data();
    void shellQuoted();
    void visible_data();
    void visible();
    void durations_data();
    void durations();
};

void TestGuestPath::clean_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    QTest::newRow("root") << u"/"_s << u"/"_s;
    QTest::newRow("empty") << u""_s << u"/"_s;
    QTest::newRow("slashes") << u"//a///b//"_s << u"/a/b"_s;
    QTest::newRow("dots") << u"/a/./b/../c"_s << u"/a/c"_s;
    QTest::newRow("above the root") << u"/../../a"_s << u"/a"_s;
    QTest::newRow("no dots") << u"/...a/..b/c."_s << u"/...a/..b/c."_s;
}

void TestGuestPath::clean()
{
    QFETCH(QString, path);
    QTEST(guestpath::clean(path), "expected");
}

void TestGuestPath::partsOfPaths()
{
    QCOMPARE(guestpath::join(u"/"_s, u"a"_s), u"/a"_s);
    QCOMPARE(guestpath::join(u"/a"_s, u"b"_s), u"/a/b"_s);
    QCOMPARE(guestpath::parent(u"/a/b"_s), u"/a"_s);
    QCOMPARE(guestpath::parent(u"/a"_s), u"/"_s);
    QCOMPARE(guestpath::parent(u"/"_s), u"/"_s);
    QCOMPARE(guestpath::fileName(u"/a/b c"_s), u"b c"_s);
    QCOMPARE(guestpath::fileName(u"/"_s), QString());
}

void TestGuestPath::inside()
{
    QVERIFY(guestpath::isInside(u"/a/b"_s, u"/a"_s));
    QVERIFY(guestpath::isInside(u"/a"_s, u"/a"_s));
    QVERIFY(guestpath::isInside(u"/a"_s, u"/"_s));
    QVERIFY(!guestpath::isInside(u"/ab"_s, u"/a"_s));
    QVERIFY(!guestpath::isInside(u"/"_s, u"/a"_s));
}

void TestGuestPath::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::newRow("plain") << u"a.txt"_s << true;
    QTest::newRow("odd") << u"-a b\n'\"%+#日本"_s << true;
    QTest::newRow("three dots") << u"..."_s << true;
    QTest::newRow("longest") << QString(255, u'a') << true;
    QTest::newRow("empty") << u""_s << false;
    QTest::newRow("dot") << u"."_s << false;
    QTest::newRow("dots") << u".."_s << false;
    QTest::newRow("slash") << u"a/b"_s << false;
    QTest::newRow("NUL") << u"a"_s + QChar(0) << false;
    QTest::newRow("too long") << QString(256, u'a') << false;
    QTest::newRow("too many bytes") << QString(128, u'ä') << false;
}

void TestGuestPath::names()
{
    QFETCH(QString, name);
    QTEST(guestpath::isValidName(name), "valid");
}

void TestGuestPath::freeNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isDir");
    QTest::addColumn<QString>("expected");
    QTest::newRow("file") << u"a.txt"_s << false << u"a (3).txt"_s;
    QTest::newRow("archive") << u"data.tar.gz"_s << false << u"data (3).tar.gz"_s;
    QTest::newRow("no ending") << u"Makefile"_s << false << u"Makefile (3)"_s;
    QTest::newRow("hidden") << u".bashrc"_s << false << u".bashrc (3)"_s;
    QTest::newRow("folder") << u"v1.2"_s << true << u"v1.2 (3)"_s;
}

void TestGuestPath::freeNames()
{
    QFETCH(QString, name);
    QFETCH(bool, isDir);
    const auto isTaken = [](const QString &tried) { return tried.contains(u"(2)"_s); };
    QTEST(guestpath::freeName(name, isDir, isTaken), "expected");
}

void TestGuestPath::shellQuoted_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"/app/a-1.txt"_s << u"/app/a-1.txt"_s;
    QTest::newRow("space") << u"/app/a b"_s << u"'/app/a b'"_s;
    QTest::newRow("dash") << u"-rf"_s << u"'-rf'"_s;
    QTest::newRow("quote") << u"it's"_s << u"'it'\\''s'"_s;
    QTest::newRow("dollar") << u"$(x)`y`\\"_s << u"'$(x)`y`\\'"_s;
    QTest::newRow("newline") << u"a\nb'\\"_s << u"$'a\\x0ab\\'\\\\'"_s;
    QTest::newRow("empty") << QString() << u"''"_s;
}

void TestGuestPath::shellQuoted()
{
    QFETCH(QString, path);
    QTEST(guestpath::shellQuoted(path), "expected");
}

void TestGuestPath::visible_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"naïve 日本.txt"_s << u"naïve 日本.txt"_s;
    QTest::newRow("newline") << u"a\nb"_s << u"a\u240Ab"_s;
    QTest::newRow("escape") << u"\x1b[31m"_s << u"\u241B[31m"_s;
    QTest::newRow("delete") << u"a\x7f"_s << u"a\u2421"_s;
    QTest::newRow("right to left") << u"exe\u202Etxt"_s << u"exe\uFFFDtxt"_s;
    QTest::newRow("zero width space") << u"a\u200Bb"_s << u"a\u200Bb"_s.replace(1, 1, u"\uFFFD"_s);
    QTest::newRow("line separator") << u"a\u2028b"_s << u"a\uFFFDb"_s;
}

void TestGuestPath::visible()
{
    QFETCH(QString, text);
    QTEST(visibleText(text), "expected");
}

void TestGuestPath::durations_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("expected");
    QTest::newRow("at once") << qint64(0) << u"1 s"_s;
    QTest::newRow("seconds") << qint64(59) << u"59 s"_s;
    QTest::newRow("minutes") << qint64(100) << u"2 min"_s;
    QTest::newRow("hours") << qint64(2 * 3600 + 610) << u"2 h 10 min"_s;
}

void TestGuestPath::durations()
{
    QFETCH(qint64, seconds);
    QTEST(durationText(seconds), "expected");
}

QTEST_GUILESS_MAIN(TestGuestPath)
#include "tst_guestpath.moc"
