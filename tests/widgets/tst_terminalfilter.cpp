// SPDX-License-Identifier: MIT
#include <QtTest>

#include "terminalfilter.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

// All that becomes of it.
QByteArray shownOf(TerminalFilter &filter, const QByteArray &input)
{
    QByteArray shown = filter.filter(input);
    shown += filter.flush();
    return shown;
}

}  // namespace

// What reaches the emulator, whole and cut at every byte.
class TestTerminalFilter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filters_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("output");
        const auto same = [](const char *name, const QByteArray &bytes) {
            QTest::newRow(name) << bytes << bytes;
        };
        same("text", "plain text\r\n\ttab \xc3\xa9\xe2\x82\xac");
        same("colours", "\x1b[1;31mred\x1b[0m \x1b[38;2;1;2;3mrgb\x1b[m");
        same("cursor", "\x1b[2J\x1b[H\x1b[10;20Hx\x1b[?25l\x1b[?2004h");
        same("charset", "\x1b(0lqk\x1b(B");
        same("keypad",
             "\x1b=\x1b>\x1b"
             "7\x1b"
             "8\x1bM");
        same("title",
             "\x1b]0;hello\x07"
             "after");
        same("title, ST", "\x1b]2;hello\x1b\\after");
        const auto becomes = [](const char *name, const QByteArray &bytes,
                                const QByteArray &shown) { QTest::newRow(name) << bytes << shown; };
        becomes("colour query", "a\x1b]11;?\x07.", "a.");
        becomes("colours for good", "a\x1b]4;1;red\x07\x1b]11;white\x1b\\\x1b]104\x07.", "a.");
        same("short repeat", "a\x1b[20b");
        QTest::newRow("resize") << QByteArray("a\x1b[8;10000;10000tb") << QByteArray("ab");
        QTest::newRow("resize, small") << QByteArray("a\x1b[8;24;80tb") << QByteArray("ab");
        QTest::newRow("window move") << QByteArray("a\x1b[3;0;0tb\x1b[9;1tc") << QByteArray("abc");
        QTest::newRow("profile") << QByteArray(
                                        "a\x1b]50;ColorScheme=x\x07"
                                        "b")
                                 << QByteArray("ab");
        QTest::newRow("directory") << QByteArray(
                                          "a\x1b]7;file:///etc\x07"
                                          "b")
                                   << QByteArray("ab");
        QTest::newRow("clipboard") << QByteArray(
                                          "a\x1b]52;c;aGk=\x07"
                                          "b")
                                   << QByteArray("ab");
        QTest::newRow("huge repeat") << QByteArray("a\x1b[99999999bz") << QByteArray("az");
        QTest::newRow("device string")
            << QByteArray("a\x1bPq#0;2;0;0;0\x1b\\b") << QByteArray("ab");
        QTest::newRow("application string") << QByteArray("a\x1b_x\x1b\\b") << QByteArray("ab");
        QTest::newRow("long title") << QByteArray("\x1b]0;" + QByteArray(3000, 't') + "\x07.")
                                    << QByteArray("\x1b]0;" + QByteArray(256, 't') + "\x07.");
        QTest::newRow("endless osc")
            << QByteArray("\x1b]0;" + QByteArray(100'000, 't') + "\x07.") << QByteArray(".");
        QTest::newRow("endless csi")
            << QByteArray("\x1b[" + QByteArray(100'000, '1') + "m.") << QByteArray(".");
        QTest::newRow("cancelled osc") << QByteArray("\x1b]0;abc\x18.") << QByteArray(".");
        QTest::newRow("osc cut by csi")
            << QByteArray("\x1b]7;abc\x1b[1m.") << QByteArray("\x1b[1m.");
        QTest::newRow("escape in csi") << QByteArray("\x1b[1\x1b[2m.") << QByteArray("\x1b[2m.");
        QTest::newRow("8-bit resize") << QByteArray(
                                             "a\xc2\x9b"
                                             "8;10000;10000tb")
                                      << QByteArray("a8;10000;10000tb");
        QTest::newRow("8-bit osc") << QByteArray(
                                          "a\xc2\x9d"
                                          "50;x\xc2\x9c"
                                          "b")
                                   << QByteArray("a50;xb");
        QTest::newRow("8-bit inside csi") << QByteArray(
                                                 "\x1b[1\xc2\x9b"
                                                 "8;9;9t.")
                                          << QByteArray(".");
        same("latin letters", "\xc2\xa0\xc2\xb5\xc3\x9b\xe2\x9b\x84");
        QTest::newRow("lead bytes")
            << QByteArray("\xc2\xc2\xc2\x9b.") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd.");
        QTest::newRow("a sequence between the bytes")
            << QByteArray("\xc2\x1b[t\x9b") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd");
        QTest::newRow("resize behind escapes")
            << QByteArray("\x1b\x1b\x1b[8;9999;9999t.") << QByteArray(".");
    }

    // What the emulator reads otherwise than programs mean it.
    void rewrites_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("output");
        const auto becomes = [](const char *name, const QByteArray &bytes,
                                const QByteArray &shown) { QTest::newRow(name) << bytes << shown; };
        const auto same = [&](const char *name, const QByteArray &bytes) {
            becomes(name, bytes, bytes);
        };
        // Control characters act inside a sequence; the emulator goes on with it afterwards.
        becomes("resize behind a control character", "\x1b\n[8;9999;9999t.", "\n.");
        becomes("resize behind DEL", "\x1b\x7f[8;9999;9999t.", ".");
        becomes("resize behind NUL", QByteArray("\x1b\0[8;9999;9999t.", 17), ".");
        becomes("resize with a control character", "\x1b[8;\r9999;9999t.", "\r.");
        becomes("resize after a string", "\x1b]7;x\x1b\x07[8;9;9t.", "\x07.");
        becomes("132 columns", "\x1b[?3h\x1b[?40;3;7h.", "\x1b[?7h.");
        becomes("VT52", "\x1b[?2l\x1bY!!.", "!!.");
        becomes("another character set", "\x1b%@\x1b%G\x1b F\x1b.A\x1b(Z.", ".");
        same("double lines", "\x1b#3\x1b#6\x1b#8.");
        becomes("endless device string ends at the next sequence",
                "\x1bP" + QByteArray(100'000, 'q') + "\x1b[1m.", "\x1b[1m.");
        becomes("passing through", "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\.", ".");
        becomes("sixel", "\x1bP0;1q\"1;1;9;9#0~~$-\x1b\\.", ".");
        becomes("link", "\x1b]8;;http://a/\x1b\\text\x1b]8;;\x1b\\.", "text.");
        becomes("title with controls", "\x1b]2;a\nb\x01\x07.", "\x1b]2;ab\x07.");
        becomes("title cut at a character", "\x1b]2;" + QByteArray(255, 't') + "\xc3\xa9\x07.",
                "\x1b]2;" + QByteArray(255, 't') + "\x07.");
        becomes("odd titles", "\x1b]\x07\x1b]2\x07\x1b];x\x07\x1b]02;x\x07.", ".");
        becomes("keyboard protocol", "\x1b[<1u\x1b[=5u\x1b[>1u\x1b[?u\x1b[>4;2m\x1b[?4m.", ".");
        becomes("questions with a dollar", "\x1b[?2026$p\x1b[4$p\x1b[\"p\x1b[!p.", ".");
        same("cursor shapes", "\x1b[5 q\x1b[0 q.");
        becomes("cursor shape, short", "\x1b[ q\x1b[12 q.", "\x1b[0 q.");
        same("questions that are answered", "\x1b[c\x1b[6n\x1b[5n\x1bZ.");
        becomes("questions", "\x1b[0c\x1b[>0c\x1b[>c\x1b[1;1x\x1b[21t\x05.",
                "\x1b[c\x1b[>c\x1b[>c.");
        becomes("modes", "\x1b[?2026;25;9999h\x1b[?1049;2004l\x1b[4h\x1b[20;2l.",
                "\x1b[?25h\x1b[?1049;2004l\x1b[4h.");
        becomes("places by other names", "\x1b[5`\x1b[3a\x1b[2e.", "\x1b[5G\x1b[3C\x1b[2B.");
        becomes("huge counts", "\x1b[99999999999S\x1b[70000;5H\x1b[501b\x1b[500b.",
                "\x1b[999S\x1b[999;5H\x1b[500b.");
        becomes("repeat of two numbers", "a\x1b[8;9b.", "a.");
        same("empty parameters", "\x1b[;5H\x1b[;H\x1b[H\x1b[;m.");
        becomes("margins to the side", "\x1b[1;5s\x1b[s\x1b[97;5u\x1b[u.", "\x1b[s\x1b[u.");
        becomes("letters in a sequence", "\x1b[1\xc3\xa9m.", "\xc3\xa9m.");
        becomes("parameters in no order", "\x1b[1?h\x1b[ 1m\x1b[1 2q.", ".");
        becomes("cancelled",
                "a\x18"
                "b\x1a\x1b[1\x18"
                "c",
                "abc");
        same("colours", "\x1b[38;5;196mx\x1b[48;2;10;20;30my\x1b[0;1;4;31;42m.");
        becomes("wavy underline", "\x1b[4:3mx\x1b[4:0m.", "\x1b[4mx\x1b[24m.");
        becomes("colours with colons", "\x1b[38:2::1:2:3mx\x1b[48:2:4:5:6my\x1b[1;38:5:196;3m.",
                "\x1b[38;2;1;2;3mx\x1b[48;2;4;5;6my\x1b[1;38;5;196;3m.");
        becomes("coloured underline", "\x1b[58;2;1;2;3;4mx\x1b[58:5:9m\x1b[58;5;9;1m.",
                "\x1b[4mx\x1b[1m.");
        becomes("double underline", "\x1b[21m.", "\x1b[4m.");
        becomes("many at once", "\x1b[0;1;3;4;7;9;53;38;2;1;2;3;48;2;4;5;6;5m.",
                "\x1b[0;1;3;4;7;9;53;38;2;1;2;3m\x1b[48;2;4;5;6;5m.");
        becomes("colour cut short", "\x1b[1;38;2;1m\x1b[38:2:1m\x1b[38m.",
                "\x1b[1;38;2;1m\x1b[38m.");
        becomes("accents", "e\xcc\x81\xcc\xa3 \xe3\x81\x8b\xe3\x82\x99o\xcc\x88.",
                "\xe1\xba\xb9\xcc\x81 \xe3\x81\x8c\xc3\xb6.");
        same("marks that make no letter", "\xe0\xb8\x81\xe0\xb8\xb4\xe0\xb9\x88 1\xcc\x81.");
        becomes("heaps of accents", "e" + QByteArray("\xcc\x81").repeated(1000) + ".",
                "\xc3\xa9" + QByteArray("\xcc\x81").repeated(7) + ".");
        becomes("accents that go elsewhere", "e\xcc\x81\x1b[D\x1b[C\xcc\x81\n\xcc\x81.",
                "\xc3\xa9\x1b[D\x1b[C\n.");
        same("accents in colour", "e\x1b[31m\xcc\x81.");
        becomes("accents on what has no width",
                "e" + QByteArray("\xe2\x80\x8d\xcc\x81").repeated(20) + ".",
                "e" + QByteArray("\xe2\x80\x8d\xcc\x81").repeated(8) +
                    QByteArray("\xe2\x80\x8d").repeated(12) + ".");
        becomes("broken UTF-8", "\x80\xff\xc3(\xe2\x82\x1b[1m\xf0\x9f\x98.",
                "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\x1b[1m\xef\xbf\xbd.");
        becomes("overlong", "\xc0\x9b\xe0\x82\x9b\xed\xa0\x80.",
                QByteArray("\xef\xbf\xbd").repeated(8) + ".");
        same("emoji", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80\xf0\x9f\x91\x8d.");
    }

    void rewrites() { filters(); }

    // Each sequence of a character and its marks stays in the emulator's memory for good.
    void combinationsAreBounded()
    {
        TerminalFilter filter;
        qsizetype marks = 0;
        for (int round = 0; round < 100'000; ++round) {
            const char32_t base = U'一' + char32_t(round % 20'000);
            const char32_t mark = 0x300 + char32_t(round / 20'000);
            const QString text = QString::fromUcs4(&base, 1) + QString::fromUcs4(&mark, 1);
            marks += QString::fromUtf8(shownOf(filter, text.toUtf8())).size() - 1;
        }
        QCOMPARE(marks, 16 * 1024);
        QCOMPARE(filter.filter("plain text."), "plain text.");
    }

    void filters()
    {
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, output);
        TerminalFilter whole;
        QCOMPARE(shownOf(whole, input), output);
        const qsizetype cuts = qMin<qsizetype>(input.size(), 400);
        for (qsizetype cut = 1; cut < cuts; ++cut) {
            TerminalFilter filter;
            const QByteArray head = filter.filter(input.first(cut));
            QCOMPARE(head + shownOf(filter, input.sliced(cut)), output);
        }
        TerminalFilter bytewise;
        QByteArray collected;
        for (const char c : input)
            collected += bytewise.filter(QByteArray(1, c));
        QCOMPARE(collected + shownOf(bytewise, {}), output);
    }

    // A letter waits for its accents only as long as it is told to.
    void lettersWaitForTheirAccents()
    {
        TerminalFilter filter;
        QCOMPARE(filter.filter("abc"), "ab");
        QCOMPARE(filter.flush(), "c");
        QCOMPARE(filter.flush(), "");
        QCOMPARE(filter.filter("e"), "");
        QCOMPARE(filter.filter("\xcc"), "");
        QCOMPARE(filter.filter("\x81"), "");
        QCOMPARE(filter.flush(), "\xc3\xa9");
        QCOMPARE(filter.filter("$ "), "$ ");
    }

    void pasteIsSanitized_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        QTest::newRow("plain") << u"ls -l é€"_s << u"ls -l é€"_s;
        QTest::newRow("bracket end") << u"a\x1b[201~rm -rf ~"_s << u"a[201~rm -rf ~"_s;
        QTest::newRow("control c") << u"\x03id"_s << u"id"_s;
        QTest::newRow("crlf") << u"a\r\nb\rc\n"_s << u"a\nb\nc\n"_s;
        QTest::newRow("c1") << QString(u"a"_s + QChar(0x9b) + u"b") << u"ab"_s;
        QTest::newRow("direction") << u"a\u202eb\u2066c"_s << u"abc"_s;
        QTest::newRow("line separators") << u"a\u2028b\u2029c"_s << u"a\nb\nc"_s;
        QTest::newRow("joined emoji")
            << u"\U0001F469\u200D\U0001F680"_s << u"\U0001F469\u200D\U0001F680"_s;
        QTest::newRow("tab stays") << u"a\tb"_s << u"a\tb"_s;
    }

    void pasteIsSanitized()
    {
        QFETCH(QString, text);
        QFETCH(QString, clean);
        QCOMPARE(sanitizedPaste(text), clean);
    }
};

QTEST_MAIN(TestTerminalFilter)
#include "tst_terminalfilter.moc"
