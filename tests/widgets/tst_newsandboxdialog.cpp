// SPDX-License-Identifier: MIT
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QtTest>

#include "newsandboxdialog.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

class TestNewSandboxDialog : public QObject
{
    Q_OBJECT

private:
    static QPushButton *createButton(const QDialog &dialog)
    {
        return dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
    }

private Q_SLOTS:
    void suggestionCanBeTakenAtOnce()
    {
        NewSandboxDialog dialog({u"taken"_s});
        QSignalSpy accepted(&dialog, &NewSandboxDialog::specAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QTest::mouseClick(createButton(dialog), Qt::LeftButton);
        QCOMPARE(accepted.count(), 1);
        const auto spec = accepted.first().first().value<SandboxSpec>();
        QVERIFY(!spec.name.isEmpty());
        QCOMPARE(spec.image, u"code"_s);
        QCOMPARE(spec.cpu, 1);
        QCOMPARE(spec.mem, 1024);
        // It stays until the sandbox is made, and what is refused can be changed.
        QVERIFY(dialog.isVisible());
        QVERIFY(!createButton(dialog)->isEnabled());
        dialog.showProblem(u"No room."_s);
        QVERIFY(createButton(dialog)->isEnabled());
        QTest::mouseClick(createButton(dialog), Qt::LeftButton);
        QCOMPARE(accepted.count(), 2);
    }

    void everyFieldArrives()
    {
        NewSandboxDialog dialog({});
        QSignalSpy accepted(&dialog, &NewSandboxDialog::specAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        auto *name = dialog.findChild<QLineEdit *>(u"nameEdit"_s);
        QTest::keyClicks(name, u"my-box.v2"_s);  // replaces the selected suggestion
        dialog.findChild<QSpinBox *>(u"cpuBox"_s)->setValue(3);
        dialog.findChild<QSpinBox *>(u"memBox"_s)->setValue(4096);
        QTest::mouseClick(dialog.findChild<QToolButton *>(u"moreButton"_s), Qt::LeftButton);
        auto *environment = dialog.findChild<QPlainTextEdit *>(u"environmentEdit"_s);
        QTRY_VERIFY(environment->isVisible());
        for (const QString &line : {u"A=1"_s, u"EMPTY="_s, u"URL=x=y z"_s}) {
            QTest::keyClicks(environment, line);
            QTest::keyClick(environment, Qt::Key_Return);
        }
        QTest::keyClicks(dialog.findChild<QLineEdit *>(u"labelsEdit"_s), u"team=a, use = b"_s);
        QTest::keyClicks(dialog.findChild<QLineEdit *>(u"portsEdit"_s), u"8080, 3000"_s);
        QTest::mouseClick(createButton(dialog), Qt::LeftButton);
        QCOMPARE(accepted.count(), 1);
        const auto spec = accepted.first().first().value<SandboxSpec>();
        QCOMPARE(spec.name, u"my-box.v2"_s);
        QCOMPARE(spec.cpu, 3);
        QCOMPARE(spec.mem, 4096);
        const QMap<QString, QString> environmentWanted{
            {u"A"_s, u"1"_s}, {u"EMPTY"_s, QString()}, {u"URL"_s, u"x=y z"_s}};
        QCOMPARE(spec.envVars, environmentWanted);
        const QMap<QString, QString> labelsWanted{{u"team"_s, u"a"_s}, {u"use"_s, u"b"_s}};
        QCOMPARE(spec.labels, labelsWanted);
        QCOMPARE(spec.publishPorts, (QList<int>{8080, 3000}));
    }

    void wrongInputSaysWhyAndStays_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("word");  // in the sentence
        QTest::newRow("capitals") << u"nameEdit"_s << u"MyBox"_s << u"small letters"_s;
        QTest::newRow("space") << u"nameEdit"_s << u"my box"_s << u"small letters"_s;
        QTest::newRow("end") << u"nameEdit"_s << u"box-"_s << u"start and end"_s;
        QTest::newRow("taken") << u"nameEdit"_s << u"taken"_s << u"already"_s;
        QTest::newRow("long") << u"nameEdit"_s << QString(254, u'a') << u"253"_s;
        QTest::newRow("port word") << u"portsEdit"_s << u"http"_s << u"65535"_s;
        QTest::newRow("port range") << u"portsEdit"_s << u"70000"_s << u"65535"_s;
        QTest::newRow("port twice") << u"portsEdit"_s << u"80,80"_s << u"twice"_s;
        QTest::newRow("ports") << u"portsEdit"_s << u"1,2,3,4,5"_s << u"four"_s;
        QTest::newRow("label") << u"labelsEdit"_s << u"nothing"_s << u"labels"_s;
    }

    void wrongInputSaysWhyAndStays()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QFETCH(QString, word);
        NewSandboxDialog dialog({u"taken"_s});
        QSignalSpy accepted(&dialog, &NewSandboxDialog::specAccepted);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        dialog.findChild<QToolButton *>(u"moreButton"_s)->setChecked(true);
        auto *edit = dialog.findChild<QLineEdit *>(field);
        edit->selectAll();
        edit->insert(text);
        QTest::mouseClick(createButton(dialog), Qt::LeftButton);
        QCOMPARE(accepted.count(), 0);
        QVERIFY(dialog.isVisible());
        const auto *problem = dialog.findChild<QLabel *>(u"problemLabel"_s);
        QVERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(word), qPrintable(problem->text()));
        QCOMPARE(edit->text(), text);  // nothing typed is lost
    }

    void refusedSpecComesBack()
    {
        SandboxSpec spec;
        spec.name = u"mine"_s;
        spec.mem = 2048;
        spec.envVars.insert(u"K"_s, u"v"_s);
        NewSandboxDialog dialog({});
        dialog.setSpec(spec);
        dialog.showProblem(u"Taken."_s);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY(dialog.findChild<QLabel *>(u"problemLabel"_s)->isVisible());
        QCOMPARE(dialog.findChild<QPlainTextEdit *>(u"environmentEdit"_s)->toPlainText(), u"K=v"_s);
        QCOMPARE(dialog.findChild<QSpinBox *>(u"memBox"_s)->value(), 2048);
    }
};

QTEST_MAIN(TestNewSandboxDialog)
#include "tst_newsandboxdialog.moc"
