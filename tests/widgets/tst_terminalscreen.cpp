// SPDX-License-Identifier: MIT
#include <QSignalSpy>
#include <QtTest>

#include "terminalundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

namespace
{

constexpr int Columns = 80;
constexpr int Lines = 24;

// Plays what a row holds and tells, in the title, where the cursor is and what came back before
// that: through the terminal's own answers, as programs learn them.
constexpr auto Player = R"(
import binascii, os, re, sys, time, tty
tty.setraw(0)
os.write(1, b'ready to play')
def read_until(pattern):
    got = b''
    while not re.search(pattern, got):
        got += os.read(0, 4096)
    return got
count = 0
while True:
    name = read_until(rb'\r').strip().decode()
    data = open('/app/rows/' + name, 'rb').read()
    os.write(1, b'\x1bc\x1b[3J\x1b[H')
    if name.startswith('slow'):
        for byte in data:
            os.write(1, bytes([byte]))
            time.sleep(0.002)
    else:
        while data:
            data = data[os.write(1, data):]
    os.write(1, b'\x1b[6n')
    got = read_until(rb'\x1b\[\d+;\d+R$')
    at = got.rindex(b'\x1b[')
    count += 1  # the emulator does not tell of a title that it has
    os.write(1, b'\x1b]2;%s %s %s.%d\x07' % (name.encode(), got[at + 2:-1], binascii.hexlify(got[:at]), count))
)"_L1;

QByteArray utf8(const QString &text)
{
    return text.toUtf8();
}

}  // namespace

// What programs draw is what is on the screen, through server, socket, filter and emulator: the
// old rules of the VT100 and what came after it.
class TestTerminalScreen : public QObject
{
    Q_OBJECT

private:
    test::TerminalUnderTest m_terminal;

