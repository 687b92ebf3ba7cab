// SPDX-License-Identifier: MIT
#include <QAbstractItemView>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>

#include <csignal>

#include "api/client.h"
#include "desktopundertest.h"
#include "emulator.h"
#include "engineprocess.h"
#include "models/terminalsession.h"
#include "mousedrag.h"
#include "sandboxpanel.h"
#include "sessionsdialog.h"
#include "snippetsdialog.h"
#include "terminalpanel.h"
#include "terminaltabs.h"
#include "terminaltextwindow.h"
#include "terminalview.h"
#include "trees.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Many terminals in the whole application: kept over its end, listed, dragged, run into.
class TestTerminals : public QObject, private test::DesktopUnderTest
{
    Q_OBJECT

private:
    MainWindow *window() const { return m_desktop->window(); }
    TerminalPanel *panel() const { return window()->terminalPanel(); }
    QList<TerminalView *> terminals() const { return panel()->terminals(); }
    QAction *action(const QString &name) const { return window()->findChild<QAction *>(name); }

    static QWidget *keyboard(const TerminalView *view)
    {
        return view->terminal()->focusProxy() ? view->terminal()->focusProxy() : view->terminal();
    }
    static void type(const TerminalView *view, const QString &text)
    {
        for (const QChar c : text) {
            if (c == u'\n')
                QTest::keyClick(keyboard(view), Qt::Key_Return);
            else
                QTest::keyClick(keyboard(view), c.toLatin1());
        }
    }
    static bool shows(const TerminalView *view, const QString &text)
    {
        return QTest::qWaitFor([&] { return view->text().contains(text); }, 20'000);
    }
    static bool goesTo(const TerminalView *view, TerminalSession::State state)
    {
        return QTest::qWaitFor([&] { return view->session()->state() == state; }, 20'000);
    }
    static bool atPrompt(const TerminalView *view)
    {
        return QTest::qWaitFor(
            [view] {
                const QString text = view->text().trimmed();
                return text.endsWith(u'$') || text.endsWith(u'#');
            },
            20'000);
    }
    TerminalTabs *groupOf(const TerminalView *view) const
    {
        for (QWidget *widget : QApplication::allWidgets()) {
            auto *group = qobject_cast<TerminalTabs *>(widget);
            if (group && group->views().contains(view))
                return group;
        }
        return nullptr;
    }
    QPoint tabOf(const TerminalView *view) const
    {
        const TerminalTabs *group = groupOf(view);
        return group->tabBar()->mapToGlobal(
            group->tabBar()->tabRect(group->indexOf(view)).center() - QPoint(15, 0));
    }
    static void drag(const QPoint &from, const QPoint &to)
    {
        auto *xdotool = new QProcess;
        connect(xdotool, &QProcess::finished, xdotool, &QObject::deleteLater);
        xdotool->start(u"xdotool"_s, test::dragSteps(from, to, 300));
    }
    // One of that class that is on the screen.
    template<class T>
    static T *shown()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<T *>(widget); found && found->isVisible())
                return found;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { Q_INIT_RESOURCE(app); }
    void init()
    {
        m_work = std::make_unique<QTemporaryDir>();
        QVERIFY(start());
        window()->setGeometry(20, 40, 1200, 850);
        QVERIFY(makeSandbox(u"one"_s));
        QTRY_COMPARE(terminals().size(), 1);
        QVERIFY(atPrompt(terminals().first()));
    }
    void cleanup() { shutDown(); }

    void theNextStartBringsAllBackAndWakesNothing()
    {
        TerminalView *first = terminals().first();
        type(first, u"echo kept-$((20+1))\n"_s);
        QVERIFY(shows(first, u"kept-21"_s));
        QVERIFY(makeSandbox(u"two"_s));
        TerminalView *second = panel()->currentTerminal();
        QVERIFY(second != first && atPrompt(second));
        panel()->move(second, Qt::RightEdge);
        QTest::keyClick(keyboard(second), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(terminals().size(), 3);
        QVERIFY(atPrompt(terminals().at(2)));
        // Nothing runs in them but shells: it closes without a question.
        window()->close();
        QTRY_VERIFY(!window()->isVisible());
        m_desktop.reset();
        QVERIFY(start());
        QCOMPARE(terminals().size(), 3);
        for (const TerminalView *view : terminals()) {
            QVERIFY(goesTo(view, TerminalSession::State::Asleep));
            QVERIFY(view->isVisible());
        }
        QVERIFY(terminals().at(0)->text().contains(u"kept-21"_s));
        QVERIFY(terminals().at(0)->mapToGlobal(QPoint(1, 0)).x() <
                terminals().at(1)->mapToGlobal(QPoint()).x());
        QVERIFY(terminals().at(1)->mapToGlobal(QPoint(0, 1)).y() <
                terminals().at(2)->mapToGlobal(QPoint()).y());
        for (const QString &name : {u"one"_s, u"two"_s})
            QVERIFY(sandboxesOf(*m_desktop)->sandbox(idOf(name))->isAsleep());
        // The key wakes that one only.
        TerminalView *view = terminals().at(0);
        QTest::keyClick(keyboard(view), Qt::Key_Space);
        QVERIFY(goesTo(view, TerminalSession::State::Live));
        type(view, u"echo on-$((4+4))\n"_s);
        QVERIFY(shows(view, u"on-8"_s));
        QCOMPARE(view->text().count(u"kept-21"_s), 1);
        QTRY_VERIFY(sandboxesOf(*m_desktop)->sandbox(idOf(u"one"_s))->isRunning());
        QVERIFY(sandboxesOf(*m_desktop)->sandbox(idOf(u"two"_s))->isAsleep());
    }

    void aKilledEngineIsSurvived()
    {
        TerminalView *view = terminals().first();
        type(view, u"echo before-$((1+1))\n"_s);
        QVERIFY(shows(view, u"before-2"_s));
        QCOMPARE(::kill(pid_t(m_desktop->engine()->processId()), SIGKILL), 0);
        auto *again = window()->findChild<QPushButton *>(u"mainButton"_s);
        QTRY_VERIFY_WITH_TIMEOUT(again->isVisible() && again->text() == u"Start it again"_s,
                                 20'000);
        QVERIFY(view->text().contains(u"before-2"_s));
        QTest::mouseClick(again, Qt::LeftButton);
        QVERIFY(goesTo(view, TerminalSession::State::Asleep));
        QTest::keyClick(keyboard(view), Qt::Key_Space);
        QVERIFY(goesTo(view, TerminalSession::State::Live));
        type(view, u"echo after-$((2+2))\n"_s);
        QVERIFY(shows(view, u"after-4"_s));
    }

    void realDragsMoveTabs()
    {
        QVERIFY(makeSandbox(u"two"_s));
        TerminalView *first = terminals().at(0);
        TerminalView *second = terminals().at(1);
        QVERIFY(atPrompt(second));
        QVERIFY(QTest::qWaitForWindowActive(window()));
        // To the right edge of its own group: a split.
        const TerminalTabs *group = groupOf(first);
        drag(tabOf(second), group->mapToGlobal(QPoint(group->width() - 30, group->height() / 2)));
        QTRY_VERIFY_WITH_TIMEOUT(groupOf(second) != groupOf(first), 20'000);
        QVERIFY(first->isVisible() && second->isVisible());
        QVERIFY(first->mapToGlobal(QPoint()).x() < second->mapToGlobal(QPoint()).x());
        // Into the other split, by its tabs.
        drag(tabOf(second), tabOf(first));
        QTRY_COMPARE_WITH_TIMEOUT(groupOf(second), groupOf(first), 20'000);
        QCOMPARE(terminals().size(), 2);
        // Outside of the window: one of its own.
        drag(tabOf(second), QPoint(1400, 300));
        QTRY_VERIFY_WITH_TIMEOUT(second->window() != window(), 20'000);
        QVERIFY(QTest::qWaitForWindowExposed(second->window()));
        type(second, u"echo there-$((3+3))\n"_s);
        QVERIFY(shows(second, u"there-6"_s));
        // And back, to the lower edge: below.
        second->window()->move(1230, 200);
        QTRY_VERIFY(second->window()->geometry().left() > 1200);
        drag(tabOf(second), first->mapToGlobal(QPoint(first->width() / 2, first->height() - 20)));
        QTRY_COMPARE_WITH_TIMEOUT(second->window(), window(), 20'000);
        QTRY_VERIFY(first->mapToGlobal(QPoint()).y() < second->mapToGlobal(QPoint()).y());
        for (const TerminalView *view : {first, second})
            QCOMPARE(view->session()->state(), TerminalSession::State::Live);
    }

    void runningSessionsAreListedAttachedAndWatched()
    {
        TerminalView *view = terminals().first();
        const QString id = view->session()->sessionId();
        type(view, u"echo mine-$((1+1)); sleep 3000\n"_s);
        QVERIFY(shows(view, u"mine-2"_s));
        panel()->closeTerminal(view);
        QMessageBox *box = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((box = shown<QMessageBox>()), 20'000);
        for (QAbstractButton *button : box->buttons()) {
            if (button->text().remove(u'&') == u"Keep running"_s)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTRY_VERIFY(terminals().isEmpty());
        window()->openTerminal(idOf(u"one"_s));
        QVERIFY(atPrompt(terminals().first()));
        const auto choose = [this](const QString &button) {
            action(u"sessionsAction"_s)->trigger();
            SessionsDialog *dialog = nullptr;
            const auto *list = [&]() -> QAbstractItemView * {
                dialog = shown<SessionsDialog>();
                return dialog ? dialog->findChild<QAbstractItemView *>() : nullptr;
            }();
            if (!list || !QTest::qWaitFor([&] { return list->model()->rowCount() == 2; }, 20'000))
                return false;
            QTest::mouseClick(dialog->findChild<QPushButton *>(button), Qt::LeftButton);
            return true;
        };
        // The oldest, which is ours, is chosen.
        QVERIFY(choose(u"watchButton"_s));
        QTRY_COMPARE(terminals().size(), 2);
        TerminalView *watcher = panel()->currentTerminal();
        QCOMPARE(watcher->session()->sessionId(), id);
        QCOMPARE(watcher->session()->kind(), TerminalSession::Kind::ReadOnly);
        QVERIFY(shows(watcher, u"mine-2"_s));
        panel()->closeTerminal(watcher);
        QTRY_COMPARE(terminals().size(), 1);
        QVERIFY(choose(u"attachButton"_s));
        QTRY_COMPARE(terminals().size(), 2);
        TerminalView *attached = panel()->currentTerminal();
        QVERIFY(shows(attached, u"mine-2"_s));
        QTest::keyClick(keyboard(attached), Qt::Key_C, Qt::ControlModifier);
        type(attached, u"echo back-$((2+2))\n"_s);
        QVERIFY(shows(attached, u"back-4"_s));
    }

    void filesRunInTheTerminal()
    {
        TerminalView *view = terminals().first();
        QVERIFY(test::writeFile(m_work->filePath(u"it's.py"_s), "print('ran', 6 * 7)\n"));
        window()->upload(idOf(u"one"_s), {m_work->filePath(u"it's.py"_s)}, u"/app/sub"_s);
        FilePanel *files = window()->currentFiles();
        files->openFolder(u"/app/sub"_s);
        QTRY_VERIFY_WITH_TIMEOUT(files->model()->indexOf(u"/app/sub/it's.py"_s).isValid(), 20'000);
        files->selectPath(u"/app/sub/it's.py"_s);
        const auto run = [files] {
            for (QAction *action : files->findChildren<QAction *>()) {
                if (action->text().remove(u'&') == u"Run in terminal"_s && action->isEnabled())
                    action->trigger();
            }
        };
        type(view, u"half typed"_s);
        QVERIFY(shows(view, u"half typed"_s));
        run();
        QVERIFY(shows(view, u"ran 42"_s));
        QCOMPARE(terminals().size(), 1);
        // Where something runs it is left alone.
        type(view, u"sleep 3000\n"_s);
        QVERIFY(shows(view, u"sleep 3000"_s));
        run();
        QTRY_COMPARE_WITH_TIMEOUT(terminals().size(), 2, 20'000);
        QVERIFY(shows(terminals().at(1), u"ran 42"_s));
        // Closing now says what would end.
        window()->close();
        QMessageBox *box = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((box = shown<QMessageBox>()), 20'000);
        QVERIFY2(box->informativeText().contains(u"“one”: “sleep”"_s),
                 qPrintable(box->informativeText()));
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
    }

    void aDroppedLocalFileIsUploadedAndItsPathTyped()
    {
        TerminalView *view = terminals().first();
        const QString file = m_work->filePath(u"a file.txt"_s);
        QVERIFY(test::writeFile(file, "dropped\n"));
        QProcess peer;
        peer.start(QCoreApplication::applicationDirPath() % u"/dragpeer"_s,
                   {u"1350"_s, u"60"_s, u"give"_s, file});
        QByteArray said;
        QTRY_VERIFY_WITH_TIMEOUT((said += peer.readAllStandardOutput()).contains("ready"), 10'000);
        drag(QPoint(1450, 160), view->mapToGlobal(view->rect().center()));
        QMessageBox *box = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((box = shown<QMessageBox>()), 20'000);
        for (QAbstractButton *button : box->buttons()) {
            if (box->buttonRole(button) == QMessageBox::AcceptRole)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QVERIFY(shows(view, u"'/app/a file.txt'"_s));
        type(view, u" | true; cat /app/a*\n"_s);
        QVERIFY(shows(view, u"\ndropped"_s));
        peer.kill();
        peer.waitForFinished();
    }

    void snippetsAreKeptAndTyped()
    {
        TerminalView *view = terminals().first();
        auto *menu = window()->findChild<QMenu *>(u"snippetsMenu"_s);
        Q_EMIT menu->aboutToShow();
        menu->actions().last()->trigger();
        SnippetsDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = shown<SnippetsDialog>()));
        QTest::mouseClick(dialog->findChild<QAbstractButton *>(u"addButton"_s), Qt::LeftButton);
        QTest::keyClicks(dialog->findChild<QPlainTextEdit *>(u"contentEdit"_s),
                         u"echo snip-$((2+3))"_s);
        QTest::keyClicks(dialog->findChild<QLineEdit *>(u"nameEdit"_s), u"Five & co"_s);
        dialog->close();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().first()->text(), u"Five && co"_s);
        menu->actions().first()->trigger();
        QVERIFY(shows(view, u"echo snip"_s));
        QVERIFY(!view->text().contains(u"snip-5"_s));
        QTest::keyClick(keyboard(view), Qt::Key_Return);
        QVERIFY(shows(view, u"snip-5"_s));
    }

    void whatRanIsTextThatCanBeSearched()
    {
        TerminalView *view = terminals().first();
        type(view, u"for i in 1 2 3; do echo \"needle-$i\"; done\n"_s);
        QVERIFY(shows(view, u"needle-3"_s));
        action(u"whatRanAction"_s)->trigger();
        TerminalTextWindow *text = nullptr;
        QTRY_VERIFY((text = shown<TerminalTextWindow>()));
        auto *content = text->findChild<QPlainTextEdit *>(u"textEdit"_s);
        QVERIFY(content->isReadOnly());
        QVERIFY(content->toPlainText().contains(u"needle-3"_s));
        QTest::keyClicks(text->findChild<QLineEdit *>(u"searchEdit"_s), u"needle-"_s);
        QCOMPARE(content->textCursor().selectedText(), u"needle-"_s);
        // Four: the command itself has it too.
        QCOMPARE(content->extraSelections().size(), 4);
        const int last = content->textCursor().position();
        text->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), text);
        QTest::keyClick(text, Qt::Key_F3, Qt::ShiftModifier);
        QVERIFY(content->textCursor().position() < last);
        text->close();
    }

    void deletedElsewhereIsSaidAndDeletedHereCloses()
    {
        TerminalView *view = terminals().first();
        QVERIFY(makeSandbox(u"two"_s));
        const QString first = idOf(u"one"_s);
        Client other(window()->connection()->profile());
        bool deleted = false;
        other.deleteSandbox(first)->onFinished(
            this, [&](const Result<Done> &result) { deleted = result.has_value(); });
        QTRY_VERIFY(deleted);
        QVERIFY(goesTo(view, TerminalSession::State::Ended));
        QCOMPARE(view->session()->endReason(), TerminalSession::End::SandboxGone);
        QCOMPARE(terminals().size(), 2);
        sandboxesOf(*m_desktop)->remove(idOf(u"two"_s));
        QTRY_COMPARE_WITH_TIMEOUT(terminals(), QList<TerminalView *>{view}, 20'000);
    }
};

QTEST_MAIN(TestTerminals)
#include "tst_terminals.moc"
