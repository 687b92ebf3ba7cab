// SPDX-License-Identifier: MIT
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include "models/terminaloutput.h"
#include "models/terminalstore.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What is kept of the terminals between two runs.
class TestTerminalStore : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_work;
    QString m_folder;

    static SavedTerminal terminal(const QString &name, const QByteArray &output)
    {
        SavedTerminal saved;
        saved.connectionId = u"local"_s;
        saved.sandboxId = u"0123456789abcdef01234567"_s;
        saved.sandboxName = name;
        saved.sessionId = u"session-"_s % name;
        saved.title = u"vim"_s;
        saved.number = 2;
        saved.output = output;
        saved.ofSession = output.size();
        saved.outputNumber = 1;
        return saved;
    }

    static SavedTerminals threeInARow()
    {
        SavedTerminals saved;
        for (const auto *name : {"a", "b", "c"})
            saved.terminals.append(terminal(QString::fromLatin1(name), name));
        const auto tabs = [](const QList<int> &places) {
            TerminalLayout layout;
            layout.tabs = places;
            layout.current = int(places.size()) - 1;
            return layout;
        };
        saved.main.type = TerminalLayout::Type::Row;
        saved.main.sizes = {300, 200};
        saved.main.parts = {tabs({0, 1}), tabs({2})};
        saved.windows.append({.geometry = "geometry", .layout = tabs({})});
        return saved;
    }

    QStringList files() const { return QDir(m_folder).entryList(QDir::Files, QDir::Name); }

    static int modeOf(const QString &path)
    {
        struct stat status{};
        return ::stat(QFile::encodeName(path).constData(), &status) == 0
                   ? int(status.st_mode) & 07777
                   : -1;
    }

private Q_SLOTS:
    void init() { m_folder = m_work.filePath(QString::fromLatin1(QTest::currentTestFunction())); }

    void comesBackAsItWas()
    {
        SavedTerminals saved = threeInARow();
        {
            TerminalStore store(m_folder);
            store.save(&saved);
        }
        TerminalStore store(m_folder);
        const SavedTerminals back = store.load();
        QCOMPARE(back.terminals.size(), 3);
        QCOMPARE(back.terminals.at(1).sandboxName, u"b"_s);
        QCOMPARE(back.terminals.at(1).sessionId, u"session-b"_s);
        QCOMPARE(back.terminals.at(1).output, "b");
        QCOMPARE(back.terminals.at(1).ofSession, 1);
        QCOMPARE(back.terminals.at(1).number, 2);
        QCOMPARE(back.terminals.at(1).title, u"vim"_s);
        QCOMPARE(back.main.type, TerminalLayout::Type::Row);
        QCOMPARE(back.main.sizes, (QList<int>{300, 200}));
        QCOMPARE(back.main.parts.at(0).tabs, (QList<int>{0, 1}));
        QCOMPARE(back.main.parts.at(0).current, 1);
        QCOMPARE(back.windows.size(), 1);
        QCOMPARE(back.windows.at(0).geometry, "geometry");
    }

    void nobodyElseMayReadIt()
    {
        SavedTerminals saved = threeInARow();
        {
            TerminalStore store(m_folder);
            store.save(&saved);
        }
        QCOMPARE(modeOf(m_folder), 0700);
        int checked = 0;
        for (const QString &file : files()) {
            if (file == u"lock"_s)
                continue;
            QCOMPARE(modeOf(m_folder % u'/' % file), 0600);
            ++checked;
        }
        QCOMPARE(checked, 4);
    }

    void closedTerminalsAreSwept()
    {
        SavedTerminals saved = threeInARow();
        {
            TerminalStore store(m_folder);
            store.save(&saved);
            saved.terminals.removeFirst();
            store.save(&saved);
        }
        QCOMPARE(files().filter(u".screen"_s).size(), 2);
        // And what a killed application left half written.
        QVERIFY(test::writeFile(m_folder % u"/zzz.screen"_s, "x"));
        QVERIFY(test::writeFile(m_folder % u"/zzz.screen.AbCdEf"_s, "x"));
        TerminalStore store(m_folder);
        QCOMPARE(store.load().terminals.size(), 2);
        QCOMPARE(files().filter(u".screen"_s).size(), 2);
    }

    void onlyWhatChangedIsWritten()
    {
        SavedTerminals saved = threeInARow();
        TerminalStore store(m_folder);
        {
            TerminalStore first(m_folder);
            first.save(&saved);
        }
        store.save(&saved);
        saved.terminals[0].output = "changed, but says that it is not";
        saved.terminals[1].output = "changed";
        ++saved.terminals[1].outputNumber;
        store.save(&saved);
        const auto content = [&](int place) {
            return test::readFile(m_folder % u'/' % saved.terminals.at(place).key % u".screen"_s);
        };
        QTRY_COMPARE(content(1), "changed");
        QCOMPARE(content(0), "a");
    }

    void aSecondApplicationKeepsNothing()
    {
        SavedTerminals saved = threeInARow();
        TerminalStore first(m_folder);
        first.save(&saved);
        TerminalStore second(m_folder);
        QVERIFY(second.load().terminals.isEmpty());
        SavedTerminals none;
        second.save(&none);
        QTRY_COMPARE(files().filter(u".screen"_s).size(), 3);
    }

    void brokenFilesAreNoHarm_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello\n");
        QTest::newRow("large") << QByteArray(5 << 20, 'x');
    }

    void brokenFilesAreNoHarm()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(test::writeFile(m_folder % u"/terminals"_s, bytes));
        TerminalStore store(m_folder);
        QVERIFY(store.load().terminals.isEmpty());
    }

    void everyCutIsNoHarm()
    {
        SavedTerminals saved = threeInARow();
        {
            TerminalStore store(m_folder);
            store.save(&saved);
        }
        const QByteArray whole = test::readFile(m_folder % u"/terminals"_s);
        QVERIFY(whole.size() > 100);
        for (qsizetype size = 0; size < whole.size(); size += 7) {
            QVERIFY(test::writeFile(m_folder % u"/terminals"_s, whole.first(size)));
            TerminalStore store(m_folder);
            QVERIFY(store.load().terminals.isEmpty());
        }
    }

    void noKeyLeadsOutOfTheFolder()
    {
        SavedTerminals saved = threeInARow();
        saved.terminals[0].key = u"../../outside"_s;
        {
            TerminalStore store(m_folder);
            store.save(&saved);
        }
        TerminalStore store(m_folder);
        QVERIFY(store.load().terminals.isEmpty());
    }

    void whatIsKeptOfOutputIsBounded()
    {
        TerminalOutput output;
        for (int i = 0; i < 3000; ++i)
            output.pass(QByteArray(1000, 'x') + "\n");
        QVERIFY(output.kept().size() <= TerminalOutput::MaxKept);
        QVERIFY(output.kept().size() > TerminalOutput::MaxKept / 2);
        QVERIFY(output.keptOfSession() >= output.kept().size());
        QVERIFY(output.kept().startsWith('x'));
        QVERIFY(output.kept().endsWith('\n'));
    }
};

QTEST_GUILESS_MAIN(TestTerminalStore)
#include "tst_terminalstore.moc"
