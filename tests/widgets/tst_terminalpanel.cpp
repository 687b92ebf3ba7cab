// SPDX-License-Identifier: MIT
#include <QAccessible>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>

#include "models/ptysessionmodel.h"
#include "terminalarea.h"
#include "terminalsundertest.h"
#include "terminalwindow.h"

using namespace voidrun;
using namespace Qt::StringLiterals;

// Tabs, splits and windows of many terminals, driven with keys and mouse.
class TestTerminalPanel : public QObject, private test::TerminalsUnderTest
{
    Q_OBJECT

private:
    QStringList sessions(const QString &sandboxId)
    {
        QStringList ids;
        const auto listed = test::answerOf(m_box.client()->listPtySessions(sandboxId));
        for (const PtySession &session : listed.value_or(QList<PtySession>())) {
            if (session.alive)
                ids.append(session.id);
        }
        return ids;
    }

    QMessageBox *question() const
    {
        QMessageBox *found = nullptr;
        const bool isThere = QTest::qWaitFor([&] {
            for (QWidget *widget : QApplication::topLevelWidgets()) {
                if (auto *box = qobject_cast<QMessageBox *>(widget); box && box->isVisible())
                    found = box;
            }
            return found != nullptr;
        });
        return isThere ? found : nullptr;
    }

    static bool isBeside(const TerminalView *left, const TerminalView *right)
    {
        return left->mapToGlobal(QPoint(left->width(), 0)).x() <=
                   right->mapToGlobal(QPoint()).x() + 1 &&
               qAbs(left->mapToGlobal(QPoint()).y() - right->mapToGlobal(QPoint()).y()) < 3;
    }
    static bool isAbove(const TerminalView *upper, const TerminalView *lower)
    {
        return upper->mapToGlobal(QPoint(0, upper->height())).y() <=
               lower->mapToGlobal(QPoint()).y() + 1;
    }

private Q_SLOTS:
    void initTestCase()
    {
        Q_INIT_RESOURCE(app);
        QVERIFY2(startSandboxes(3), qPrintable(m_box.problem()));
    }
    void init() { QVERIFY(showPanel()); }
    void cleanup() { m_panel.reset(); }

    void tabsAreToldApart()
    {
        TerminalView *first = open(0);
        TerminalView *second = open(0);
        TerminalView *other = open(1);
        const TerminalTabs *group = groupOf(first);
        QVERIFY(group->tabText(0).startsWith(u"box"_s));
        QVERIFY2(group->tabText(1).startsWith(u"box (2)"_s), qPrintable(group->tabText(1)));
        QVERIFY(group->tabText(2).startsWith(u"box-2"_s));
        QCOMPARE(m_panel->currentTerminal(), other);
        const auto color = [group](int tab) {
            const QImage image = group->tabIcon(tab).pixmap(32).toImage();
            return image.pixelColor(image.width() / 2, image.height() / 2);
        };
        QCOMPARE(color(0), color(1));
        QVERIFY(color(0) != color(2));
        // The middle button closes, as in a browser; its number is free again.
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(second) || atPrompt(other), 20'000);
        QTest::mouseClick(group->tabBar(), Qt::MiddleButton, {},
                          group->tabBar()->tabRect(1).center());
        QTRY_COMPARE(m_panel->terminals(), (QList<TerminalView *>{first, other}));
        open(0);
        QVERIFY(group->tabText(2).startsWith(u"box (2)"_s));
        QVERIFY(!group->tabBar()->accessibleTabName(2).isEmpty());
    }

