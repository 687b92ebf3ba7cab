// SPDX-License-Identifier: MIT
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include <csignal>

#include "codeeditor.h"
#include "desktopundertest.h"
#include "engineprocess.h"
#include "models/processesmodel.h"
#include "models/runhistory.h"
#include "models/runsmodel.h"
#include "noticebar.h"
#include "outputpanel.h"
#include "outputview.h"
#include "processdialog.h"
#include "processpanel.h"
#include "resultcard.h"
#include "runhistorypanel.h"
#include "runpanel.h"
#include "sandboxpanel.h"
#include "terminalpanel.h"
#include "terminalview.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Running things in the whole window: pages, the menu of what runs, background processes.
class TestRunning : public QObject, protected test::DesktopUnderTest
{
    Q_OBJECT

private:
    MainWindow *window() const { return m_desktop->window(); }

    void type(QWidget *widget, const QString &text)
    {
        widget->setFocus();
        QTest::keyClicks(widget, text);
    }

    // As a person does it: the page's key, then what is to be run, then Ctrl+Enter.
    RunPanel *runByKeys(const QString &command)
    {
        QTest::keyClick(window(), Qt::Key_5, Qt::ControlModifier);
        RunPanel *panel = window()->currentRun();
        auto *editor = panel->findChild<CodeEditor *>(u"editor"_s);
        if (!QTest::qWaitFor([&] { return editor->hasFocus(); }))
            return nullptr;
        QTest::keyClick(editor, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(editor, command);
        QTest::keyClick(editor, Qt::Key_Return, Qt::ControlModifier);
        return panel;
    }

    // Opens the menu of what runs and presses its first entry.
    void stopFirstOfMenu(QToolButton *button)
    {
        QMenu *menu = button->menu();
        // The button waits until its menu is closed again.
        QTimer clicker;
        connect(&clicker, &QTimer::timeout, menu, [menu] {
            if (!menu->isVisible() || menu->actions().isEmpty())
                return;
            // An entry of a menu that a made-up click has opened takes no such click.
            QTest::keyClick(menu, Qt::Key_Down);
            QTest::keyClick(menu, Qt::Key_Return);
        });
        clicker.start(100);
        QTest::mouseClick(button, Qt::LeftButton);
    }

    void closeTerminals()
    {
        for (TerminalView *view : window()->terminalPanel()->terminals())
            window()->terminalPanel()->closeTerminal(view);
        QTRY_VERIFY(window()->terminalPanel()->terminals().isEmpty());
    }

    // Started by another program, so that no page of the window knows of it.
    bool startProcess(const QString &sandboxId, const QString &command)
    {
        const auto processes = window()->connection()->createProcesses(sandboxId);
        CommandRequest request;
        request.command = command;
        processes->start(request);
        return QTest::qWaitFor([&] { return !processes->running().isEmpty(); }, 20'000);
    }

    // Types into its search field and clicks the row that is left.
    static bool chooseInHistory(RunHistoryPanel *history, const QString &text)
    {
        auto *search = history->findChild<QLineEdit *>(u"searchEdit"_s);
        auto *view = history->findChild<QTreeView *>(u"historyView"_s);
        search->setFocus();
        search->selectAll();
        QTest::keyClicks(search, text);
        if (view->model()->rowCount() == 0)
            return false;
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {},
                          view->visualRect(view->model()->index(0, 0)).center());
        return view->currentIndex().row() == 0;
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        m_work = std::make_unique<QTemporaryDir>();
        // A second connection, to nowhere, that needs no keychain: that would ask in a window.
        qputenv("VR_API_URL", "http://127.0.0.1:1/api");
        qputenv("VR_API_KEY", "vr_nowhere");
        QVERIFY(start());
        QVERIFY(makeSandbox(u"alpha"_s));
        QVERIFY(QTest::qWaitForWindowActive(window()));
    }

    void cleanupTestCase() { shutDown(); }

    void aCommandRunsByKeysAlone()
    {
        RunPanel *panel = runByKeys(u"echo by keys"_s);
        QVERIFY(panel);
        QTRY_VERIFY_WITH_TIMEOUT(panel->findChild<ResultCard *>()->isVisible(), 20'000);
        QTRY_VERIFY(panel->outputPanel()->view()->visibleLines().contains(u"by keys"_s));
    }

    void stopIsTwoClicksFromAnywhere()
    {
        RunPanel *panel = runByKeys(u"sleep 5151"_s);
        QVERIFY(panel);
        QTest::keyClick(window(), Qt::Key_2, Qt::ControlModifier);  // elsewhere
        auto *button = window()->findChild<QToolButton *>(u"runningButton"_s);
        QTRY_VERIFY(button->isVisible());
        QTRY_COMPARE(panel->job()->state(), RunJob::State::Running);
        stopFirstOfMenu(button);
        QTRY_COMPARE_WITH_TIMEOUT(panel->job()->state(), RunJob::State::Ended, 20'000);
        QCOMPARE(panel->job()->outcome().kind, RunOutcome::Kind::Stopped);
        QTRY_VERIFY(!button->isVisible());
    }

    void aProcessIsStartedFollowedAndStopped()
    {
        QTest::keyClick(window(), Qt::Key_6, Qt::ControlModifier);
        ProcessPanel *panel = window()->currentProcesses();
        QVERIFY(panel && panel->isVisible());
        QTest::mouseClick(panel->findChild<QPushButton *>(u"startButton"_s), Qt::LeftButton);
        auto *dialog = panel->findChild<ProcessDialog *>();
        QTRY_VERIFY(dialog && dialog->isVisible());
        type(dialog->findChild<QLineEdit *>(u"commandEdit"_s),
             u"while echo tick; do sleep 0.2; done"_s);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(panel->model()->running().size(), 1, 10'000);
        auto *output = panel->findChild<QToolButton *>(u"outputButton"_s);
        QTRY_VERIFY(output->isEnabled());
        QTest::mouseClick(output, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(panel->outputPanel()->view()->visibleLines().count(u"tick"_s) > 2,
                                 10'000);
        QTest::mouseClick(panel->findChild<QToolButton *>(u"stopButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(panel->model()->running().isEmpty(), 15'000);
        QTRY_VERIFY2(window()->noticeText().contains(u"is stopped. Ended: "_s),
                     qPrintable(window()->noticeText()));
    }

    void aFileIsRunWithOneClick()
    {
        QTest::keyClick(window(), Qt::Key_2, Qt::ControlModifier);
        FilePanel *files = window()->currentFiles();
        QFile script(m_work->filePath(u"hello.py"_s));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("print('hello from a file')\n");
        script.close();
        // Dropped on the sandbox's row, it is offered to be run.
        auto *view = window()->sandboxPanel()->findChild<QListView *>(u"sandboxView"_s);
        const QPoint row = view->visualRect(view->model()->index(0, 0)).center();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(script.fileName())});
        QDragEnterEvent enter(row, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view->viewport(), &enter);
        QDropEvent drop(row, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view->viewport(), &drop);
        QPushButton *offer = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT(
            (offer = window()->findChild<NoticeBar *>()->findChild<QPushButton *>()) &&
                offer->isVisible() && offer->text() == u"Run"_s,
            20'000);
        QTest::mouseClick(offer, Qt::LeftButton);
        RunPanel *panel = window()->currentRun();
        QVERIFY(panel && panel->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(panel->findChild<ResultCard *>()->isVisible(), 20'000);
        QVERIFY(panel->outputPanel()->view()->visibleLines().contains(u"hello from a file"_s));
        // In the file list, one click on its button.
        QTest::keyClick(window(), Qt::Key_2, Qt::ControlModifier);
        files->refresh();
        files->selectPath(u"/app/hello.py"_s);
        auto *button = files->findChild<QToolButton *>(u"runFileButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 20'000);
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(panel->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(panel->job()->state() == RunJob::State::Ended, 20'000);
        QVERIFY(panel->job()->outcome().isSuccess());
    }

    void itIsKeptAwakeWhileSomethingRuns()
    {
        const QString id = idOf(u"alpha"_s);
        SandboxModel *sandboxes = sandboxesOf(*m_desktop);
        auto *button = window()->findChild<QToolButton *>(u"awakeButton"_s);
        QVERIFY(!button->isVisible());  // it never sleeps by itself
        closeTerminals();
        sandboxes->setAutoSleep(id, true);
        QTRY_VERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(button->isChecked());
        RunPanel *panel = runByKeys(u"sleep 7272"_s);
        QVERIFY(panel);
        QTRY_VERIFY_WITH_TIMEOUT(!sandboxes->sandbox(id)->autoSleep, 10'000);
        QTRY_COMPARE(panel->job()->state(), RunJob::State::Running);
        QTest::mouseClick(panel->findChild<QPushButton *>(u"stopButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(sandboxes->sandbox(id)->autoSleep, 20'000);
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!button->isChecked());
        sandboxes->setAutoSleep(id, false);
        QTRY_VERIFY(!button->isVisible());
    }

    void pagesOfAnotherSandboxAreItsOwn()
    {
        QVERIFY(makeSandbox(u"beta"_s));
        RunPanel *beta = runByKeys(u"hostname"_s);
        QVERIFY(beta);
        QTRY_VERIFY_WITH_TIMEOUT(beta->outputPanel()->view()->visibleLines().contains(u"beta"_s),
                                 20'000);
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"alpha"_s));
        QTRY_VERIFY(window()->currentRun() != beta);
        QVERIFY(!beta->isVisible());
        QVERIFY(window()->currentRun()->isVisible());
        // A terminal is asked for: the page with the terminals is shown.
        window()->openTerminal(idOf(u"alpha"_s));
        QVERIFY(window()->terminalPanel()->isVisible());
    }

    void theHistoryRunsWhereItSays()
    {
        QVERIFY(makeSandbox(u"gamma"_s));
        const QString id = idOf(u"gamma"_s);
        RunPanel *gamma = runByKeys(u"echo in $(hostname)"_s);
        QVERIFY(gamma);
        QTRY_COMPARE_WITH_TIMEOUT(gamma->job()->state(), RunJob::State::Ended, 20'000);
        const RunJob *first = gamma->job();
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"alpha"_s));
        RunPanel *alpha = window()->currentRun();
        QTRY_VERIFY(alpha && alpha->isVisible());
        const RunJob *before = alpha->job();
        QTest::mouseClick(alpha->findChild<QToolButton *>(u"historyButton"_s), Qt::LeftButton);
        auto *history = alpha->findChild<RunHistoryPanel *>();
        QTRY_VERIFY(history && history->isVisible());
        QVERIFY(chooseInHistory(history, u"in $(hostname)"_s));
        QTest::mouseClick(history->findChild<QToolButton *>(u"runButton"_s), Qt::LeftButton);
        QCOMPARE(window()->currentRun(), gamma);
        QVERIFY(gamma->job() != first);
        QTRY_COMPARE_WITH_TIMEOUT(gamma->job()->state(), RunJob::State::Ended, 20'000);
        QTRY_VERIFY(gamma->outputPanel()->view()->visibleLines().contains(u"in gamma"_s));
        QCOMPARE(alpha->job(), before);
        // Where it is gone, nothing runs anywhere else.
        sandboxesOf(*m_desktop)->remove(id);
        QTRY_VERIFY_WITH_TIMEOUT(!sandboxesOf(*m_desktop)->sandbox(id), 20'000);
        window()->sandboxPanel()->setCurrentSandbox(idOf(u"alpha"_s));
        QTRY_VERIFY(alpha->isVisible());
        QVERIFY(chooseInHistory(history, u"in $(hostname)"_s));
        QTest::mouseClick(history->findChild<QToolButton *>(u"runButton"_s), Qt::LeftButton);
        QVERIFY2(window()->noticeText().contains(u"“gamma” is gone"_s),
                 qPrintable(window()->noticeText()));
        QCOMPARE(window()->currentRun(), alpha);
        QCOMPARE(alpha->job(), before);
        QTest::mouseClick(alpha->findChild<QToolButton *>(u"historyButton"_s), Qt::LeftButton);
    }

    void processesAndTerminalsKeepItAwakeToo()
    {
        QVERIFY(makeSandbox(u"delta"_s));
        const QString id = idOf(u"delta"_s);
        closeTerminals();
        SandboxModel *sandboxes = sandboxesOf(*m_desktop);
        const auto autoSleep = [&] { return sandboxes->sandbox(id)->autoSleep; };
        sandboxes->setAutoSleep(id, true);
        QTRY_VERIFY(autoSleep() && !sandboxes->isBusy(id));
        QVERIFY(startProcess(id, u"sleep 6263"_s));
        auto *awake = window()->findChild<QToolButton *>(u"awakeButton"_s);
        auto *running = window()->findChild<QToolButton *>(u"runningButton"_s);
        QTRY_VERIFY(awake->isVisible());
        QVERIFY(!running->isVisible());
        QTest::mouseClick(awake, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!autoSleep(), 20'000);
        // It can be stopped from anywhere, as a run can.
        QTRY_VERIFY(running->isVisible());
        QCOMPARE(running->text(), u"1 running"_s);
        stopFirstOfMenu(running);
        QTRY_VERIFY_WITH_TIMEOUT(autoSleep(), 20'000);
        QTRY_VERIFY(!running->isVisible());
        // A terminal.
        window()->openTerminal(id);
        QTRY_VERIFY_WITH_TIMEOUT(!autoSleep(), 20'000);
        closeTerminals();
        QTRY_VERIFY_WITH_TIMEOUT(autoSleep(), 20'000);
    }

    void whatRunsOverAnotherConnectionCounts()
    {
        const QString id = idOf(u"delta"_s);
        window()->sandboxPanel()->setCurrentSandbox(id);
        const QPointer<Connection> local = window()->connection();
        const auto autoSleep = [&] { return local->sandboxes()->sandbox(id)->autoSleep; };
        QVERIFY(runByKeys(u"mkfifo /app/wait; read x < /app/wait"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!autoSleep(), 20'000);
        const auto other = local->createProcesses(id);
        Q_EMIT window()->connectionChosen(u"environment"_s);
        QTRY_VERIFY(window()->connection() && window()->connection() != local);
        auto *running = window()->findChild<QToolButton *>(u"runningButton"_s);
        QCOMPARE(running->text(), u"1 running"_s);
        QVERIFY(!running->isHidden());
        CommandRequest request;
        request.command = u"echo > /app/wait"_s;
        other->start(request);
        QTRY_VERIFY_WITH_TIMEOUT(autoSleep(), 20'000);
        QVERIFY(running->isHidden());
        Q_EMIT window()->connectionChosen(u"local"_s);
        QTRY_COMPARE(window()->connection(), local.data());
        window()->sandboxPanel()->setCurrentSandbox(id);
    }

    void whatWasRunIsThereWhenTheEngineHasDied()
    {
        QVERIFY(makeSandbox(u"epsilon"_s));
        const QString id = idOf(u"epsilon"_s);
        RunPanel *panel = runByKeys(u"echo kept; sleep 30"_s);
        QVERIFY(panel);
        QTRY_VERIFY_WITH_TIMEOUT(panel->outputPanel()->view()->visibleLines().contains(u"kept"_s),
                                 20'000);
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        auto *start = window()->findChild<QPushButton *>(u"mainButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(start->isVisible() && start->text() == u"Start it again"_s,
                                 10'000);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(isLoaded(*m_desktop), 30'000);
        window()->sandboxPanel()->setCurrentSandbox(id);
        window()->showPage(MainWindow::Page::Run);
        QCOMPARE(window()->currentRun(), panel);
        auto *card = panel->findChild<ResultCard *>();
        QVERIFY(card->isVisible());
        QCOMPARE(card->findChild<QLabel *>(u"titleLabel"_s)->text(),
                 u"How it ended is not known"_s);
        QVERIFY(panel->outputPanel()->view()->visibleLines().contains(u"kept"_s));
        QTest::mouseClick(card->findChild<QPushButton *>(u"lookButton"_s), Qt::LeftButton);
        const auto *words = card->findChild<QLabel *>(u"textLabel"_s);
        QTRY_VERIFY_WITH_TIMEOUT(words->text().startsWith(u"It does not run any more."_s), 20'000);
        QTest::mouseClick(panel->findChild<QToolButton *>(u"historyButton"_s), Qt::LeftButton);
        auto *history = panel->findChild<RunHistoryPanel *>();
        QTRY_VERIFY(history && history->isVisible());
        QTRY_VERIFY(window()->connection()->history()->rowCount() > 0);
        QVERIFY(chooseInHistory(history, u"echo kept"_s));
    }

    void closingTheWindowLetsThemSleepAgain()
    {
        const QString id = idOf(u"delta"_s);
        SandboxModel *sandboxes = sandboxesOf(*m_desktop);
        const auto autoSleep = [&] { return sandboxes->sandbox(id)->autoSleep; };
        window()->sandboxPanel()->setCurrentSandbox(id);
        QVERIFY(startProcess(id, u"sleep 6364"_s));
        sandboxes->refresh();
        QTRY_VERIFY(sandboxes->sandbox(id)->isRunning());
        QTest::mouseClick(window()->findChild<QToolButton *>(u"awakeButton"_s), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!autoSleep(), 20'000);
        window()->close();
        auto *question = window()->findChild<QMessageBox *>();
        QTRY_VERIFY(question && question->isVisible());
        QVERIFY2(question->informativeText().contains(u"1 background process"_s),
                 qPrintable(question->informativeText()));
        for (QAbstractButton *button : question->buttons()) {
            if (question->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_VERIFY(!window()->isVisible());
        QVERIFY(autoSleep());
    }
};

QTEST_MAIN(TestRunning)
#include "tst_running.moc"
