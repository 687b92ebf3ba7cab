// SPDX-License-Identifier: MIT
#include <QAbstractItemModelTester>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "models/runcommand.h"
#include "models/snippets.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Texts at hand in terminals, and the line that runs a file there.
class TestSnippets : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_work;

private Q_SLOTS:
    void areKeptInTheirOrder()
    {
        QSettings settings(m_work.filePath(u"kept.ini"_s), QSettings::IniFormat);
        {
            Snippets snippets(&settings);
            const QAbstractItemModelTester tester(
                &snippets, QAbstractItemModelTester::FailureReportingMode::Fatal);
            QVERIFY(snippets.add({.name = u"disk"_s, .text = u"df -h"_s}));
            QVERIFY(snippets.add({.name = {}, .text = u"one\ntwo"_s}));
            QVERIFY(snippets.add({.name = u"gone"_s, .text = u"x"_s}));
            QVERIFY(!snippets.add({.name = u"empty"_s, .text = u" \n"_s}));
            QVERIFY(!snippets.add({.name = {}, .text = QString(20'000, u'x')}));
            snippets.move(1, -1);
            snippets.move(0, -1);
            snippets.move(2, 1);
            snippets.remove(2);
            snippets.remove(7);
            QVERIFY(snippets.change(1, {.name = u"room"_s, .text = u"df -h /app"_s}));
            QVERIFY(!snippets.change(1, {}));
        }
        const Snippets again(&settings);
        QCOMPARE(again.rowCount(), 2);
        QCOMPARE(again.at(0), (Snippet{.name = {}, .text = u"one\ntwo"_s}));
        QCOMPARE(again.at(1), (Snippet{.name = u"room"_s, .text = u"df -h /app"_s}));
        QCOMPARE(again.index(0).data().toString(), u"one two"_s);
        QCOMPARE(again.at(5), Snippet{});
    }

    void areNotMoreThanThereIsRoomFor()
    {
        QSettings settings(m_work.filePath(u"many.ini"_s), QSettings::IniFormat);
        settings.beginWriteArray(u"snippets"_s, 1000);
        for (int i = 0; i < 1000; ++i) {
            settings.setArrayIndex(i);
            settings.setValue(u"name"_s, QString(500, u'n'));
            settings.setValue(u"text"_s, u"t"_s);
        }
        settings.endArray();
        Snippets snippets(&settings);
        QCOMPARE(snippets.rowCount(), int(Snippets::MostSnippets));
        QVERIFY(snippets.at(0).name.size() <= Snippets::LongestName);
        QVERIFY(!snippets.add({.name = {}, .text = u"x"_s}));
    }

    void filesAreRunByTheirType_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("executable");
        QTest::addColumn<QString>("line");
        QTest::newRow("python") << u"/app/a.py"_s << false << u"python3 './a.py'"_s;
        QTest::newRow("python that may run") << u"/app/a.py"_s << true << u"python3 './a.py'"_s;
        QTest::newRow("node") << u"/app/a.MJS"_s << false << u"node './a.MJS'"_s;
        QTest::newRow("shell") << u"/app/a.sh"_s << false << u"sh './a.sh'"_s;
        QTest::newRow("shell that may run") << u"/app/a.sh"_s << true << u"'./a.sh'"_s;
        QTest::newRow("program") << u"/app/tool"_s << true << u"'./tool'"_s;
        QTest::newRow("data") << u"/app/data.csv"_s << false << QString();
        QTest::newRow("quoted") << u"/app/it's -x; rm.py"_s << false
                                << u"python3 './it'\\''s -x; rm.py'"_s;
    }

    void filesAreRunByTheirType()
    {
        QFETCH(QString, path);
        QFETCH(bool, executable);
        QFETCH(QString, line);
        const QString found = runCommandFor(path, executable);
        // Plain words need no quotes.
        QCOMPARE(QString(found).remove(u'\''), QString(line).remove(u'\''));
        QCOMPARE(found.isEmpty(), line.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSnippets)
#include "tst_snippets.moc"
