// SPDX-License-Identifier: MIT
// Where terminals are: groups, windows, dragging, and the way from one to the next.
#include <QAction>
#include <QApplication>
#include <QDrag>
#include <QKeyEvent>
#include <QMenu>
#include <QPixmap>
#include <QTimer>

#include "terminalactions.h"
#include "terminalarea.h"
#include "terminalbroadcast.h"
#include "terminalpanel.h"
#include "terminaltabs.h"
#include "terminalview.h"
#include "terminalwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Tells a drag that was given up with Escape from one that was dropped outside of all windows.
class EscapeWatch : public QObject
{
public:
    bool wasPressed() const { return m_pressed; }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        const bool isKey =
            event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
        if (isKey && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape)
            m_pressed = true;
        return false;
    }

private:
    bool m_pressed = false;
};

}  // namespace

TerminalWindow *TerminalPanel::makeWindow()
{
    auto *window = new TerminalWindow(m_broadcast);
    m_windows.append(window);
    setUpArea(window->area());
    m_actions->addTo(window);
    // Of the window: the main one's own opens one in the sandbox that is chosen there.
    auto *add = new QAction(tr("New terminal"), window);
    add->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T));
    connect(add, &QAction::triggered, this, [this] { addSibling(currentTerminal()); });
    window->addAction(add);
    connect(window, &TerminalWindow::closing, this, [this, window] {
        for (const TerminalTabs *group : window->area()->groups()) {
            for (TerminalView *view : group->views())
                moveBack(view);
        }
    });
    return window;
}

void TerminalPanel::removeEmptyGroups()
{
    for (TerminalArea *area : areas())
        area->removeEmpty();
    for (TerminalWindow *window : QList<TerminalWindow *>(m_windows)) {
        if (!window->area()->groups().isEmpty())
            continue;
        m_windows.removeOne(window);
        window->disconnect(this);
        window->hide();
        window->deleteLater();
    }
    const bool any = !m_area->groups().isEmpty();
    m_area->setVisible(any);
    m_empty->setVisible(!any);
}

void TerminalPanel::showWindows(bool shown)
{
    for (TerminalWindow *window : std::as_const(m_windows))
        window->setVisible(shown);
}

void TerminalPanel::moveTo(TerminalView *view, TerminalTabs *group, int index)
{
    TerminalTabs *from = groupOf(view);
    if (!from || !group)
        return;
    if (from == group) {
        const int last = group->count() - 1;
        int target = index < 0 ? last : index;
        if (target > group->indexOf(view))
            --target;  // its own place becomes free
        group->tabBar()->moveTab(group->indexOf(view), qBound(0, target, last));
    } else {
        from->removeTab(from->indexOf(view));
        group->insertView(index, view, {});
    }
    group->setCurrentWidget(view);
    updateTab(view);
    removeEmptyGroups();
    m_lastGroup = group;
    view->setFocus();
    Q_EMIT currentChanged();
    Q_EMIT layoutChanged();
}

void TerminalPanel::drop(TerminalView *view, TerminalArea *area, TerminalTabs *group, int index,
                         std::optional<Qt::Edge> side)
{
    TerminalTabs *from = groupOf(view);
    if (!from || (from == group && side && from->count() == 1))
        return;
    if (!group || side)
        group = area->addGroup(group, side.value_or(Qt::RightEdge));
    moveTo(view, group, index);
}

// The new group has its size before the terminal moves in: an emulator that is squeezed to a few
// columns, if only for a moment, wraps its lines and does not find back.
void TerminalPanel::move(TerminalView *view, Qt::Edge side)
{
    TerminalTabs *group = groupOf(view);
    TerminalArea *area = areaOf(group);
    if (area && group->count() > 1)
        moveTo(view, area->addGroup(group, side), -1);
}

void TerminalPanel::split(TerminalView *view, Qt::Edge side)
{
    TerminalTabs *group = groupOf(view);
    TerminalArea *area = areaOf(group);
    if (area)
        addTerminal(view->session()->makeSibling(), view->sandboxName(),
                    area->addGroup(group, side));
}

void TerminalPanel::moveOut(TerminalView *view, const std::optional<QPoint> &place)
{
    if (!groupOf(view))
        return;
    TerminalWindow *window = makeWindow();
    if (place)
        window->move(*place);
    TerminalTabs *group = window->area()->addGroup(nullptr, Qt::RightEdge);
    window->show();
    moveTo(view, group, -1);
    window->activateWindow();
}

void TerminalPanel::moveBack(TerminalView *view)
{
    const QList<TerminalTabs *> groups = m_area->groups();
    m_empty->hide();
    m_area->show();
    moveTo(view, groups.isEmpty() ? m_area->addGroup(nullptr, Qt::RightEdge) : groups.last(), -1);
}

void TerminalPanel::startDrag(TerminalView *view)
{
    const TerminalTabs *group = groupOf(view);
    if (!group)
        return;
    const QPointer<TerminalView> dragged(view);
    const QRect tab = group->tabBar()->tabRect(group->indexOf(view));
    auto *drag = new QDrag(this);
    drag->setMimeData(new TerminalDragData(view));
    drag->setPixmap(group->tabBar()->grab(tab));
    drag->setHotSpot(QPoint(tab.width() / 2, tab.height() / 2));
    EscapeWatch escape;
    // After the drag's own filter, which keeps the key, so before it in turn.
    QTimer::singleShot(0, &escape, [&escape] { qApp->installEventFilter(&escape); });
    const Qt::DropAction done = drag->exec(Qt::MoveAction);
    const QPoint pointer = QCursor::pos();
    if (dragged && done == Qt::IgnoreAction && !escape.wasPressed() &&
        !QApplication::topLevelAt(pointer))
        moveOut(dragged, pointer);
}

