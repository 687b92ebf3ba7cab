// SPDX-License-Identifier: MIT
#include <QRandomGenerator>
#include <QTest>

#include "models/textfile.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using LineEnd = TextFile::LineEnd;

// What was read comes back byte for byte, or is refused.
class TestTextFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBack_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("encoding");
        QTest::addColumn<LineEnd>("lineEnd");
        const auto row = [](const char *name, const QByteArray &bytes, const QString &text,
                            const QString &encoding, LineEnd lineEnd) {
            QTest::newRow(name) << bytes << text << encoding << lineEnd;
        };
        row("empty", "", u""_s, u"UTF-8"_s, LineEnd::Lf);
        row("plain", "a\nb", u"a\nb"_s, u"UTF-8"_s, LineEnd::Lf);
        row("last line ends", "a\nb\n", u"a\nb\n"_s, u"UTF-8"_s, LineEnd::Lf);
        row("Windows", "a\r\nb\r\n", u"a\nb\n"_s, u"UTF-8"_s, LineEnd::CrLf);
        row("Macintosh", "a\rb\r", u"a\nb\n"_s, u"UTF-8"_s, LineEnd::Cr);
        row("mixed", "a\r\nb\nc\rd", u"a␍\nb\nc␍d"_s, u"UTF-8"_s, LineEnd::Mixed);
        row("UTF-8", "\xc3\xa4\xf0\x9f\x98\x80", u"ä😀"_s, u"UTF-8"_s, LineEnd::Lf);
        row("UTF-8 with its mark", "\xef\xbb\xbfx\r\n", u"x\n"_s, u"UTF-8 BOM"_s, LineEnd::CrLf);
        row("UTF-16", QByteArray("\xff\xfe\x61\0\x0d\0\x0a\0", 8), u"a\n"_s, u"UTF-16"_s,
            LineEnd::CrLf);
        row("UTF-16, big end first", QByteArray("\xfe\xff\0\x61", 4), u"a"_s, u"UTF-16"_s,
            LineEnd::Lf);
        row("half a pair", QByteArray("\xff\xfe\x00\xd8", 4), QString(QChar(0xd800)), u"UTF-16"_s,
            LineEnd::Lf);
        row("ISO 8859-1", "caf\xe9 \x80", u"café \u0080"_s, u"ISO 8859-1"_s, LineEnd::Lf);
        row("space that does not break", "a\xc2\xa0z", u"a\u00a0z"_s, u"UTF-8"_s, LineEnd::Lf);
        row("form feed, escape", "a\f\x1b[0m", u"a\f\u001b[0m"_s, u"UTF-8"_s, LineEnd::Lf);
    }

    void comesBack()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, text);
        const std::optional<TextFile> file = TextFile::fromBytes(bytes);
        QVERIFY(file);
        QCOMPARE(file->text(), text);
        QTEST(file->encodingName(), "encoding");
        QTEST(file->lineEnd(), "lineEnd");
        QCOMPARE(file->bytesOf(file->text()), bytes);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
        QTest::newRow("half a UTF-16 character") << QByteArray("\xff\xfe\x61", 3);
        QTest::newRow("paragraph separator") << QByteArray("a\xe2\x80\xa9z");
        QTest::newRow("line separator") << QByteArray("a\xe2\x80\xa8z");
        QTest::newRow("mixed, and our own sign") << QByteArray("a\r\nb\n\xe2\x90\x8d");
        QTest::newRow("ELF") << QByteArray(
            "\x7f"
            "ELF\x02\x01\x01\0\0",
            9);
    }

    void refused()
    {
        QFETCH(const QByteArray, bytes);
        QVERIFY(!TextFile::fromBytes(bytes));
    }

    void anotherTextKeepsTheKind()
    {
        const auto windows = TextFile::fromBytes("\xef\xbb\xbfold\r\n");
        QCOMPARE(windows->bytesOf(u"ä\nb"_s), QByteArray("\xef\xbb\xbf\xc3\xa4\r\nb"));
        const auto latin = TextFile::fromBytes("caf\xe9");
        QCOMPARE(latin->bytesOf(u"é"_s), QByteArray("\xe9"));
        QVERIFY(!latin->bytesOf(u"€"_s));
    }

    // Whatever the bytes are.
    void anythingComesBackOrIsRefused()
    {
        QRandomGenerator random(20260726);
        int kept = 0;
        for (int round = 0; round < 20'000; ++round) {
            QByteArray bytes;
            const int size = random.bounded(12);
            static constexpr char Likely[] = "ab\r\n\r\n\xc3\xa4\xe2\x80\xa9\xff\xfe\xef\xbb\xbf";
            for (int i = 0; i < size; ++i)
                bytes.append(random.bounded(3) == 0 ? char(random.bounded(256))
                                                    : Likely[random.bounded(int(sizeof(Likely)))]);
            const std::optional<TextFile> file = TextFile::fromBytes(bytes);
            kept += file ? 1 : 0;
            if (file)
                QCOMPARE(file->bytesOf(file->text()), bytes);
        }
        QVERIFY2(kept > 5000, qPrintable(QString::number(kept)));
    }
};

QTEST_GUILESS_MAIN(TestTextFile)

#include "tst_textfile.moc"
