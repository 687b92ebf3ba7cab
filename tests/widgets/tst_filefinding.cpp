// SPDX-License-Identifier: MIT
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSettings>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QtTest>

#include "models/places.h"
#include "panelundertest.h"
#include "searchpage.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Ways to a file of a real sandbox: searching below a folder, favourites, folders shown last.
class TestFileFinding : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    SearchPage *page() const { return m_panel->findChild<SearchPage *>(); }
    QListWidget *found() const { return page()->findChild<QListWidget *>(); }

    QStringList foundNames() const
    {
        QStringList names;
        for (int row = 0; row < found()->count(); ++row)
            names.append(found()->item(row)->text());
        return names;
    }

    void search(const QString &text)
    {
        QTest::keyClick(view(), Qt::Key_F, Qt::ControlModifier);
        auto *edit = m_panel->findChild<QLineEdit *>(u"filterEdit"_s);
        edit->clear();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }

    // The button's menu runs an event loop of its own.
    void choosePlace(const QString &text)
    {
        QTimer::singleShot(300, this, [this, text] {
            QMenu *menu = tool(u"placesButton"_s)->menu();
            for (QAction *action : menu->actions()) {
                if (action->text().remove(u'&') == text) {
                    menu->close();
                    return action->trigger();
                }
            }
            menu->close();
            QFAIL(qPrintable(u"no entry “%1”"_s.arg(text)));
        });
        tool(u"placesButton"_s)->showMenu();
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(
            openPanel(u"mkdir -p data/deep/more 'odd name'; touch data/report.csv "
                      "data/deep/more/Report2.csv 'odd name/report 3.csv' other.txt"_s));
    }

    void cleanup() { m_panel.reset(); }

    void searchLeadsToTheFile()
    {
        search(u"report"_s);
        QTRY_COMPARE(m_panel->findChild<QStackedWidget *>(u"stack"_s)->currentWidget(), page());
        QTRY_VERIFY2(foundNames().contains(u"data/report.csv"_s),
                     qPrintable(foundNames().join(u' ')));
        QVERIFY(foundNames().contains(u"odd name/report 3.csv"_s));
        QVERIFY(!foundNames().contains(u"other.txt"_s));
        found()->setCurrentRow(int(foundNames().indexOf(u"odd name/report 3.csv"_s)));
        QTest::keyClick(found(), Qt::Key_Return);
        QTRY_COMPARE(m_panel->folder(), u"/app/odd name"_s);
        QTRY_COMPARE(view()->currentIndex().data().toString(), u"report 3.csv"_s);
        QVERIFY(view()->isVisible());
    }

    void nothingFoundSaysSoAndEscapeLeadsBack()
    {
        search(u"no-such-thing"_s);
        auto *label = page()->findChild<QLabel *>();
        QTRY_VERIFY2(label->text().startsWith(u"No file below /app"_s), qPrintable(label->text()));
        QTest::keyClick(found(), Qt::Key_Escape);
        QTRY_VERIFY(view()->isVisible());
        QCOMPARE(m_panel->folder(), u"/app"_s);
        QCOMPARE(names().size(), 3);
    }

    void favouritesLeadToTheirFolder()
    {
        QSettings settings(m_folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
        Places places(&settings, u"here"_s);
        m_panel->setPlaces(&places);
        m_panel->openFolder(u"/app/data/deep"_s);
        QTRY_VERIFY(loaded());
        choosePlace(u"Add this folder to the favourites"_s);
        QTRY_COMPARE(places.favourites(), QStringList{u"/app/data/deep"_s});
        m_panel->openFolder(u"/app"_s);
        QTRY_VERIFY(loaded());
        QCOMPARE(places.recent(), (QStringList{u"/app"_s, u"/app/data/deep"_s}));
        choosePlace(u"/app/data/deep"_s);
        QTRY_COMPARE(m_panel->folder(), u"/app/data/deep"_s);
        choosePlace(u"Remove this folder from the favourites"_s);
        QTRY_COMPARE(places.favourites(), QStringList());
        m_panel.reset();  // before the places
    }
};

QTEST_MAIN(TestFileFinding)
#include "tst_filefinding.moc"