void TerminalPanel::showTabMenu(TerminalView *view, const QPoint &globalPosition)
{
    bringToFront(view);  // the actions are about the current one
    auto *menu = new QMenu(view->window());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_actions->fillTabMenu(menu);
    menu->popup(globalPosition);
}

void TerminalPanel::showNext(int steps)
{
    const TerminalArea *area = areaOf(currentGroup());
    QList<TerminalView *> all;
    for (const TerminalTabs *group : area ? area->groups() : QList<TerminalTabs *>())
        all += group->views();
    if (all.isEmpty())
        return;
    const qsizetype at = all.indexOf(currentTerminal()) + steps;
    TerminalView *next = all.at((at % all.size() + all.size()) % all.size());
    bringToFront(next);
    next->setFocus();
}

void TerminalPanel::showTab(int place)
{
    const TerminalArea *area = areaOf(currentGroup());
    QList<TerminalView *> all;
    for (const TerminalTabs *group : area ? area->groups() : QList<TerminalTabs *>())
        all += group->views();
    if (place >= all.size())
        return;
    bringToFront(all.at(place));
    all.at(place)->setFocus();
}

void TerminalPanel::focusSide(Qt::Edge side)
{
    const TerminalTabs *group = currentGroup();
    const TerminalArea *area = areaOf(group);
    TerminalTabs *next = area ? area->neighbour(group, side) : nullptr;
    if (!next || !next->currentView())
        return;
    m_lastGroup = next;
    next->currentView()->setFocus();
    Q_EMIT currentChanged();
}

void TerminalPanel::broadcastToShown()
{
    for (const TerminalArea *area : areas()) {
        for (const TerminalTabs *group : area->groups()) {
            TerminalView *view = group->currentView();
            if (view && view->session()->kind() != TerminalSession::Kind::ReadOnly)
                m_broadcast->setMember(view, true);
        }
    }
}

void TerminalPanel::setUpActions()
{
    const auto on = [this](QAction *action, auto run) {
        connect(action, &QAction::triggered, this, [this, run] {
            if (TerminalView *view = currentTerminal())
                run(view);
        });
    };
    on(m_actions->splitRight, [this](TerminalView *view) { split(view, Qt::RightEdge); });
    on(m_actions->splitDown, [this](TerminalView *view) { split(view, Qt::BottomEdge); });
    on(m_actions->moveRight, [this](TerminalView *view) { move(view, Qt::RightEdge); });
    on(m_actions->moveDown, [this](TerminalView *view) { move(view, Qt::BottomEdge); });
    on(m_actions->moveOut, [this](TerminalView *view) { moveOut(view); });
    on(m_actions->moveBack, [this](TerminalView *view) { moveBack(view); });
    on(m_actions->sibling, [this](const TerminalView *view) { addSibling(view); });
    on(m_actions->temporary, [this](const TerminalView *view) { addSibling(view, true); });
    on(m_actions->sessions, [this](const TerminalView *view) {
        Q_EMIT sessionsRequested(view->session()->sandboxId(), view->sandboxName());
    });
    on(m_actions->close, [this](TerminalView *view) { closeTerminal(view); });
    on(m_actions->next, [this](TerminalView *) { showNext(1); });
    on(m_actions->previous, [this](TerminalView *) { showNext(-1); });
    on(m_actions->larger, [this](TerminalView *) { zoom(1); });
    on(m_actions->smaller, [this](TerminalView *) { zoom(-1); });
    on(m_actions->broadcast,
       [this](TerminalView *view) { m_broadcast->setMember(view, !m_broadcast->isMember(view)); });
    connect(m_actions->broadcastAll, &QAction::triggered, this, &TerminalPanel::broadcastToShown);
    connect(m_actions->stopBroadcast, &QAction::triggered, m_broadcast, &TerminalBroadcast::stop);
    connect(m_actions, &TerminalActions::focusRequested, this, &TerminalPanel::focusSide);
    connect(m_actions, &TerminalActions::tabRequested, this, &TerminalPanel::showTab);
    m_actions->addTo(this);
}

void TerminalPanel::updateActions()
{
    const TerminalView *view = currentTerminal();
    const TerminalTabs *group = view ? groupOf(view) : nullptr;
    const TerminalArea *area = areaOf(group);
    TerminalActions::Context context;
    context.isBroadcasting = !m_broadcast->members().isEmpty();
    if (area) {
        context.hasTerminal = true;
        context.canMove = group->count() > 1;
        context.isSplit = area->groups().size() > 1;
        context.isOutside = area != m_area;
        context.isMember = m_broadcast->isMember(view);
        context.canStart = view->session()->hasClient();
        context.canType = view->session()->kind() != TerminalSession::Kind::ReadOnly;
    }
    m_actions->update(context);
}

}  // namespace voidrun
