// SPDX-License-Identifier: MIT
#include <QLabel>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

#include "panelundertest.h"
#include "previewdialog.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// A look at files of a real sandbox with the space bar.
class TestPreview : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    PreviewDialog *preview() const { return m_panel->findChild<PreviewDialog *>(); }
    QStackedWidget *stack() const { return preview()->findChild<QStackedWidget *>(u"stack"_s); }
    QString page() const { return stack()->currentWidget()->objectName(); }
    template<class T>
    T *part(const QString &name) const
    {
        return preview()->findChild<T *>(name);
    }

    void open(const QString &name)
    {
        click(row(name));
        QTest::keyClick(view(), Qt::Key_Space);
        QVERIFY(preview());
        QTRY_VERIFY(part<QLabel>(u"messageLabel"_s)->text() != u"Opening…"_s ||
                    page() != u"messagePage"_s);
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(openPanel(
            u"mkdir folder && printf 'def f():\\n    return 1\\n' > a.py && "
            "printf 'name,size\\nx,1\\ny,2\\n' > b.csv && printf '{\"a\": [1, 2]}' > c.json && "
            "seq 1000000 > large.txt && truncate -s 10G huge.bin && tar czf t.tar.gz a.py b.csv && "
            "touch empty && printf 'not json' > broken.json"_s));
    }

    void cleanup() { m_panel.reset(); }

    void textAndSpaceAgain()
    {
        open(u"a.py"_s);
        QTRY_COMPARE(page(), u"sourceView"_s);
        QCOMPARE(part<QPlainTextEdit>(u"sourceView"_s)->toPlainText(),
                 u"def f():\n    return 1\n"_s);
        QPointer<PreviewDialog> dialog = preview();
        QTest::keyClick(view(), Qt::Key_Space);
        QTRY_VERIFY(!dialog);
    }

    void followsTheSelection()
    {
        open(u"a.py"_s);
        QTRY_COMPARE(page(), u"sourceView"_s);
        QTest::keyClick(view(), Qt::Key_Down);
        QTRY_COMPARE(page(), u"tableView"_s);
        const QAbstractItemModel *table = part<QTableView>(u"tableView"_s)->model();
        QCOMPARE(table->rowCount(), 2);
        QCOMPARE(table->index(1, 1).data().toString(), u"2"_s);
        QTest::mouseClick(part<QPushButton>(u"textButton"_s), Qt::LeftButton);
        QCOMPARE(page(), u"sourceView"_s);
        QCOMPARE(part<QPlainTextEdit>(u"sourceView"_s)->toPlainText(), u"name,size\nx,1\ny,2\n"_s);
    }

    void jsonIsATree()
    {
        open(u"c.json"_s);
        QTRY_COMPARE(page(), u"treeView"_s);
        const QAbstractItemModel *tree = part<QTreeView>(u"treeView"_s)->model();
        QCOMPARE(tree->index(0, 0).data().toString(), u"a"_s);
    }

    void brokenJsonIsText()
    {
        open(u"broken.json"_s);
        QTRY_COMPARE(page(), u"sourceView"_s);
    }

    void largeTextShowsItsBeginningAndItsEnd()
    {
        open(u"large.txt"_s);
        QTRY_COMPARE(page(), u"sourceView"_s);
        auto *text = part<QPlainTextEdit>(u"sourceView"_s);
        QVERIFY(text->toPlainText().startsWith(u"1\n2\n3\n"_s));
        QVERIFY(part<QLabel>(u"infoLabel"_s)->text().startsWith(u"The first "_s));
        QTest::mouseClick(part<QPushButton>(u"endButton"_s), Qt::LeftButton);
        QTRY_VERIFY(text->toPlainText().endsWith(u"999999\n1000000\n"_s));
        QTest::mouseClick(part<QPushButton>(u"endButton"_s), Qt::LeftButton);
        QTRY_VERIFY(text->toPlainText().startsWith(u"1\n2\n3\n"_s));
    }

    void hugeFileIsNotFetched()
    {
        open(u"huge.bin"_s);
        QTRY_VERIFY2(part<QLabel>(u"messageLabel"_s)->text().contains(u"is not a text"_s),
                     qPrintable(part<QLabel>(u"messageLabel"_s)->text()));
    }

    void archiveIsAList()
    {
        open(u"t.tar.gz"_s);
        QTRY_COMPARE(page(), u"treeView"_s);
        const QAbstractItemModel *list = part<QTreeView>(u"treeView"_s)->model();
        QCOMPARE(list->rowCount(), 2);
        QCOMPARE(list->index(0, 0).data().toString(), u"a.py"_s);
    }

    void emptyAndGone()
    {
        open(u"empty"_s);
        QTRY_VERIFY(part<QLabel>(u"messageLabel"_s)->text().contains(u"is empty"_s));
        QCOMPARE(m_sandbox.run(u"rm /app/a.py"_s), QString());
        click(row(u"a.py"_s));
        QTRY_VERIFY(part<QLabel>(u"messageLabel"_s)->text().contains(u"could not be read"_s));
    }
};

QTEST_MAIN(TestPreview)
#include "tst_preview.moc"
