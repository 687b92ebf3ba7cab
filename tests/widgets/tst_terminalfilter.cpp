// SPDX-License-Identifier: MIT
#include <QtTest>

#include "terminalfilter.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

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
        same("colour query", "\x1b]11;?\x07");
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
            << QByteArray("\xc2\x1b[t\x9b") << QByteArray("\xef\xbf\xbd\x9b");
        QTest::newRow("resize behind escapes")
            << QByteArray("\x1b\x1b\x1b[8;9999;9999t.") << QByteArray(".");
    }

    void filters()
    {
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, output);
        TerminalFilter whole;
        QCOMPARE(whole.filter(input), output);
        const qsizetype cuts = qMin<qsizetype>(input.size(), 400);
        for (qsizetype cut = 1; cut < cuts; ++cut) {
            TerminalFilter filter;
            const QByteArray head = filter.filter(input.first(cut));
            QCOMPARE(head + filter.filter(input.sliced(cut)), output);
        }
        TerminalFilter bytewise;
        QByteArray collected;
        for (const char c : input)
            collected += bytewise.filter(QByteArray(1, c));
        QCOMPARE(collected, output);
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
