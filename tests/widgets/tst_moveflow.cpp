// SPDX-License-Identifier: MIT
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QTreeWidget>
#include <QtTest>

#include "conflictdialog.h"
#include "panelundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Files that are moved and copied inside a real sandbox, by drag and by keys, to where their names
// are taken.
class TestMoveFlow : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    ConflictDialog *question() const
    {
        auto *dialog = m_panel->findChild<ConflictDialog *>();
        return dialog && dialog->isVisible() ? dialog : nullptr;
    }

    QAbstractButton *answerOf(const QString &text) const
    {
        for (QAbstractButton *button : question()->findChild<QDialogButtonBox *>()->buttons()) {
            if (button->text().remove(u'&') == text && button->isVisible())
                return button;
        }
        return nullptr;
    }

    bool answer(const QString &text)
    {
        if (!QTest::qWaitFor([this] { return question(); }) || !answerOf(text))
            return false;
        QTest::mouseClick(answerOf(text), Qt::LeftButton);
        return true;
    }

    void drop(const QStringList &paths, const QString &folder, Qt::KeyboardModifiers keys = {})
    {
        QModelIndexList indexes;
        for (const QString &path : paths)
            indexes.append(m_panel->model()->indexOf(path));
        const std::unique_ptr<QMimeData> data(m_panel->model()->mimeData(indexes));
        const QPoint point = view()->visualRect(row(folder)).center();
        const Qt::DropActions actions = Qt::CopyAction | Qt::MoveAction;
        QDragEnterEvent enter(point, actions, data.get(), Qt::LeftButton, keys);
        QCoreApplication::sendEvent(view()->viewport(), &enter);
        QDragMoveEvent move(point, actions, data.get(), Qt::LeftButton, keys);
        QCoreApplication::sendEvent(view()->viewport(), &move);
        QVERIFY(move.isAccepted());
        QDropEvent event(point, actions, data.get(), Qt::LeftButton, keys);
        QCoreApplication::sendEvent(view()->viewport(), &event);
    }

    // The text files of /app, and those of /app/data with what is in them.
    QString found()
    {
        return m_sandbox.run(
            u"cd /app; ls -p | grep -v /; cd data; "
            "for f in *.txt; do echo \"$f:$(cat \"$f\")\"; done"_s);
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(
            openPanel(u"mkdir -p data/sub sub other && echo new > a.txt && echo old > data/a.txt "
                      "&& echo other > b.txt && echo third > other/b.txt"_s));
    }

    void cleanup() { m_panel.reset(); }

    void aTakenNameIsAskedAbout_data()
    {
        QTest::addColumn<Qt::Key>("key");
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("result");
        const QString kept = u"a.txt\nb.txt\na.txt:old\n"_s;
        QTest::newRow("cut, overwrite") << Qt::Key_X << u"Overwrite"_s << u"b.txt\na.txt:new\n"_s;
        QTest::newRow("cut, keep both")
            << Qt::Key_X << u"Keep both"_s << u"b.txt\na (2).txt:new\na.txt:old\n"_s;
        QTest::newRow("cut, skip") << Qt::Key_X << u"Skip"_s << kept;
        QTest::newRow("cut, cancel") << Qt::Key_X << u"Cancel"_s << kept;
        QTest::newRow("copied, overwrite")
            << Qt::Key_C << u"Overwrite"_s << u"a.txt\nb.txt\na.txt:new\n"_s;
        QTest::newRow("copied, keep both")
            << Qt::Key_C << u"Keep both"_s << u"a.txt\nb.txt\na (2).txt:new\na.txt:old\n"_s;
    }

    void aTakenNameIsAskedAbout()
    {
        QFETCH(Qt::Key, key);
        QFETCH(QString, said);
        QFETCH(QString, result);
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), key, Qt::ControlModifier);
        m_panel->openFolder(u"/app/data"_s);
        QTRY_VERIFY(loaded());
        QSignalSpy finished(m_panel->model(), &FsModel::changesFinished);
        QTest::keyClick(view(), Qt::Key_V, Qt::ControlModifier);
        QTRY_VERIFY(question());
        // Both sides are known, though the folder that it was cut in is not shown any more.
        const auto *compared = question()->findChild<QTreeWidget *>();
        QCOMPARE(compared->topLevelItem(0)->text(1), compared->topLevelItem(0)->text(3));
        QVERIFY(compared->headerItem()->text(1).contains(u"/app"_s));
        if (const QString folder = qEnvironmentVariable("VOIDRUN_PICTURES"); !folder.isEmpty())
            question()->grab().save(folder % u"/move.png"_s);
        QVERIFY(answer(said));
        if (said == u"Overwrite"_s || said == u"Keep both"_s)
            QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(found(), result);
    }

    // Into a folder that was never opened: it is looked at first.
    void draggedOntoAFolderItAsksToo()
    {
        QSignalSpy finished(m_panel->model(), &FsModel::changesFinished);
        drop({u"/app/a.txt"_s}, u"data"_s);
        QVERIFY(answer(u"Keep both"_s));
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(found(), u"b.txt\na (2).txt:new\na.txt:old\n"_s);
    }

    void aFolderIsNeverReplaced()
    {
        QSignalSpy finished(m_panel->model(), &FsModel::changesFinished);
        drop({u"/app/sub"_s}, u"data"_s);
        QTRY_VERIFY(question());
        QVERIFY(!answerOf(u"Overwrite"_s));
        QVERIFY(answer(u"Keep both"_s));
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(m_sandbox.run(u"ls -d /app/data/sub* /app/sub 2>/dev/null; true"_s),
                 u"/app/data/sub\n/app/data/sub (2)\n"_s);
    }

    // Moved where nothing else is said, copied with Ctrl.
    void keysOfADragAreHeeded_data()
    {
        QTest::addColumn<Qt::KeyboardModifiers>("keys");
        QTest::addColumn<bool>("isCopy");
        QTest::newRow("none") << Qt::KeyboardModifiers() << false;
        QTest::newRow("Ctrl") << Qt::KeyboardModifiers(Qt::ControlModifier) << true;
        QTest::newRow("Shift") << Qt::KeyboardModifiers(Qt::ShiftModifier) << false;
    }

    void keysOfADragAreHeeded()
    {
        QFETCH(Qt::KeyboardModifiers, keys);
        QFETCH(bool, isCopy);
        QSignalSpy finished(m_panel->model(), &FsModel::changesFinished);
        drop({u"/app/b.txt"_s}, u"data"_s, keys);
        QTRY_COMPARE(finished.count(), 1);
        QVERIFY(!m_panel->findChild<ConflictDialog *>());
        QCOMPARE(found(), isCopy ? u"a.txt\nb.txt\na.txt:old\nb.txt:other\n"_s
                                 : u"a.txt\na.txt:old\nb.txt:other\n"_s);
    }

    // Two of one name from two folders never replace each other.
    void twoOfOneNameKeepBoth()
    {
        FsModel *model = m_panel->model();
        model->fetchMore(model->indexOf(u"/app/other"_s));
        QTRY_VERIFY(model->indexOf(u"/app/other/b.txt"_s).isValid());
        QSignalSpy finished(model, &FsModel::changesFinished);
        drop({u"/app/b.txt"_s, u"/app/other/b.txt"_s}, u"data"_s);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(found(), u"a.txt\na.txt:old\nb (2).txt:third\nb.txt:other\n"_s);
    }
};

QTEST_MAIN(TestMoveFlow)
#include "tst_moveflow.moc"
