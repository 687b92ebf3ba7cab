// SPDX-License-Identifier: MIT
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTreeView>
#include <QtTest>

#include "accessiblenames.h"
#include "enginesandbox.h"
#include "fanoutdialog.h"
#include "models/connection.h"
#include "models/fanout.h"
#include "models/runsmodel.h"
#include "models/sandboxmodel.h"
#include "support/replywait.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// One command in three real sandboxes, chosen and compared with mouse and keys.
class TestFanOutDialog : public QObject
{
    Q_OBJECT

private:
    test::EngineSandbox m_sandbox;
    std::unique_ptr<Connection> m_connection;

    static QPushButton *button(const FanOutDialog &dialog, const QString &name)
    {
        return dialog.findChild<QPushButton *>(name);
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QStandardPaths::setTestModeEnabled(true);
        QVERIFY2(m_sandbox.start(), qPrintable(m_sandbox.problem()));
        for (const QString &name : {u"second"_s, u"third"_s}) {
            SandboxSpec spec;
            spec.name = name;
            QVERIFY(test::answerOf(m_sandbox.client()->createSandbox(spec)).has_value());
        }
        m_connection = std::make_unique<Connection>(m_sandbox.engine().profile());
        m_connection->sandboxes()->refresh();
        QTRY_COMPARE(m_connection->sandboxes()->rowCount(), 3);
    }

    void differencesAreSeenSideBySide()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = u"echo common; [ $(hostname) != third ] || echo special; echo end"_s;
        FanOutDialog dialog(m_connection.get(), request);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto *list = dialog.findChild<QListWidget *>(u"choiceList"_s);
        QCOMPARE(list->count(), 3);
        QTest::mouseClick(button(dialog, u"runButton"_s), Qt::LeftButton);
        QVERIFY(button(dialog, u"stopButton"_s)->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.model()->isRunning(), 30'000);
        QList<QPlainTextEdit *> columns = dialog.findChildren<QPlainTextEdit *>();
        QCOMPARE(columns.size(), 2);
        std::ranges::sort(columns, {}, &QWidget::accessibleName);  // A, B
        QCOMPARE(columns[0]->toPlainText(), u"common\nend"_s);
        QVERIFY2(columns[1]->toPlainText().contains(u"+ special"_s),
                 qPrintable(columns[1]->toPlainText()));
        QVERIFY(columns[1]->accessibleName().contains(u"third"_s));
        QVERIFY(!button(dialog, u"stopButton"_s)->isEnabled());
        // Only those that are chosen, the next time.
        QTest::keyClick(button(dialog, u"runButton"_s), Qt::Key_Space);
        list->setFocus();
        list->setCurrentRow(2);
        QTest::keyClick(list, Qt::Key_Space);
        QTest::mouseClick(button(dialog, u"runButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.model()->isRunning(), 30'000);
        QCOMPARE(dialog.model()->rowCount(), 2);
    }

    void everyAnswerCanBeRead()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = u"cat /proc/sys/kernel/random/uuid"_s;
        FanOutDialog dialog(m_connection.get(), request);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        // Eight answers of three sandboxes: as many different ones as a bigger account would give.
        auto *list = dialog.findChild<QListWidget *>(u"choiceList"_s);
        while (list->count() < 8)
            list->addItem(list->item(list->count() % 3)->clone());
        QTest::mouseClick(button(dialog, u"runButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.model()->isRunning(), 30'000);
        QCOMPARE(dialog.model()->groupCount(), 8);
        auto *view = dialog.findChild<QTreeView *>(u"answerView"_s);
        for (int row = 0; row < 8; ++row) {
            const QModelIndex index = view->model()->index(row, 0);
            QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                              view->visualRect(index).center());
            const FanOut::Answer &answer = dialog.model()->answer(row);
            const QString name =
                u"Answer %1 of %2"_s.arg(FanOut::letter(answer.group), answer.sandboxName);
            const QList<QPlainTextEdit *> columns = dialog.findChildren<QPlainTextEdit *>();
            QVERIFY(columns.size() <= 6);
            const auto shown = std::ranges::find(columns, name, &QWidget::accessibleName);
            QVERIFY2(shown != columns.end(), qPrintable(name));
            QVERIFY((*shown)->toPlainText().contains(answer.text));
            const QPlainTextEdit *column = *shown;
            QTRY_COMPARE(column->visibleRegion().boundingRect().width(), column->width());
        }
        const auto *summary = dialog.findChild<QLabel *>(u"summaryLabel"_s);
        QVERIFY(summary->text().contains(u"Choose a sandbox"_s));
        QCOMPARE(test::withoutName(&dialog), QString());
        QVERIFY2(dialog.minimumSizeHint().width() <= 780,
                 qPrintable(QString::number(dialog.minimumSizeHint().width())));
        QVERIFY(dialog.minimumSizeHint().height() <= 460);
    }

    void closingItAsksFirstAndStopsAll()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = u"sleep 9393"_s;
        FanOutDialog dialog(m_connection.get(), request);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::mouseClick(button(dialog, u"runButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_connection->runs()->live().size() == 3, 10'000);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(dialog.isVisible());
        auto *question = dialog.findChild<QMessageBox *>();
        QTRY_VERIFY(question && question->isVisible());
        QTest::keyClick(question, Qt::Key_Escape);  // goes on
        QTRY_VERIFY(!dialog.findChild<QMessageBox *>());
        QVERIFY(dialog.isVisible() && dialog.model()->isRunning());
        dialog.close();
        question = dialog.findChild<QMessageBox *>();
        QTRY_VERIFY(question && question->isVisible());
        for (QAbstractButton *button : question->buttons()) {
            if (question->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.isVisible(), 20'000);
        QVERIFY(m_connection->runs()->live().isEmpty());
        QCOMPARE(m_sandbox.run(u"pgrep -f 'sleep 939[3]' || true"_s), QString());
    }

    void stopAllEndsThem()
    {
        RunRequest request;
        request.sandboxId = m_sandbox.id();
        request.text = u"sleep 9191"_s;
        FanOutDialog dialog(m_connection.get(), request);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QTest::mouseClick(button(dialog, u"runButton"_s), Qt::LeftButton);
        const auto isRunning = [&] {
            return !m_sandbox.run(u"pgrep -f 'sleep 919[1]' || true"_s).isEmpty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(isRunning(), 10'000);
        QTest::mouseClick(button(dialog, u"stopButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.model()->isRunning(), 20'000);
        QVERIFY(!isRunning());
    }
};

QTEST_MAIN(TestFanOutDialog)
#include "tst_fanoutdialog.moc"
