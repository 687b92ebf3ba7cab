// SPDX-License-Identifier: MIT
#include "terminalpanel.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "broadcastbar.h"
#include "emulator.h"
#include "icons.h"
#include "terminalactions.h"
#include "terminalarea.h"
#include "terminalbroadcast.h"
#include "terminalcloseflow.h"
#include "terminaltabs.h"
#include "terminalview.h"
#include "terminalwindow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

TerminalPanel::TerminalPanel(QWidget *parent)
    : QWidget(parent),
      m_actions(new TerminalActions(this)),
      m_broadcast(new TerminalBroadcast(this)),
      m_area(new TerminalArea(this)),
      m_empty(new QWidget(this))
{
    setUpEmpty();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new BroadcastBar(m_broadcast, this));
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_area, 1);
    m_area->hide();
    setUpArea(m_area);
    setUpActions();
    connect(m_broadcast, &TerminalBroadcast::changed, this, [this] {
        for (TerminalView *view : terminals())
            updateTab(view);
        updateActions();
    });
    connect(this, &TerminalPanel::currentChanged, this, &TerminalPanel::updateActions);
}

TerminalPanel::~TerminalPanel()
{
    // Children go after the members that their last signals would be about.
    m_broadcast->disconnect(this);
    for (const TerminalArea *area : areas()) {
        for (TerminalTabs *group : area->groups()) {
            group->disconnect(this);
            group->tabBar()->disconnect(this);
            for (TerminalView *view : group->views())
                view->disconnect(this);
        }
    }
    for (TerminalWindow *window : std::as_const(m_windows)) {
        window->disconnect(this);
        delete window;
    }
}

void TerminalPanel::setUpEmpty()
{
    auto *layout = new QVBoxLayout(m_empty);
    auto *label = new QLabel(tr("No terminal is open."), m_empty);
    label->setAlignment(Qt::AlignCenter);
    label->setForegroundRole(QPalette::PlaceholderText);
    auto *button = new QPushButton(themedIcon(u"terminal"_s), tr("Open terminal"), m_empty);
    button->setObjectName(u"openTerminalButton"_s);
    button->setProperty("opensTerminal", true);
    connect(button, &QPushButton::clicked, this, &TerminalPanel::newTerminalRequested);
    layout->addStretch();
    layout->addWidget(label);
    layout->addWidget(button, 0, Qt::AlignHCenter);
    layout->addStretch();
}

void TerminalPanel::setUpArea(TerminalArea *area)
{
    connect(area, &TerminalArea::groupMade, this, &TerminalPanel::setUpGroup);
    connect(area, &TerminalArea::dropped, this,
            [this, area](TerminalView *view, TerminalTabs *group, int index,
                         std::optional<Qt::Edge> side) { drop(view, area, group, index, side); });
}

void TerminalPanel::setUpGroup(TerminalTabs *group)
{
    connect(group, &TerminalTabs::closeRequested, this, &TerminalPanel::closeTerminal);
    connect(group, &TerminalTabs::menuRequested, this, &TerminalPanel::showTabMenu);
    connect(group, &TerminalTabs::newRequested, this,
            [this](const TerminalView *beside) { addSibling(beside); });
    connect(group, &TerminalTabs::draggedOut, this, &TerminalPanel::startDrag);
    connect(group, &TerminalTabs::clicked, this, [this, group](TerminalView *view) {
        m_lastGroup = group;
        // Once the click has made it the current one.
        QMetaObject::invokeMethod(view, [view] { view->setFocus(); }, Qt::QueuedConnection);
        Q_EMIT currentChanged();
    });
    connect(group, &QTabWidget::currentChanged, this, [this, group](int index) {
        if (index >= 0)
            m_lastGroup = group;
        Q_EMIT currentChanged();
    });
    connect(group->tabBar(), &QTabBar::tabMoved, this, &TerminalPanel::layoutChanged);
}

QList<TerminalArea *> TerminalPanel::areas() const
{
    QList<TerminalArea *> areas{m_area};
    for (const TerminalWindow *window : m_windows)
        areas.append(window->area());
    return areas;
}

TerminalTabs *TerminalPanel::groupOf(const QWidget *view) const
{
    for (const TerminalArea *area : areas()) {
        if (TerminalTabs *group = area->groupOf(view))
            return group;
    }
    return nullptr;
}

TerminalArea *TerminalPanel::areaOf(const QWidget *widget) const
{
    for (TerminalArea *area : areas()) {
        if (widget && area->isAncestorOf(widget))
            return area;
    }
    return nullptr;
}

TerminalTabs *TerminalPanel::currentGroup() const
{
    if (m_lastGroup && m_lastGroup->count() > 0)
        return m_lastGroup;
    for (const TerminalArea *area : areas()) {
        if (const auto groups = area->groups(); !groups.isEmpty())
            return groups.first();
    }
    return nullptr;
}

TerminalView *TerminalPanel::currentTerminal() const
{
    const TerminalTabs *group = currentGroup();
    return group ? group->currentView() : nullptr;
}

QList<TerminalView *> TerminalPanel::terminals() const
{
    QList<TerminalView *> views;
    for (const TerminalArea *area : areas()) {
        for (const TerminalTabs *group : area->groups())
            views += group->views();
    }
    return views;
}

TerminalView *TerminalPanel::makeView(TerminalSession *session, const QString &name, int number)
{
    auto *view = new TerminalView(session, name, number);
    connect(view, &TerminalView::titleChanged, this, [this, view](const QString &title) {
        m_titles.insert(view, title);
        updateTab(view);
    });
    connect(view, &TerminalView::stateChanged, this, &TerminalPanel::currentChanged);
    connect(view, &TerminalView::focused, this, [this, view] {
        m_lastGroup = groupOf(view);
        Q_EMIT currentChanged();
    });
    connect(view, &QObject::destroyed, this, [this, view] {
        m_titles.remove(view);
        m_keys.remove(view);
    });
    Q_EMIT terminalMade(view);
    return view;
}

