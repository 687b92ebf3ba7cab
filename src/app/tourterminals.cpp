// SPDX-License-Identifier: MIT
// The tour's part about many terminals.
#include <QAction>
#include <QPushButton>
#include <QTabBar>
#include <QToolButton>

#include "desktop.h"
#include "mainwindow.h"
#include "models/sandboxmodel.h"
#include "models/terminalsession.h"
#include "sandboxpanel.h"
#include "terminalbroadcast.h"
#include "terminalpanel.h"
#include "terminaltabs.h"
#include "terminalview.h"
#include "tour.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Many = 8;

TerminalTabs *groupOf(TerminalPanel *panel, const TerminalView *view)
{
    for (TerminalTabs *group : panel->findChildren<TerminalTabs *>()) {
        if (group->views().contains(view))
            return group;
    }
    return nullptr;
}

QList<TerminalView *> shownTerminals(const TerminalPanel *panel)
{
    QList<TerminalView *> shown;
    for (TerminalView *view : panel->terminals()) {
        if (view->isVisible())
            shown.append(view);
    }
    return shown;
}

}  // namespace

// Two more sandboxes, three terminals side by side.
TourPart Tour::threeTerminals()
{
    MainWindow *window = m_desktop->window();
    for (int more = 1; more <= 2; ++more) {
        m_robot.click(window->sandboxPanel()->findChild<QPushButton *>(u"newButton"_s));
        bool made = co_await until([this] { return dialog() != nullptr; });
        if (!check(made, tr("another sandbox")))
            co_return false;
        co_await settle();  // its window manager may still give it another size
        m_robot.click(button(dialog(), tr("Create")));
        made = co_await until([&] {
            const TerminalView *newest = window->terminalPanel()->currentTerminal();
            return sandboxes()->rowCount() == more + 1 && newest &&
                   window->terminalPanel()->terminals().size() == more + 1 &&
                   hasPrompt(newest->text(), newest->sandboxName());
        });
        if (!check(made, tr("sandbox %1 has a prompt").arg(more + 1)))
            co_return false;
        for (const QString &step : {u"terminalMenu"_s, u"moveTerminalAction"_s}) {
            co_await until([&] { return m_robot.canChoose(window, step); });
            m_robot.choose(window, step);
        }
        co_await settle();
    }
    for (int i = 0; i < 3; ++i) {
        m_robot.clickAt(terminal(i), terminal(i)->rect().center());
        m_robot.type(terminal(i), u"echo $((6*7)) from $(hostname)\n"_s);
    }
    const bool held = co_await until([this] {
        for (int i = 0; i < 3; ++i) {
            if (!screenText(i).contains(u"42 from "_s % terminal(i)->sandboxName()))
                return false;
        }
        return true;
    });
    if (!check(held, tr("three terminals of three sandboxes answer side by side")))
        co_return false;
    co_await settle();
    picture(u"side-by-side"_s);
    co_return true;
}

// Eight tabs of the three sandboxes, in splits beside and below each other.
TourPart Tour::eightTerminals()
{
    TerminalPanel *panel = m_desktop->window()->terminalPanel();
    m_robot.clickAt(terminal(2), terminal(2)->rect().center());
    for (const QString &step : {u"terminalMenu"_s, u"splitDownAction"_s}) {
        co_await until([&] { return m_robot.canChoose(m_desktop->window(), step); });
        m_robot.choose(m_desktop->window(), step);
    }
    bool held = co_await until([panel] { return panel->terminals().size() == 4; });
    if (!check(held, tr("a terminal splits downwards")))
        co_return false;
    for (int made = 4; made < Many; ++made) {
        const TerminalTabs *group = groupOf(panel, shownTerminals(panel).value(made % 3));
        m_robot.click(group->findChild<QToolButton *>(u"addTerminalButton"_s));
        held = co_await until([&] { return panel->terminals().size() == made + 1; });
        if (!held)
            break;
    }
    held = held && co_await until([panel] { return panel->liveCount() == Many; });
    if (!check(held, tr("eight terminals of three sandboxes are open")))
        co_return false;
    held = co_await until([panel] {
        for (const TerminalView *view : panel->terminals()) {
            if (view->isVisible() && !hasPrompt(view->text(), view->sandboxName()))
                return false;
        }
        return true;
    });
    if (!check(held, tr("each has its prompt")))
        co_return false;
    co_await settle();
    picture(u"eight-terminals"_s);
    co_return true;
}

// One keyboard for all that are shown.
TourPart Tour::typeIntoAll()
{
    MainWindow *window = m_desktop->window();
    TerminalPanel *panel = window->terminalPanel();
    for (const QString &step : {u"terminalMenu"_s, u"broadcastAllAction"_s}) {
        co_await until([&] { return m_robot.canChoose(window, step); });
        m_robot.choose(window, step);
    }
    const auto shown = [panel] { return shownTerminals(panel); };
    m_robot.clickAt(shown().first(), shown().first()->rect().center());
    m_robot.type(shown().first(), u"echo together-$((6*7)) in $(hostname)\n"_s);
    const bool held = co_await until([&] {
        for (const TerminalView *view : shown()) {
            if (!view->text().contains(u"together-42 in "_s % view->sandboxName()))
                return false;
        }
        return shown().size() > 2;
    });
    if (!check(held, tr("what is typed once runs in all that are shown")))
        co_return false;
    co_await settle();
    picture(u"typed-into-all"_s);
    m_robot.click(panel->findChild<QPushButton *>(u"stopBroadcastButton"_s));
    if (!check(!panel->broadcast()->isOn(), tr("one click ends that")))
        co_return false;
    co_return true;
}

// A sandbox falls asleep under its terminal; a key brings both back.
TourPart Tour::sleepAndWake()
{
    TerminalView *view = shownTerminals(m_desktop->window()->terminalPanel()).first();
    m_robot.clickAt(view, view->rect().center());
    sandboxes()->sleep(view->session()->sandboxId());  // as its server does when it is idle
    const auto state = [view] { return view->session()->state(); };
    bool held = co_await until([&] { return state() == TerminalSession::State::Asleep; });
    if (!check(held && view->text().contains(u"together-42"_s),
               tr("a terminal of a sandbox that fell asleep keeps its screen")))
        co_return false;
    co_await settle();
    picture(u"asleep"_s);
    m_robot.type(view, u" "_s);
    held = co_await until([&] { return state() == TerminalSession::State::Live; });
    if (!check(held, tr("any key wakes the sandbox and brings the terminal back")))
        co_return false;
    m_robot.type(view, u"echo awake-$((1+1))\n"_s);
    held = co_await until([view] { return view->text().contains(u"awake-2"_s); });
    if (!check(held, tr("it answers again")))
        co_return false;
    co_await settle();
    picture(u"awake-again"_s);
    co_return true;
}

}  // namespace voidrun
