// SPDX-License-Identifier: MIT
// The tour's part about watching: what somebody else changes in a sandbox is seen.
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

#include "desktop.h"
#include "mainwindow.h"
#include "models/watcheventsmodel.h"
#include "models/watchmodel.h"
#include "terminalview.h"
#include "tour.h"
#include "watchpanel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

// A folder is watched while something works in it.
TourPart Tour::watchFolder()
{
    MainWindow *window = m_desktop->window();
    const WatchModel *watches = m_desktop->watches();
    for (const QString &step : {u"viewMenu"_s, u"goToWatchingAction"_s}) {
        co_await until([&] { return m_robot.canChoose(window, step); });
        m_robot.choose(window, step);
    }
    bool held = co_await until([window] { return window->watchPanel()->isVisible(); });
    if (!check(held, tr("the View menu shows what is watched")))
        co_return false;
    m_robot.click(window->watchPanel()->findChild<QToolButton *>(u"watchButton"_s));
    held = co_await until([this] { return dialog() != nullptr; });
    if (!check(held, tr("Watch a folder asks which one")))
        co_return false;
    co_await settle();
    picture(u"watch-folder"_s);
    m_robot.click(button(dialog(), tr("Watch")));
    held = co_await until([watches] {
        return watches->rowCount() == 1 &&
               watches->index(0, 0).data(WatchModel::WatchRole).value<Watch>().isKnown;
    });
    if (!check(held, tr("the folder is watched")))
        co_return false;
    m_robot.clickAt(terminal(0), terminal(0)->rect().center());
    m_robot.type(terminal(0),
                 u"for n in 1 2 3; do date > note$n.txt; sleep 0.1; done; date >> iso_3166-1.json; "
                 "mv note2.txt kept.txt; rm note3.txt; clear\n"_s);
    held = co_await until([watches] {
        const WatchEventsModel *events = watches->events();
        const auto newest = events->index(0, WatchEventsModel::KindColumn).data().toString();
        return events->rowCount() >= 5 &&
               newest == WatchEventsModel::kindName(WatchChange::Kind::Deleted);
    });
    if (!check(held, tr("what was made, changed, renamed and deleted is listed")))
        co_return false;
    held = co_await until(
        [this] { return fileRow(u"kept.txt"_s).isValid() && !fileRow(u"note3.txt"_s).isValid(); });
    if (!check(held, tr("the list of files follows by itself")))
        co_return false;
    co_await settle();
    picture(u"watching"_s);
    for (const QString &step : {u"viewMenu"_s, u"watchPanelAction"_s}) {
        co_await until([&] { return m_robot.canChoose(window, step); });
        m_robot.choose(window, step);
    }
    held = co_await until([window] { return !window->watchPanel()->isVisible(); });
    co_return check(held, tr("the panel goes when it is not wanted; watching goes on"));
}

}  // namespace voidrun
