// SPDX-License-Identifier: MIT
#include <QCheckBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QtTest>

#include "panelundertest.h"
#include "propertiesdialog.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// What the menu of a file offers beside copying and renaming, in a real sandbox.
class TestFileActions : public QObject, private test::PanelUnderTest
{
    Q_OBJECT

private:
    PropertiesDialog *openProperties()
    {
        QTest::keyClick(view(), Qt::Key_Return, Qt::AltModifier);
        auto *dialog = m_panel->findChild<PropertiesDialog *>();
        return dialog && QTest::qWaitForWindowExposed(dialog) ? dialog : nullptr;
    }

    // On its mark: beside it and its text a click means nothing.
    static void clickBox(QCheckBox *box)
    {
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    }

    static QCheckBox *box(PropertiesDialog *dialog, const QString &name)
    {
        for (auto *box : dialog->findChildren<QCheckBox *>()) {
            if (box->accessibleName() == name)
                return box;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(startSandbox(), qPrintable(m_sandbox.problem())); }

    void init()
    {
        QVERIFY(
            openPanel(u"mkdir -p data/deep && echo hello > a.txt && chmod 640 a.txt && "
                      "echo x > \"odd 'name.txt\" && head -c 300000 /dev/zero > data/deep/z"_s));
    }

    void cleanup() { m_panel.reset(); }

    void permissionsByCheckbox()
    {
        click(row(u"a.txt"_s));
        PropertiesDialog *dialog = openProperties();
        QVERIFY(dialog);
        auto *octal = dialog->findChild<QLineEdit *>(u"octalEdit"_s);
        auto *apply = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Apply);
        QCOMPARE(octal->text(), u"640"_s);
        QVERIFY(!apply->isEnabled());
        QTRY_VERIFY(!dialog->findChild<QLabel *>(u"modifiedLabel"_s)->text().isEmpty());
        clickBox(box(dialog, u"Owner: Run"_s));
        clickBox(box(dialog, u"Group: Read"_s));
        QCOMPARE(octal->text(), u"700"_s);
        QTest::mouseClick(apply, Qt::LeftButton);
        QTRY_COMPARE(m_sandbox.run(u"stat -c %a /app/a.txt"_s), u"700\n"_s);
        QVERIFY(!apply->isEnabled());
        dialog->close();
    }

    void permissionsByNumber()
    {
        click(row(u"a.txt"_s));
        PropertiesDialog *dialog = openProperties();
        QVERIFY(dialog);
        auto *octal = dialog->findChild<QLineEdit *>(u"octalEdit"_s);
        auto *apply = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Apply);
        octal->selectAll();
        QTest::keyClicks(octal, u"48x"_s);  // neither 8 nor x is an octal digit
        QCOMPARE(octal->text(), u"4"_s);
        QVERIFY(!apply->isEnabled());
        QTest::keyClicks(octal, u"755"_s);
        QVERIFY(box(dialog, u"Others: Run"_s)->isChecked());
        QTest::mouseClick(apply, Qt::LeftButton);
        QTRY_COMPARE(m_sandbox.run(u"stat -c %a /app/a.txt"_s), u"4755\n"_s);
        dialog->close();
    }

    void folderIsMeasured()
    {
        click(row(u"data"_s));
        PropertiesDialog *dialog = openProperties();
        QVERIFY(dialog);
        auto *size = dialog->findChild<QLabel *>(u"sizeLabel"_s);
        QTRY_VERIFY2(size->text().contains(u"29"_s) || size->text().contains(u"30"_s),
                     qPrintable(size->text()));
        dialog->close();
    }

    void fileThatWentSaysSo()
    {
        click(row(u"a.txt"_s));
        QCOMPARE(m_sandbox.run(u"rm /app/a.txt"_s), QString());
        PropertiesDialog *dialog = openProperties();
        QVERIFY(dialog);
        auto *problem = dialog->findChild<QLabel *>(u"problemLabel"_s);
        QTRY_VERIFY2(problem->isVisible() && problem->text().contains(u"not there"_s),
                     qPrintable(problem->text()));
        dialog->close();
    }

    void compressAndExtract_data()
    {
        QTest::addColumn<QString>("format");
        for (const char *format : {"zip", "tar", "tar.gz", "tar.bz2"})
            QTest::newRow(format) << QString::fromLatin1(format);
    }

    void compressAndExtract()
    {
        QFETCH(QString, format);
        const QString archive = u"data."_s + format;
        click(row(u"data"_s));
        QAction *compress = menuEntry(row(u"data"_s), format);
        QVERIFY(compress);
        compress->trigger();
        QTRY_VERIFY(names().contains(archive));
        QTRY_COMPARE(view()->currentIndex().data().toString(), archive);
        // Beside the folder of that name, not over it.
        click(row(archive));
        QAction *extract = menuEntry(row(archive), u"Extract here"_s);
        QVERIFY(extract);
        extract->trigger();
        QTRY_VERIFY(names().contains(u"data (2)"_s));
        QTRY_COMPARE(
            m_sandbox.run(u"cmp '/app/data (2)/data/deep/z' /app/data/deep/z && echo same"_s),
            u"same\n"_s);
    }

    void anArchiveThatExistsIsNotReplaced()
    {
        QCOMPARE(m_sandbox.run(u"echo mine > /app/data.zip"_s), QString());
        QSignalSpy problems(m_panel.get(), &FilePanel::failure);
        click(row(u"data"_s));
        QAction *compress = menuEntry(row(u"data"_s), u"zip"_s);
        QVERIFY(compress);
        compress->trigger();
        QTRY_COMPARE(problems.count(), 1);
        QVERIFY(problems.first().first().toString().contains(u"exists already"_s));
        QCOMPARE(m_sandbox.run(u"cat /app/data.zip"_s), u"mine\n"_s);
    }

    void extractToAnotherFolder()
    {
        QCOMPARE(m_sandbox.run(u"cd /app && tar cf 'odd it.tar' a.txt"_s), QString());
        m_panel->refresh();
        QTRY_VERIFY(names().contains(u"odd it.tar"_s));
        click(row(u"odd it.tar"_s));
        QAction *extract = menuEntry(row(u"odd it.tar"_s), u"Extract to"_s);
        QVERIFY(extract);
        extract->trigger();
        auto *dialog = m_panel->findChild<QInputDialog *>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        auto *edit = dialog->findChild<QLineEdit *>();
        QCOMPARE(edit->text(), u"/app/odd it"_s);
        edit->clear();
        QTest::keyClicks(edit, u"data/new/place"_s);  // from the folder that is shown
        QTest::keyClick(edit, Qt::Key_Return);
        QTRY_COMPARE(m_sandbox.run(u"cat /app/data/new/place/a.txt"_s), u"hello\n"_s);
    }

    void onlyArchivesAreExtracted()
    {
        for (const QString &name : {u"a.txt"_s, u"data"_s}) {
            click(row(name));
            QVERIFY(!menuEntry(row(name), u"Extract here"_s));
            QVERIFY(menuEntry(row(name), u"zip"_s));
        }
    }
};

QTEST_MAIN(TestFileActions)
#include "tst_fileactions.moc"