TerminalView *TerminalPanel::addTerminal(TerminalSession *session, const QString &sandboxName,
                                         TerminalTabs *group)
{
    if (!group)
        group = currentGroup();
    if (!group)
        group = m_area->addGroup(nullptr, Qt::RightEdge);
    int number = 1;
    for (const TerminalView *other : terminals()) {
        if (other->session()->sandboxId() == session->sandboxId())
            number = qMax(number, other->number() + 1);
    }
    m_empty->setVisible(m_area->groups().isEmpty());
    m_area->setVisible(!m_area->groups().isEmpty());
    TerminalView *view = makeView(session, sandboxName, number);
    group->setCurrentIndex(group->insertView(-1, view, {}));
    updateTab(view);
    m_lastGroup = group;
    view->setFocus();
    Q_EMIT currentChanged();
    Q_EMIT layoutChanged();
    return view;
}

TerminalView *TerminalPanel::addSibling(const TerminalView *view, bool isTemporary)
{
    if (!view)
        return nullptr;
    TerminalSession *session = view->session()->makeSibling();
    if (isTemporary)
        session->setKind(TerminalSession::Kind::Temporary);
    return addTerminal(session, view->sandboxName(), groupOf(view));
}

void TerminalPanel::updateTab(TerminalView *view)
{
    TerminalTabs *group = groupOf(view);
    if (!group)
        return;
    const bool isWatched = view->session()->kind() == TerminalSession::Kind::ReadOnly;
    const auto mark = m_broadcast->isMember(view) ? SandboxColors::Mark::Broadcast
                      : isWatched                 ? SandboxColors::Mark::Watched
                                                  : SandboxColors::Mark::None;
    group->setTabIcon(group->indexOf(view), m_colors.icon(view->session()->sandboxId(), mark));
    QString title = m_titles.value(view);
    if (isWatched)
        title = title.isEmpty() ? tr("watched") : tr("watched: %1").arg(title);
    else if (view->session()->kind() == TerminalSession::Kind::Temporary)
        title = title.isEmpty() ? tr("temporary") : tr("temporary: %1").arg(title);
    group->showTitle(view, title);
}

void TerminalPanel::setNewTerminalEnabled(bool enabled)
{
    for (QAbstractButton *button : findChildren<QAbstractButton *>()) {
        if (button->property("opensTerminal").toBool())
            button->setEnabled(enabled);
    }
}

int TerminalPanel::liveCount() const
{
    return int(std::ranges::count_if(
        terminals(), [](const TerminalView *view) { return view->session()->isLive(); }));
}

QStringList TerminalPanel::liveSandboxes() const
{
    QStringList names;
    for (const TerminalView *view : terminals()) {
        if (view->session()->isLive() && !names.contains(view->sandboxName()))
            names.append(view->sandboxName());
    }
    return names;
}

void TerminalPanel::closeTerminal(TerminalView *view)
{
    if (!view || TerminalCloseFlow::isUnderWay(view))
        return;
    const auto *flow = TerminalCloseFlow::startFor(view);
    if (!flow)
        return removeTerminal(view, false);
    connect(flow, &TerminalCloseFlow::decided, this,
            [this, view](bool keepsRunning) { removeTerminal(view, keepsRunning); });
}

void TerminalPanel::removeTerminal(TerminalView *view, bool keepsRunning)
{
    TerminalTabs *group = groupOf(view);
    if (!group)
        return;
    m_broadcast->setMember(view, false);
    group->removeTab(group->indexOf(view));
    if (keepsRunning)
        view->session()->detach();
    else
        view->session()->end();
    view->hide();
    view->deleteLater();
    removeEmptyGroups();
    if (TerminalView *next = currentTerminal())
        next->setFocus();
    Q_EMIT currentChanged();
    Q_EMIT layoutChanged();
}

void TerminalPanel::closeSandbox(const QString &sandboxId)
{
    for (TerminalView *view : terminals()) {
        if (view->session()->sandboxId() == sandboxId)
            removeTerminal(view, false);
    }
}

bool TerminalPanel::showSandbox(const QString &sandboxId)
{
    TerminalView *found = nullptr;
    for (TerminalView *view : terminals()) {
        if (view->session()->sandboxId() == sandboxId)
            found = view;
    }
    if (found)
        bringToFront(found);
    return found;
}

bool TerminalPanel::showSession(const QString &sessionId)
{
    for (TerminalView *view : terminals()) {
        if (view->session()->sessionId() != sessionId || sessionId.isEmpty())
            continue;
        showTerminal(view);
        return true;
    }
    return false;
}

void TerminalPanel::showTerminal(TerminalView *view)
{
    if (!groupOf(view))
        return;
    bringToFront(view);
    view->window()->raise();
    view->window()->activateWindow();
    view->setFocus();
}

void TerminalPanel::bringToFront(TerminalView *view)
{
    groupOf(view)->setCurrentWidget(view);
    m_lastGroup = groupOf(view);
    Q_EMIT currentChanged();
}

void TerminalPanel::zoom(int steps)
{
    const TerminalView *view = currentTerminal();
    for (int step = 0; view && step < qAbs(steps); ++step) {
        if (steps > 0)
            view->terminal()->zoomIn();
        else
            view->terminal()->zoomOut();
    }
}

}  // namespace voidrun
