// SPDX-License-Identifier: MIT
#include <QDialogButtonBox>
#include <QListWidget>
#include <QScrollBar>
#include <QtTest>

#include "panelundertest.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Deleting files of a real sandbox, taking it back, and the trash.
class TestDeleteFlow : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    std::function<void()> m_undo;  // what the button of the last notice does
    QString m_offered;

    QMessageBox *question() const
    {
        auto *box = m_panel->findChild<QMessageBox *>();
        return box && QTest::qWaitForWindowExposed(box) ? box : nullptr;
    }

    bool sayYes()
    {
        const QPointer<QMessageBox> box = question();
        if (!box)
            return false;
        QTest::mouseClick(buttonOf(box, QMessageBox::DestructiveRole), Qt::LeftButton);
        return QTest::qWaitFor([&] { return box.isNull(); });
    }

    // Everything below a folder, with the files' content.
    QString tree(const QString &folder)
    {
        return m_sandbox.run(
            u"cd %1 2>/dev/null && find . -type f -exec sha256sum {} + | sort"_s.arg(folder));
    }

    QStringList listed() const
    {
        QStringList names;
        const auto *list = question()->findChild<QListWidget *>(u"names"_s);
        for (int row = 0; list && row < list->count(); ++row)
            names.append(list->item(row)->text());
        return names;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(
            openPanel(u"rm -rf /.voidrun-trash; mkdir -p data/deep 'odd %'; echo one > a.txt; "
                      "echo two > data/deep/b; echo three > \"odd %/c'd\"; chmod 755 a.txt"_s));
        m_undo = {};
        connect(m_panel.get(), &FilePanel::offer, this,
                [this](const QString &sentence, const QString &action, const auto &run) {
                    QCOMPARE(action, u"Undo"_s);
                    m_offered = sentence;
                    m_undo = run;
                });
    }

    void cleanup() { m_panel.reset(); }

    void deletedFilesComeBackWhole_data()
    {
        QTest::addColumn<bool>("byKey");
        QTest::newRow("by the notice") << false;
        QTest::newRow("by the keyboard") << true;
    }

    void deletedFilesComeBackWhole()
    {
        QFETCH(bool, byKey);
        const QString before = tree(u"/app"_s);
        QTest::keyClick(view(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(question());
        QVERIFY(question()->informativeText().contains(u"trash"_s));
        QVERIFY(sayYes());
        QTRY_VERIFY(m_undo);
        QVERIFY2(m_offered.contains(u'3'), qPrintable(m_offered));
        QTRY_COMPARE(names().size(), 0);
        QCOMPARE(tree(u"/app"_s), QString());
        if (byKey)
            QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
        else
            m_undo();
        QTRY_COMPARE(names().size(), 3);
        QCOMPARE(tree(u"/app"_s), before);
        QCOMPARE(m_sandbox.run(u"stat -c %a /app/a.txt"_s), u"755\n"_s);
        m_undo();  // once is enough
        QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(tree(u"/app"_s), before);
    }

    // However many: nothing is deleted that was not to be read.
    void allNamesAreListed()
    {
        QCOMPARE(m_sandbox.run(u"cd /app && for i in $(seq 1 40); do touch n$i; done"_s),
                 QString());
        m_panel->refresh();
        QTRY_COMPARE(names().size(), 43);
        QTest::keyClick(view(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(question());
        QCOMPARE(listed(), names());
        auto *list = question()->findChild<QListWidget *>(u"names"_s);
        QVERIFY(list->isVisible() && list->verticalScrollBar()->maximum() > 0);
        QVERIFY(list->height() < 400 && list->focusPolicy() & Qt::TabFocus);
        const auto *buttons = question()->findChild<QDialogButtonBox *>();
        QVERIFY(buttons->geometry().top() >= list->geometry().bottom());
        if (const QString folder = qEnvironmentVariable("VOIDRUN_PICTURES"); !folder.isEmpty())
            question()->grab().save(folder % u"/delete.png"_s);
        list->setFocus();
        QTest::keyClick(list, Qt::Key_End);
        QTRY_COMPARE(list->verticalScrollBar()->value(), list->verticalScrollBar()->maximum());
        const QPointer<QMessageBox> box = question();
        QTest::keyClick(box, Qt::Key_Escape);
        QTRY_VERIFY(!box);
        QCOMPARE(names().size(), 43);
    }

    void whatIsThereAgainIsNotReplaced()
    {
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(sayYes());
        QTRY_VERIFY(m_undo);
        QCOMPARE(m_sandbox.run(u"echo new > /app/a.txt"_s), QString());
        QSignalSpy problems(m_panel.get(), &FilePanel::failure);
        m_undo();
        QTRY_COMPARE(problems.count(), 1);
        QCOMPARE(m_sandbox.run(u"cat /app/a.txt; cat /.voidrun-trash/*/app/a.txt"_s),
                 u"new\none\n"_s);
    }

    void forGoodLeavesNothing()
    {
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), Qt::Key_Delete, Qt::ShiftModifier);
        QVERIFY(question());
        QVERIFY(question()->informativeText().contains(u"cannot be undone"_s));
        QVERIFY(sayYes());
        QTRY_VERIFY(!names().contains(u"a.txt"_s));
        QVERIFY(!m_undo);
        QCOMPARE(m_sandbox.run(u"ls -A /.voidrun-trash 2>/dev/null | wc -l"_s), u"0\n"_s);
    }

    void fromTheTrashItIsPutBack()
    {
        click(row(u"data"_s));
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(sayYes());
        QTRY_VERIFY(m_undo);
        QVERIFY(!menuEntry(row(u"a.txt"_s), u"Put back"_s));
        const QString moment = m_sandbox.run(u"ls /.voidrun-trash"_s).trimmed();
        m_panel->openFolder(u"/.voidrun-trash/%1/app"_s.arg(moment));
        QTRY_COMPARE(names(), QStringList{u"data"_s});
        click(row(u"data"_s));
        QAction *putBack = menuEntry(row(u"data"_s), u"Put back"_s);
        QVERIFY(putBack);
        putBack->trigger();
        QTRY_COMPARE(names().size(), 0);
        QCOMPARE(m_sandbox.run(u"cat /app/data/deep/b"_s), u"two\n"_s);
    }

    void theTrashIsEmptied()
    {
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(sayYes());
        QTRY_VERIFY(m_undo);
        m_panel->openFolder(u"/.voidrun-trash"_s);
        QTRY_COMPARE(names().size(), 1);
        QAction *empty = menuEntry({}, u"Empty the trash"_s);
        QVERIFY(empty);
        empty->trigger();
        QTRY_VERIFY(question());
        QVERIFY(sayYes());
        QTRY_COMPARE(m_sandbox.run(u"test -e /.voidrun-trash || echo gone"_s), u"gone\n"_s);
        QVERIFY(!tree(u"/app"_s).contains(u"a.txt"_s));
        m_undo();  // there is nothing to bring back, and nothing breaks
        QVERIFY(!m_sandbox.run(u"ls /app"_s).contains(u"a.txt"_s));
    }

    void whatTheTrashCannotTakeIsAskedFor()
    {
        QCOMPARE(m_sandbox.run(u"touch /.voidrun-trash"_s), QString());  // a file of that name
        click(row(u"a.txt"_s));
        QTest::keyClick(view(), Qt::Key_Delete);
        QVERIFY(sayYes());
        QTRY_VERIFY(question());
        QVERIFY2(question()->text().contains(u"for good"_s), qPrintable(question()->text()));
        QCOMPARE(listed(), QStringList{u"a.txt"_s});
        QCOMPARE(m_sandbox.run(u"cat /app/a.txt"_s), u"one\n"_s);
        QVERIFY(sayYes());
        QTRY_VERIFY(!names().contains(u"a.txt"_s));
    }
};

QTEST_MAIN(TestDeleteFlow)
#include "tst_deleteflow.moc"
