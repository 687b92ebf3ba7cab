// SPDX-License-Identifier: MIT
#include <QtTest>

#include "models/runnable.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Which files can be run, and how.
class TestRunnable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lines_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("line");
        QTest::newRow("python") << u"/app/a b.py"_s << u"python3 './a b.py'"_s;
        QTest::newRow("javascript") << u"/app/x/a.js"_s << u"node ./a.js"_s;
        QTest::newRow("module") << u"/app/a.mjs"_s << u"node ./a.mjs"_s;
        QTest::newRow("typescript") << u"/app/a.TS"_s << u"tsx ./a.TS"_s;
        QTest::newRow("shell") << u"/app/-n.sh"_s << u"bash ./-n.sh"_s;
        QTest::newRow("quote") << u"/app/it's.sh"_s << u"bash './it'\\''s.sh'"_s;
    }

    void lines()
    {
        QFETCH(QString, path);
        QVERIFY(runnable::isRunnable(path));
        const RunRequest request = runnable::requestFor(path);
        QTEST(request.text, "line");
        QCOMPARE(request.folder + u'/' + path.section(u'/', -1), path);
        QCOMPARE(problemOf(request), RunProblem::None);
    }

    void otherFilesAreNot()
    {
        for (const QString &name : {u"a.txt"_s, u"py"_s, u"a"_s, u"a.py.txt"_s, QString()})
            QVERIFY2(!runnable::isRunnable(name), qPrintable(name));
    }

    void entries_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("entry");
        QTest::newRow("only one") << QStringList{u"data.csv"_s, u"tool.py"_s} << u"tool.py"_s;
        QTest::newRow("main") << QStringList{u"main.py"_s, u"tool.py"_s} << u"main.py"_s;
        QTest::newRow("index") << QStringList{u"a.js"_s, u"index.js"_s} << u"index.js"_s;
        QTest::newRow("folder") << QStringList{u"a.py"_s, u"report.py"_s} << u"report.py"_s;
        QTest::newRow("two mains") << QStringList{u"main.py"_s, u"main.sh"_s} << QString();
        QTest::newRow("unclear") << QStringList{u"a.py"_s, u"b.py"_s} << QString();
        QTest::newRow("none") << QStringList{u"a.txt"_s} << QString();
    }

    void entries()
    {
        QFETCH(QStringList, names);
        QTEST(runnable::entryOf(names, u"report"_s), "entry");
    }
};

QTEST_APPLESS_MAIN(TestRunnable)
#include "tst_runnable.moc"