    void titlesAreCutAndEscaped()
    {
        TerminalView *view = openAtPrompt();
        QVERIFY(view);
        type(view,
             u"printf '\\033]0;%s\\007' \"$(printf 'a&b\\342\\200\\256<b>x</b>%0100d' 0)\"; "
             "sleep 5\n"_s);
        const TerminalTabs *group = groupOf(view);
        QTRY_VERIFY_WITH_TIMEOUT(group->tabToolTip(0).contains(u"a&amp;b"_s), 20'000);
        QVERIFY(group->tabText(0).startsWith(u"box — …"_s));
        QVERIFY(group->tabText(0).size() < 45);
        QVERIFY(!group->tabToolTip(0).contains(u'<'));
        for (const QString &text : {group->tabText(0), group->tabToolTip(0)})
            QVERIFY(!text.contains(QChar(0x202e)));
        QTest::keyClick(keyboard(view), Qt::Key_C, Qt::ControlModifier);
    }

    void keysGoToTabs()
    {
        TerminalView *first = open(0);
        TerminalView *second = open(1);
        TerminalView *third = open(2);
        QCOMPARE(m_panel->currentTerminal(), third);
        QTest::keyClick(keyboard(third), Qt::Key_1, Qt::AltModifier);
        QCOMPARE(m_panel->currentTerminal(), first);
        QTest::keyClick(keyboard(first), Qt::Key_2, Qt::AltModifier);
        QCOMPARE(m_panel->currentTerminal(), second);
        QTest::keyClick(keyboard(second), Qt::Key_9, Qt::AltModifier);  // there is none
        QCOMPARE(m_panel->currentTerminal(), second);
        QTest::keyClick(keyboard(second), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(m_panel->currentTerminal(), third);
        QTest::keyClick(keyboard(third), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(m_panel->currentTerminal(), first);
        QTRY_VERIFY(keyboard(first)->hasFocus());
    }

    void splitsNestAndKeysGoThroughThem()
    {
        TerminalView *left = openAtPrompt();
        QVERIFY(left);
        QTest::keyClick(keyboard(left), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(m_panel->terminals().size(), 2);
        TerminalView *right = m_panel->currentTerminal();
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(right), 20'000);
        QVERIFY(left->isVisible() && right->isVisible() && isBeside(left, right));
        QCOMPARE(right->session()->sandboxId(), left->session()->sandboxId());
        QTest::keyClick(keyboard(right), Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(m_panel->terminals().size(), 3);
        TerminalView *below = m_panel->currentTerminal();
        QVERIFY(isAbove(right, below) && isBeside(left, right));
        QVERIFY(qAbs(right->width() - below->width()) < 3);
        QVERIFY(qAbs(left->height() - right->height()) > 50);
        // Each is as large as its program was told.
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(below), 20'000);
        type(below, u"stty size\n"_s);
        const QString size = u"%1 %2"_s.arg(below->terminal()->screenLinesCount())
                                 .arg(below->terminal()->screenColumnsCount());
        QVERIFY2(shows(below, size), qPrintable(size % u" is not in "_s % below->text()));
        QTest::keyClick(keyboard(below), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(m_panel->currentTerminal(), right);
        QTest::keyClick(keyboard(right), Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(m_panel->currentTerminal(), left);
        QTest::keyClick(keyboard(left), Qt::Key_Right, Qt::AltModifier);
        QVERIFY(m_panel->currentTerminal() != left);
        // What is empty goes, and the others take its room.
        for (TerminalView *view : {right, below})
            m_panel->removeTerminal(view, false);
        QCOMPARE(m_panel->terminals(), QList<TerminalView *>{left});
        QVERIFY(m_panel->findChildren<QSplitter *>().isEmpty() ||
                !m_panel->findChildren<QSplitter *>().first()->isVisible());
        QTRY_VERIFY(left->width() > 1000);
    }

    void rightToLeftSplitsToTheSideThatItSays()
    {
        m_panel->setLayoutDirection(Qt::RightToLeft);
        TerminalView *first = open();
        m_panel->split(first, Qt::RightEdge);
        TerminalView *second = m_panel->currentTerminal();
        QTRY_VERIFY(isBeside(first, second));
    }

    void tabsMoveBesideAndBack()
    {
        TerminalView *first = open(0);
        TerminalView *second = openAtPrompt(1);
        QVERIFY(second);
        const QString id = second->session()->sessionId();
        m_panel->move(second, Qt::RightEdge);
        QTRY_VERIFY(first->isVisible() && second->isVisible() && isBeside(first, second));
        m_panel->moveOut(second);
        QVERIFY(second->window() != m_panel.get());
        QTRY_VERIFY(second->isVisible());
        QCOMPARE(m_panel->terminals(), (QList<TerminalView *>{first, second}));
        type(second, u"echo out-$((1+1))\n"_s);
        QVERIFY(shows(second, u"out-2"_s));
        // The window's own keys; closing it ends nothing.
        QVERIFY(QTest::qWaitForWindowActive(second->window()));
        QTest::keyClick(keyboard(second), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(m_panel->terminals().size(), 3);
        TerminalView *third = m_panel->currentTerminal();
        QCOMPARE(third->window(), second->window());
        QCOMPARE(third->session()->sandboxId(), m_ids.at(1));
        second->window()->close();
        QTRY_COMPARE(second->window(), m_panel.get());
        QCOMPARE(m_panel->terminals().size(), 3);
        QCOMPARE(second->session()->sessionId(), id);
        QCOMPARE(second->session()->state(), TerminalSession::State::Live);
    }

    void tabsChangePlacesUnderTheMouse()
    {
        TerminalView *first = open(0);
        TerminalView *second = open(1);
        TerminalView *third = open(2);
        QTabBar *bar = groupOf(first)->tabBar();
        const QPoint from = bar->tabRect(0).center();
        const QPoint to = bar->tabRect(2).center() + QPoint(20, 0);
        QTest::mousePress(bar, Qt::LeftButton, {}, from);
        for (int step = 1; step <= 10; ++step)
            QTest::mouseMove(bar, from + (to - from) * step / 10);
        QTest::mouseRelease(bar, Qt::LeftButton, {}, to);
        QTRY_COMPARE(m_panel->terminals(), (QList<TerminalView *>{second, third, first}));
    }

    void closingAsksOnlyWhereSomethingRuns()
    {
        TerminalView *idle = openAtPrompt();
        QVERIFY(idle);
        TerminalView *busy = openAtPrompt(1);
        QVERIFY(busy);
        const QString idleId = idle->session()->sessionId();
        QVERIFY(sessions(m_ids.at(0)).contains(idleId));
        QTest::keyClick(keyboard(busy), Qt::Key_1, Qt::AltModifier);
        QTest::keyClick(keyboard(idle), Qt::Key_W, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(m_panel->terminals(), QList<TerminalView *>{busy});
        QTRY_VERIFY(!sessions(m_ids.at(0)).contains(idleId));
        type(busy, u"sleep 1234\n"_s);
        QVERIFY(shows(busy, u"sleep 1234"_s));
        m_panel->closeTerminal(busy);
        m_panel->closeTerminal(busy);  // asks once
        QPointer<QMessageBox> box = question();
        QVERIFY(box);
        QVERIFY2(box->text().contains(u"sleep"_s) && box->text().contains(u"box-2"_s),
                 qPrintable(box->text()));
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!box);
        QCOMPARE(m_panel->terminals(), QList<TerminalView *>{busy});
        const QString id = busy->session()->sessionId();
        m_panel->closeTerminal(busy);
        QVERIFY((box = question()));
        QTest::mouseClick(buttonOf(box, u"Keep running"_s), Qt::LeftButton);
        QTRY_VERIFY(m_panel->terminals().isEmpty());
        QVERIFY(m_panel->findChild<QPushButton *>(u"openTerminalButton"_s)->isVisible());
        QVERIFY(sessions(m_ids.at(1)).contains(id));
        // It is taken up again, still running, and then ended.
        TerminalSession *session = m_connection->createTerminalSession(m_ids.at(1), nullptr);
        session->setSession(id);
        TerminalView *again = m_panel->addTerminal(session, u"box-2"_s);
        QVERIFY(shows(again, u"sleep 1234"_s));
        m_panel->closeTerminal(again);
        QVERIFY((box = question()));
        QTest::mouseClick(buttonOf(box, u"End"_s), Qt::LeftButton);
        QTRY_VERIFY(m_panel->terminals().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(!sessions(m_ids.at(1)).contains(id), 20'000);
    }

    void watchingShowsThatItIsOnlyThat()
    {
        TerminalView *owner = openAtPrompt();
        QVERIFY(owner);
        TerminalSession *session = m_connection->createTerminalSession(m_ids.at(0), nullptr);
        session->setKind(TerminalSession::Kind::ReadOnly);
        session->setSession(owner->session()->sessionId());
        TerminalView *watcher = m_panel->addTerminal(session, u"box"_s);
        QVERIFY(goesTo(watcher, TerminalSession::State::Live));
        QTRY_VERIFY2(banner(watcher).contains(u"watching"_s), qPrintable(banner(watcher)));
        QVERIFY(groupOf(watcher)->tabText(1).contains(u"watched"_s));
        type(watcher, u"echo typed-$((1+1))\n"_s);
        watcher->paste(u"echo pasted"_s);
        type(owner, u"echo mine-$((2+2))\n"_s);
        QVERIFY(shows(owner, u"mine-4"_s) && shows(watcher, u"mine-4"_s));
        QVERIFY(!owner->text().contains(u"typed"_s) && !owner->text().contains(u"pasted"_s));
        // Closing it asks nothing and ends nothing.
        m_panel->closeTerminal(watcher);
        QCOMPARE(m_panel->terminals(), QList<TerminalView *>{owner});
        type(owner, u"echo still-$((3+3))\n"_s);
        QVERIFY(shows(owner, u"still-6"_s));
    }

    void whatIsSavedComesBack()
    {
        TerminalView *first = openAtPrompt(0);
        QVERIFY(first);
        type(first, u"echo first-$((1+1))\n"_s);
        QVERIFY(shows(first, u"first-2"_s));
        TerminalView *second = open(1);
        m_panel->move(second, Qt::BottomEdge);
        TerminalView *third = open(2);
        m_panel->moveOut(third);
        QTRY_VERIFY_WITH_TIMEOUT(atPrompt(second) && atPrompt(third), 20'000);
        m_panel->addSibling(first, true);  // temporary ones are not kept
        const SavedTerminals saved = m_panel->saved();
        QCOMPARE(saved.terminals.size(), 3);
        QCOMPARE(saved.windows.size(), 1);
        m_panel.reset();
        QVERIFY(showPanel());
        m_panel->restore(saved, [](const SavedTerminal &terminal) {
            auto *session = new TerminalSession(nullptr, terminal.sandboxId);
            session->restore(terminal);
            return session;
        });
        const QList<TerminalView *> back = m_panel->terminals();
        QCOMPARE(back.size(), 3);
        // The screens are there before anybody was asked anything.
        QTRY_VERIFY(back.at(0)->text().contains(u"first-2"_s));
        QVERIFY(isAbove(back.at(0), back.at(1)));
        m_panel->showWindows(true);
        QVERIFY(back.at(2)->window() != m_panel.get());
        QVERIFY2(banner(back.at(0)).contains(u"last time"_s), qPrintable(banner(back.at(0))));
        m_connection->sandboxes()->refresh();
        for (const TerminalView *view : back)
            m_connection->adopt(view->session());
        for (const TerminalView *view : back)
            QVERIFY(goesTo(view, TerminalSession::State::Live));
        QCOMPARE(back.at(0)->text().count(u"first-2"_s), 1);
        type(back.at(0), u"echo on-$((4+4))\n"_s);
        QVERIFY(shows(back.at(0), u"on-8"_s));
    }

    void theLineSaysWhatHappened()
    {
        TerminalView *sleeper = openAtPrompt(2);
        QVERIFY(sleeper);
        QVERIFY(test::answerOf(m_box.client()->sleep(m_ids.at(2))).has_value());
        QVERIFY(goesTo(sleeper, TerminalSession::State::Asleep));
        QVERIFY2(banner(sleeper).contains(u"asleep"_s) && banner(sleeper).contains(u"any key"_s),
                 qPrintable(banner(sleeper)));
        QVERIFY(atPrompt(sleeper));  // its last screen
        QTest::keyClick(keyboard(sleeper), Qt::Key_Space);
        QVERIFY(goesTo(sleeper, TerminalSession::State::Live));
        QVERIFY(test::answerOf(
                    m_box.client()->deletePtySession(m_ids.at(2), sleeper->session()->sessionId()))
                    .has_value());
        QVERIFY(goesTo(sleeper, TerminalSession::State::Ended));
        QVERIFY2(banner(sleeper).contains(u"somewhere else"_s), qPrintable(banner(sleeper)));
        QTest::keyClick(keyboard(sleeper), Qt::Key_Space);
        QVERIFY(goesTo(sleeper, TerminalSession::State::Live));
        QVERIFY(test::answerOf(m_box.client()->deleteSandbox(m_ids.at(2))).has_value());
        QVERIFY(goesTo(sleeper, TerminalSession::State::Ended));
        QVERIFY2(banner(sleeper).contains(u"was deleted"_s), qPrintable(banner(sleeper)));
        QTest::keyClick(keyboard(sleeper), Qt::Key_Space);
        QCOMPARE(sleeper->session()->state(), TerminalSession::State::Ended);
    }
};

QTEST_MAIN(TestTerminalPanel)
#include "tst_terminalpanel.moc"
