// SPDX-License-Identifier: MIT
#include <QtTest>

#include "terminalsearch.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Where found text stands on the screen.
class TestTerminalSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("needle");
        QTest::addColumn<QList<TerminalMatch>>("matches");
        const auto row = [](const char *name, const QString &text, const QString &needle,
                            const QList<TerminalMatch> &matches) {
            QTest::newRow(name) << text << needle << matches;
        };
        const auto one = [](int line, int column, int cells) {
            return TerminalMatch{{line, column, cells}};
        };
        row("none", u"abc"_s, u"x"_s, {});
        row("nothing to find", u"abc"_s, u""_s, {});
        row("two in a line", u"ab ab"_s, u"ab"_s, {one(0, 0, 2), one(0, 3, 2)});
        row("not one over the other", u"aaaa"_s, u"aa"_s, {one(0, 0, 2), one(0, 2, 2)});
        row("lines", u"x\n\nax\n"_s, u"x"_s, {one(0, 0, 1), one(2, 1, 1)});
        row("another case", u"Ab"_s, u"aB"_s, {one(0, 0, 2)});
        // Ten columns: a joined line stands in two.
        row("after a broken line", u"0123456789abc\nabc"_s, u"abc"_s, {one(1, 0, 3), one(2, 0, 3)});
        row("over the edge", u"0123456789abc"_s, u"89ab"_s, {{{0, 8, 2}, {1, 0, 2}}});
        row("full line", u"0123456789\nab"_s, u"ab"_s, {one(1, 0, 2)});
        row("wide", u"漢字x"_s, u"x"_s, {one(0, 4, 1)});
        row("wide ones themselves", u"a漢字"_s, u"漢字"_s, {one(0, 1, 4)});
        row("wide does not fit", u"012345678漢x"_s, u"漢x"_s, {one(1, 0, 3)});
        row("combining", u"e\u0301x"_s, u"x"_s, {one(0, 1, 1)});
        row("beyond 16 bits", u"\U0001F680x"_s, u"x"_s, {one(0, 2, 1)});
    }

    void finds()
    {
        QFETCH(QString, text);
        QFETCH(QString, needle);
        QFETCH(QList<TerminalMatch>, matches);
        QCOMPARE(findInTerminal(text, needle, 10, Qt::CaseInsensitive), matches);
    }

    void caseMayCount()
    {
        QCOMPARE(findInTerminal(u"Ab ab"_s, u"ab"_s, 10, Qt::CaseSensitive).size(), 1);
    }

    void thereIsABound()
    {
        QCOMPARE(findInTerminal(u"x"_s.repeated(1000), u"x"_s, 80, Qt::CaseSensitive, 10).size(),
                 10);
    }
};

QTEST_GUILESS_MAIN(TestTerminalSearch)
#include "tst_terminalsearch.moc"
