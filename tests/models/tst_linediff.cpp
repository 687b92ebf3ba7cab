// SPDX-License-Identifier: MIT
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include "models/linediff.h"

using namespace Qt::StringLiterals;
using namespace voidrun;
using Kind = DiffLine::Kind;

namespace
{

// "-two +2": what was removed and added.
QString changesOf(const QList<DiffLine> &lines)
{
    QStringList changes;
    for (const DiffLine &line : lines) {
        if (line.kind == Kind::Removed || line.kind == Kind::Added)
            changes.append((line.kind == Kind::Added ? u'+' : u'-') + line.text);
    }
    return changes.join(u' ');
}

// The other text, made of one and the difference.
QString applied(const QString &before, const QList<DiffLine> &lines)
{
    if (lines.isEmpty())
        return before;
    const QStringList old = before.split(u'\n');
    QStringList result;
    for (const DiffLine &line : lines) {
        if (line.kind == Kind::Gap)
            result += old.mid(line.oldLine - 1, line.count);
        else if (line.kind != Kind::Removed)
            result.append(line.text);
    }
    return result.join(u'\n');
}

}  // namespace

class TestLineDiff : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changes_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("changes");
        QTest::newRow("same") << u"a\nb"_s << u"a\nb"_s << QString();
        QTest::newRow("changed") << u"a\nb\nc"_s << u"a\nB\nc"_s << u"-b +B"_s;
        QTest::newRow("added") << u"a\nc"_s << u"a\nb\nc"_s << u"+b"_s;
        QTest::newRow("added at the ends") << u"b"_s << u"a\nb\nc"_s << u"+a +c"_s;
        QTest::newRow("removed") << u"a\nb\nc"_s << u"a\nc"_s << u"-b"_s;
        QTest::newRow("all") << u"a"_s << u"b"_s << u"-a +b"_s;
        QTest::newRow("from nothing") << QString() << u"a"_s << u"- +a"_s;
        QTest::newRow("moved") << u"a\nb\nc\nd"_s << u"b\nc\nd\na"_s << u"-a +a"_s;
        QTest::newRow("repeated") << u"x\nx\nx"_s << u"x\nx"_s << u"-x"_s;
        QTest::newRow("two places") << u"1\n2\n3\n4\n5"_s << u"1\nA\n3\n4\nB"_s << u"-2 +A -5 +B"_s;
    }

    void changes()
    {
        QFETCH(const QString, before);
        QFETCH(const QString, after);
        const QList<DiffLine> lines = lineDiff(before, after);
        QTEST(changesOf(lines), "changes");
        QCOMPARE(applied(before, lines), after);
    }

    void farLinesAreLeftOut()
    {
        QStringList before;
        for (int i = 1; i <= 100; ++i)
            before.append(QString::number(i));
        QStringList after = before;
        after[49] = u"fifty"_s;
        const QList<DiffLine> lines = lineDiff(before.join(u'\n'), after.join(u'\n'));
        QCOMPARE(lines.size(), 1 + 3 + 2 + 3 + 1);
        QCOMPARE(lines.first().kind, Kind::Gap);
        QCOMPARE(lines.first().count, 46);
        QCOMPARE(lines[1].text, u"47"_s);
        QCOMPARE(lines[4].oldLine, 50);
        QCOMPARE(lines[5].newLine, 50);
        QCOMPARE(lines.last().count, 47);
        QCOMPARE(lines.last().oldLine, 54);
    }

    // The one text and the difference make the other, whatever they are, and it is a shortest one.
    void anyTwoTexts()
    {
        QRandomGenerator random(7);
        const auto text = [&random] {
            QStringList lines;
            const int count = random.bounded(30);
            for (int i = 0; i < count; ++i)
                lines.append(QString(QChar(u'a' + random.bounded(5))));
            return lines.join(u'\n');
        };
        for (int round = 0; round < 3000; ++round) {
            const QString before = text();
            const QString after = text();
            const QList<DiffLine> lines = lineDiff(before, after);
            QCOMPARE(applied(before, lines), after);
            const QStringList a = before.split(u'\n');
            const QStringList b = after.split(u'\n');
            QList<QList<int>> common(a.size() + 1, QList<int>(b.size() + 1, 0));
            for (qsizetype i = 0; i < a.size(); ++i) {
                for (qsizetype j = 0; j < b.size(); ++j)
                    common[i + 1][j + 1] =
                        a[i] == b[j] ? common[i][j] + 1 : qMax(common[i][j + 1], common[i + 1][j]);
            }
            const qsizetype shortest = a.size() + b.size() - 2 * common[a.size()][b.size()];
            const QString changes = changesOf(lines);
            QCOMPARE(changes.count(u'+') + changes.count(u'-'), shortest);
        }
    }

    void quiteDifferentTextsTakeNoTime()
    {
        QStringList before;
        QStringList after;
        for (int i = 0; i < 100'000; ++i) {
            before.append(u"old %1"_s.arg(i));
            after.append(u"new %1"_s.arg(i));
        }
        QElapsedTimer clock;
        clock.start();
        const QList<DiffLine> lines = lineDiff(before.join(u'\n'), after.join(u'\n'));
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(lines.size(), 200'000);
        QCOMPARE(applied(before.join(u'\n'), lines), after.join(u'\n'));
    }
};

QTEST_GUILESS_MAIN(TestLineDiff)

#include "tst_linediff.moc"
