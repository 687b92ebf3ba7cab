// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/ansitext.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Escape sequences of one line as a person reads it.
class TestAnsiText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainText_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << "one two\n"_ba << u"one two"_s;
        QTest::newRow("crlf") << "one\r\n"_ba << u"one"_s;
        QTest::newRow("colour") << "a\x1b[31mred\x1b[0mb"_ba << u"aredb"_s;
        QTest::newRow("written over") << " 10%\r 50%\r100%\n"_ba << u"100%"_s;
        QTest::newRow("backspace") << "ab\bc"_ba << u"ac"_s;
        QTest::newRow("tab") << "a\tb\tc"_ba << u"a       b       c"_s;
        QTest::newRow("title, BEL") << "\x1b]0;title\aafter"_ba << u"after"_s;
        QTest::newRow("title, ST") << "\x1b]0;title\x1b\\after"_ba << u"after"_s;
        QTest::newRow("cursor") << "\x1b[2K\x1b[1Ga\x1b[10Cb"_ba << u"ab"_s;
        QTest::newRow("cut") << "a\x1b[3"_ba << u"a"_s;
        QTest::newRow("charset") << "\x1b(Bok"_ba << u"ok"_s;
        QTest::newRow("control") << "a\x01z"_ba << u"a\u2401z"_s;
        QTest::newRow("bidi") << "a\u202Eb"_ba << u"a\uFFFDb"_s;
        QTest::newRow("utf-8") << "gr\u00FC\u00DFe"_ba << u"gr\u00FC\u00DFe"_s;
    }

    void plainText()
    {
        QFETCH(QByteArray, line);
        AnsiStyle style;
        QTEST(styledText(line, &style).text, "text");
    }

    void stylesAreKeptWithTheirPlaces()
    {
        AnsiStyle style;
        const StyledText line =
            styledText("a\x1b[1;31mbold\x1b[38;5;208;48;2;1;2;3mmore\x1b[m end", &style);
        QCOMPARE(line.text, u"aboldmore end"_s);
        QCOMPARE(line.runs.size(), 3);
        QCOMPARE(line.runs[0].start, 1);
        QVERIFY(line.runs[0].style.bold);
        QCOMPARE(line.runs[0].style.foreground, AnsiStyle::Indexed + 1);
        QCOMPARE(line.runs[1].start, 5);
        QCOMPARE(line.runs[1].style.foreground, AnsiStyle::Indexed + 208);
        QCOMPARE(line.runs[1].style.background, AnsiStyle::Direct + 0x010203);
        QCOMPARE(line.runs[2].style, AnsiStyle());
        QCOMPARE(style, AnsiStyle());
    }

    void aStyleGoesOnInTheNextLine()
    {
        AnsiStyle style;
        AnsiStyle followed;
        const QByteArray first = "\x1b[7mall\n";
        styledText(first, &style);
        followStyle(first, &followed);
        QVERIFY(style.inverse);
        QCOMPARE(followed, style);
        QCOMPARE(styledText("next", &style).runs.value(0).style, followed);
    }
};

QTEST_APPLESS_MAIN(TestAnsiText)
#include "tst_ansitext.moc"
