// SPDX-License-Identifier: MIT
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include "accessiblenames.h"
#include "enginesandbox.h"
#include "models/connection.h"
#include "models/processesmodel.h"
#include "models/sandboxmodel.h"
#include "problemlabel.h"
#include "processdialog.h"
#include "processpanel.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// The background processes of a real sandbox, with mouse and keys.
class TestProcessPanel : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void takeUrl(const QUrl &url) { m_opened.append(url); }

private:
    test::EngineSandbox m_sandbox;
    QString m_id;  // of one with a published port
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ProcessPanel> m_panel;
    QList<QUrl> m_opened;

    template<class T>
    T *part(const QString &name) const
    {
        return m_panel->findChild<T *>(name);
    }

    ProcessDialog *openDialog()
    {
        QTest::mouseClick(part<QPushButton>(u"startButton"_s), Qt::LeftButton);
        auto *dialog = m_panel->findChild<ProcessDialog *>();
        return dialog && QTest::qWaitForWindowActive(dialog) ? dialog : nullptr;
    }

    static QPushButton *startOf(const ProcessDialog *dialog)
    {
        return dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
    }

    // With the dialog, as a person does it.
    bool start(const QString &command)
    {
        const auto before = m_panel->model()->running().size();
        const QPointer<ProcessDialog> dialog = openDialog();
        if (!dialog)
            return false;
        auto *edit = dialog->findChild<QLineEdit *>(u"commandEdit"_s);
        edit->setFocus();
        QTest::keyClicks(edit, command);
        QTest::keyClick(dialog, Qt::Key_Return);
        return QTest::qWaitFor(
            [&] { return !dialog && m_panel->model()->running().size() > before; }, 10'000);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        SandboxSpec spec;
        spec.name = u"web"_s;
        spec.publishPorts = {8080};
        const Result<Sandbox> made = test::answerOf(m_sandbox.client()->createSandbox(spec));
        QVERIFY2(made.has_value(), test::problemOf(made).constData());
        m_id = made->id;
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 2);
    }

    void init()
    {
        m_panel = std::make_unique<ProcessPanel>(m_connection.get(), m_id);
        m_panel->resize(1000, 600);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
    }

    void cleanup() { m_panel.reset(); }

    void whatCannotStartStaysToBeMended()
    {
        const QPointer<ProcessDialog> dialog = openDialog();
        QVERIFY(dialog);
        auto *command = dialog->findChild<QLineEdit *>(u"commandEdit"_s);
        auto *folder = dialog->findChild<QLineEdit *>(u"folderEdit"_s);
        auto *time = dialog->findChild<QSpinBox *>(u"timeBox"_s);
        const auto problem = [&](const QString &name) {
            auto *label = dialog->findChild<ProblemLabel *>(name);
            return label->isVisible() ? label->text() : QString();
        };
        command->setFocus();
        QTest::keyClicks(command, u"sleep 5454"_s);
        folder->setFocus();
        folder->selectAll();
        QTest::keyClicks(folder, u"/no/such"_s);
        QTest::mouseClick(startOf(dialog), Qt::LeftButton);
        QVERIFY(!startOf(dialog)->isEnabled());
        QTRY_VERIFY(problem(u"folderProblem"_s).contains(u"/no/such"_s));
        QVERIFY(dialog && dialog->isVisible() && startOf(dialog)->isEnabled());
        QCOMPARE(command->text(), u"sleep 5454"_s);
        // What no server has to be asked for.
        folder->setText(u"/app"_s);
        command->setText(QString(100'001, u'a'));
        QTest::mouseClick(startOf(dialog), Qt::LeftButton);
        QVERIFY(problem(u"commandProblem"_s).contains(u"100,000"_s));
        command->setText(u"a"_s + QChar(0) + u"b"_s);
        QTest::mouseClick(startOf(dialog), Qt::LeftButton);
        QVERIFY(problem(u"commandProblem"_s).contains(u"NUL"_s));
        command->setText(u"sleep 5454"_s);
        time->setValue(901);
        QTest::mouseClick(startOf(dialog), Qt::LeftButton);
        QVERIFY(problem(u"timeProblem"_s).contains(u"900"_s));
        time->setValue(900);
        QVERIFY(dialog->isVisible());
        QTest::mouseClick(startOf(dialog), Qt::LeftButton);
        QTRY_VERIFY(!dialog);
        QTRY_COMPARE(m_panel->model()->running().size(), 1);
    }

    void stopAllEndsAllOfThem()
    {
        QTRY_COMPARE(m_panel->model()->running().size(), 1);
        QVERIFY(start(u"sleep 5455"_s));
        QTest::mouseClick(part<QToolButton>(u"stopAllButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_panel->model()->running().isEmpty(), 15'000);
        QVERIFY(!part<QToolButton>(u"stopAllButton"_s)->isEnabled());
    }

    void theEndIsToldToWhoAsked()
    {
        QSignalSpy ended(m_panel.get(), &ProcessPanel::ended);
        QVERIFY(start(u"sleep 1; exit 4"_s));
        auto *notify = part<QToolButton>(u"notifyButton"_s);
        QTRY_VERIFY(notify->isEnabled());
        QTest::mouseClick(notify, Qt::LeftButton);
        QVERIFY(!notify->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, 10'000);
        QVERIFY2(ended.first().first().toString().contains(u"exit code 4"_s),
                 qPrintable(ended.first().first().toString()));
    }

    void aPublishedPortOpensInTheBrowser()
    {
        QDesktopServices::setUrlHandler(u"http"_s, this, "takeUrl");
        QTest::mouseClick(part<QToolButton>(u"browserButton"_s), Qt::LeftButton);
        QTRY_COMPARE(m_opened.size(), 1);
        QDesktopServices::unsetUrlHandler(u"http"_s);
        QCOMPARE(m_opened.first().host(), u"127.0.0.1"_s);
        QVERIFY(m_opened.first().port() > 0);
        // Where none is published, it says so.
        m_panel = std::make_unique<ProcessPanel>(m_connection.get(), m_sandbox.id());
        m_panel->show();
        QSignalSpy notice(m_panel.get(), &ProcessPanel::notice);
        QTest::mouseClick(part<QToolButton>(u"browserButton"_s), Qt::LeftButton);
        QTRY_COMPARE(notice.count(), 1);
        QCOMPARE(m_opened.size(), 1);
    }

    void nothingIsAskedWhileItIsNotSeen()
    {
        QSignalSpy loaded(m_panel->model(), &ProcessesModel::loaded);
        QTRY_VERIFY_WITH_TIMEOUT(loaded.count() > 0, 10'000);
        m_panel->hide();
        loaded.wait(200);  // an answer that was on its way
        loaded.clear();
        QVERIFY(!loaded.wait(3500));  // longer than from one look to the next
        m_panel->show();
        QTRY_VERIFY(loaded.count() > 0);
    }

    void everyPartHasAName()
    {
        QCOMPARE(test::withoutName(m_panel.get()), QString());
        const QPointer<ProcessDialog> dialog = openDialog();
        QVERIFY(dialog);
        QCOMPARE(test::withoutName(dialog), QString());
        // At 200 % a screen of 1600 by 1000 has half of that for them.
        QVERIFY2(m_panel->minimumSizeHint().width() <= 560,
                 qPrintable(QString::number(m_panel->minimumSizeHint().width())));
        QVERIFY(dialog->minimumSizeHint().height() <= 460 && dialog->minimumWidth() <= 780);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
    }
};

QTEST_MAIN(TestProcessPanel)
#include "tst_processpanel.moc"