    // Plays the row; what the title says of it: "cursor replies".
    QString play(const QString &name, const QByteArray &bytes)
    {
        m_terminal.run(u"mkdir -p /app/rows; echo %1 | base64 -d > /app/rows/%2"_s.arg(
            QString::fromLatin1(bytes.toBase64()), name));
        QSignalSpy titles(m_terminal.view(), &TerminalView::titleChanged);
        m_terminal.view()->session()->write(name.toUtf8() + '\r');
        const auto last = [&] {
            return titles.isEmpty() ? QString() : titles.constLast().constFirst().toString();
        };
        if (!QTest::qWaitFor([&] { return last().startsWith(name % u' '); }, 20'000))
            return u"no answer"_s;
        return last().sliced(name.size() + 1).section(u'.', 0, 0);
    }

    QStringList shown() const
    {
        QStringList lines = m_terminal.text().split(u'\n');
        for (QString &line : lines) {
            while (line.endsWith(u' '))
                line.chop(1);
        }
        while (!lines.isEmpty() && lines.constLast().isEmpty())
            lines.removeLast();
        return lines;
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(m_terminal.start(), qPrintable(m_terminal.problem()));
        m_terminal.run(u"cat > /app/player.py <<'END'\n"_s % Player % u"END\n"_s);
        QVERIFY(m_terminal.open());
        for (int attempt = 0; attempt < 10; ++attempt) {
            const QPoint cell = m_terminal.cell(1, 1) - m_terminal.cell(0, 0);
            const QSize missing(Columns - m_terminal.columns(), Lines - m_terminal.lines());
            if (missing.isNull())
                break;
            m_terminal.panel()->resize(m_terminal.panel()->width() + missing.width() * cell.x(),
                                       m_terminal.panel()->height() + missing.height() * cell.y());
            (void)QTest::qWaitFor([this] { return m_terminal.columns() == Columns; }, 500);
        }
        QCOMPARE(m_terminal.columns(), Columns);
        QCOMPARE(m_terminal.lines(), Lines);
        m_terminal.view()->session()->write("exec python3 /app/player.py\r");
        QVERIFY(m_terminal.shows(u"ready to play"_s));
    }

    void screen_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QStringList>("lines");
        QTest::addColumn<QString>("state");  // cursor, and replies in hexadecimal
        const auto row = [](const char *name, const QByteArray &bytes, const QStringList &lines,
                            const char *state) {
            QTest::newRow(name) << bytes << lines << QString::fromLatin1(state);
        };
        const QByteArray abc = "aaa\r\nbbb\r\nccc";
        const QString full = u"x"_s.repeated(Columns);
        row("text", "hello", {u"hello"_s}, "1;6");
        row("lines", abc, {u"aaa"_s, u"bbb"_s, u"ccc"_s}, "3;4");
        row("cup", "\x1b[3;5Hx", {u""_s, u""_s, u"    x"_s}, "3;6");
        row("hvp", "\x1b[2;4fx", {u""_s, u"   x"_s}, "2;5");
        row("moves", "\x1b[10;10H\x1b[2A\x1b[3B\x1b[4C\x1b[1D", {}, "11;13");
        row("linemoves", "\x1b[5;5H\x1b[2Ea\x1b[Fb",
            {u""_s, u""_s, u""_s, u""_s, u""_s, u"b"_s, u"a"_s}, "6;2");
        row("cha", "\x1b[20Gx", {u" "_s.repeated(19) + u'x'}, "1;21");
        row("vpa", "\x1b[3dx", {u""_s, u""_s, u"x"_s}, "3;2");
        row("hpa", "\x1b[12`x", {u" "_s.repeated(11) + u'x'}, "1;13");
        row("hpr", "ab\x1b[3ax", {u"ab   x"_s}, "1;7");
        row("vpr", "\x1b[2ex", {u""_s, u""_s, u"x"_s}, "3;2");
        row("bounds", "\x1b[999;999H\x1b[5A\x1b[9C\x1b[99B", {}, "24;80");
        row("edtoend", abc + "\x1b[2;2H\x1b[J", {u"aaa"_s, u"b"_s}, "2;2");
        row("edtobegin", abc + "\x1b[2;2H\x1b[1J", {u""_s, u"  b"_s, u"ccc"_s}, "2;2");
        row("eltoend", "abcdef\x1b[3G\x1b[K", {u"ab"_s}, "1;3");
        row("eltobegin", "abcdef\x1b[3G\x1b[1K", {u"   def"_s}, "1;3");
        row("elall", "abcdef\r\nx\x1b[1;3H\x1b[2K", {u""_s, u"x"_s}, "1;3");
        row("ech", "abcdef\x1b[3G\x1b[2X", {u"ab  ef"_s}, "1;3");
        row("ich", "abcdef\x1b[3G\x1b[2@", {u"ab  cdef"_s}, "1;3");
        row("dch", "abcdef\x1b[3G\x1b[2P", {u"abef"_s}, "1;3");
        row("il", abc + "\x1b[2;1H\x1b[L", {u"aaa"_s, u""_s, u"bbb"_s, u"ccc"_s}, "2;1");
        row("dl", abc + "\x1b[2;1H\x1b[M", {u"aaa"_s, u"ccc"_s}, "2;1");
        row("su", abc + "\x1b[?1049h" + abc + "\x1b[S", {u"bbb"_s, u"ccc"_s}, "3;4");
        row("sd", abc + "\x1b[T", {u""_s, u"aaa"_s, u"bbb"_s, u"ccc"_s}, "3;4");
        row("region", abc + "\r\nddd\x1b[2;3r\x1b[3;1H\n\x1b[r",
            {u"aaa"_s, u"ccc"_s, u""_s, u"ddd"_s}, "1;1");
        row("regionup", abc + "\r\nddd\x1b[2;3r\x1b[2;1H\x1bM\x1b[r",
            {u"aaa"_s, u""_s, u"bbb"_s, u"ddd"_s}, "1;1");
        row("origin", "\x1b[3;10r\x1b[?6h\x1b[1;1Hx\x1b[?6l\x1b[r", {u""_s, u""_s, u"x"_s}, "1;1");
        row("index",
            "a\x1b"
            "Db\x1b"
            "Ec",
            {u"a"_s, u" b"_s, u"c"_s}, "3;2");
        row("reverseindex", "a\x1bMb", {u" b"_s, u"a"_s}, "1;3");
        row("wrap", "x" + utf8(full), {full + u'x'}, "2;2");
        row("wraplater", utf8(full) + "\r\ny", {full, u"y"_s}, "2;2");
        row("nowrap", "\x1b[?7l" + utf8(full) + "yz\x1b[?7h", {full.chopped(1) + u'z'}, "1;80");
        row("insert", "abc\x1b[2G\x1b[4hX\x1b[4l", {u"aXbc"_s}, "1;3");
        row("newline", "\x1b[20ha\nb\x1b[20l", {u"a"_s, u"b"_s}, "2;2");
        row("tabs", "\tx\tx", {u"        x       x"_s}, "1;18");
        row("backtab", "\t\tx\x1b[2Zy", {u"        y       x"_s}, "1;10");
        row("repeat", "ab\x1b[4b", {u"abbbbb"_s}, "1;7");
        row("savecursor",
            "ab\x1b"
            "7\x1b[5;5H\x1b"
            "8c",
            {u"abc"_s}, "1;4");
        row("savecursorshort", "ab\x1b[s\x1b[5;5H\x1b[uc", {u"abc"_s}, "1;4");
        row("alternate", "main\x1b[?1049h\x1b[2Jother\x1b[?1049l", {u"main"_s}, "1;5");
        row("linedrawing", "\x1b(0lqk\x1b(Bl", {u"┌─┐l"_s}, "1;5");
        row("shiftout", "\x1b)0\x0eq\x0fq", {u"─q"_s}, "1;3");
        row("wide", utf8(u"漢字x"_s), {u"漢字x"_s}, "1;6");
        row("widewrap", "\x1b[80G" + utf8(u"漢"_s), {u"漢"_s}, "2;3");
        row("combining", utf8(u"e\u0301ox"_s), {u"\u00e9ox"_s}, "1;4");
        row("slowcombining", utf8(u"e\u0301o\u0308x"_s), {}, "1;4");
        row("emoji", utf8(u"\U0001F680x"_s), {u"\U0001F680x"_s}, "1;4");
        row("slowutf8", utf8(u"äöü漢字\U0001F680"_s), {u"äöü漢字\U0001F680"_s}, "1;10");
        row("slowsequences", "\x1b[2;3H\x1b[1;38;5;196mx\x1b]2;no\x1b\\y", {u""_s, u"  xy"_s},
            "2;5");
        row("backspace", "abc\b\bX", {u"aXc"_s}, "1;3");
        row("verticaltab",
            "a\x0b"
            "b\x0c"
            "c",
            {u"a"_s, u" b"_s, u"  c"_s}, "3;4");
        row("align", "\x1b#8\x1b[2;1H\x1b[J", {u"E"_s.repeated(Columns)}, "2;1");
        row("status", "\x1b[5n", {}, "1;1 1b5b306e");
        row("attributes", "\x1b[c", {}, "1;1 1b5b3f313b3263");
        row("resize", "a\x1b[8;99;99tb\x1b[4;9;9tc\x1b\x7f[8;9;9td", {u"abcd"_s}, "1;5");
        row("columns", "\x1b[?40h\x1b[?3hab", {u"ab"_s}, "1;3");
        row("sixel", "a\x1bPq#0;2;0;0;0#0~~@@vv\x1b\\b", {u"ab"_s}, "1;3");
        row("clipboard",
            "a\x1b]52;c;aGk=\x07"
            "b\x1b]50;ColorScheme=x\x07"
            "c\x1b]7;file:///\x07",
            {u"abc"_s}, "1;4");
        row("keyboardprotocols", "a\x1b[>4;2m\x1b[<1u\x1b[=1u\x1b[?2026$p\x1b[?1u\x1b[!pb",
            {u"ab"_s}, "1;3");
        row("endlessstring", "a\x1bP" + QByteArray(50'000, 'x') + "\x1b[mb", {u"ab"_s}, "1;3");
        row("binary",
            QByteArray("a\0\x01\x02\x05\x10\x1a\x1c\x7f"
                       "b",
                       10),
            {u"ab"_s}, "1;3");
        row("brokenutf8",
            "a\xff\xc3"
            "b",
            {u"a\uFFFD\uFFFDb"_s}, "1;5");
        row("marks", "e" + utf8(u"\u0301"_s).repeated(5000) + "x", {}, "1;3");
        // Last: the emulator does not forget them with ESC c.
        row("owntabs", "\x1b[3g\x1b[5G\x1bH\r\tx", {u"    x"_s}, "1;6");
    }

    void screen()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QStringList, lines);
        QFETCH(QString, state);
        const QString cursor = state.section(u' ', 0, 0);
        const QString replies = state.section(u' ', 1, 1);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        QCOMPARE(play(name, bytes), QString(cursor % u' ' % replies));
        if (!lines.isEmpty())
            QCOMPARE(shown(), lines);
        QCOMPARE(m_terminal.columns(), Columns);
        QCOMPARE(m_terminal.lines(), Lines);
    }

    void colors_data()
    {
        QTest::addColumn<QByteArray>("rendition");
        QTest::addColumn<QColor>("background");
        QTest::newRow("256") << QByteArray("48;5;196") << QColor(255, 0, 0);
        QTest::newRow("256, grey") << QByteArray("48;5;244") << QColor(128, 128, 128);
        QTest::newRow("true") << QByteArray("48;2;12;200;34") << QColor(12, 200, 34);
        QTest::newRow("true, colons") << QByteArray("48:2::12:200:34") << QColor(12, 200, 34);
        QTest::newRow("reverse of true") << QByteArray("38;2;1;2;250;7") << QColor(1, 2, 250);
        QTest::newRow("after an underline's colour")
            << QByteArray("58;2;9;9;9;48;2;1;2;3") << QColor(1, 2, 3);
        QTest::newRow("behind many")
            << QByteArray("0;1;3;4;9;53;38;2;1;2;3;22;23;24;48;2;4;5;6") << QColor(4, 5, 6);
    }

    void colors()
    {
        QFETCH(QByteArray, rendition);
        QFETCH(QColor, background);
        play(u"colors"_s, "\x1b[3;3H\x1b[" + rendition + "m   \x1b[m");
        const auto painted = [this] {
            return m_terminal.display()->grab().toImage().pixelColor(
                m_terminal.cell(3, 2) * m_terminal.display()->devicePixelRatioF());
        };
        QTRY_COMPARE(painted(), background);
    }

    void basicColorsAreOurs()
    {
        play(u"basic"_s, "\x1b[41m   \x1b[m");
        const auto painted = [this] {
            return m_terminal.display()->grab().toImage().pixelColor(
                m_terminal.cell(1, 0) * m_terminal.display()->devicePixelRatioF());
        };
        const bool isDark = m_terminal.view()->palette().color(QPalette::Window).lightness() < 128;
        QTRY_COMPARE(painted(), isDark ? QColor(240, 113, 120) : QColor(190, 32, 46));
    }

    void historyIsKeptAndCleared()
    {
        play(u"history"_s, QByteArray("line\r\n").repeated(100));
        QCOMPARE(shown().count(u"line"_s), 100);
        play(u"nohistory"_s, QByteArray("line\r\n").repeated(100) + "\x1b[3J");
        QVERIFY(shown().count(u"line"_s) < Lines);
    }

    // Whatever comes: the window lives, the size stays, the memory is bounded and what is printed
    // afterwards is there.
    void noise()
    {
        QRandomGenerator random(6);
        const QList<QByteArray> pieces{
            "\x1b[",  "\x1b]", "\x1bP",   "\x1b",    ";",           "?",  "999999",
            "8;9;9t", "m",     "b",       "J",       "\x07",        "\n", "\xc3",
            "\x9b",   "漢",    "e\u0301", "\x1b[2J", "\x1b[?1049h", "@",  "\x1b[500b",
            "S",      "L",     "\x1b(0",  "\x1b[r",  "\x1b[3;9r",   "r",  "H"};
        QByteArray bytes;
        while (bytes.size() < 60'000) {
            bytes += pieces.at(random.bounded(pieces.size()));
            if (random.bounded(3) == 0)
                bytes += char(random.bounded(256));
        }
        // What it asks is answered too: those answers come before the last one.
        const QString end = play(u"noise"_s, bytes +
                                                 "\x18\x1b[!p\x1b"
                                                 "c\x1b[2J\x1b[Hafter");
        QVERIFY2(end.startsWith(u"1;6"_s), qPrintable(end));
        QCOMPARE(shown().constLast(), u"after"_s);
        QCOMPARE(m_terminal.columns(), Columns);
        QCOMPARE(m_terminal.lines(), Lines);
    }
};

QTEST_MAIN(TestTerminalScreen)
#include "tst_terminalscreen.moc"
