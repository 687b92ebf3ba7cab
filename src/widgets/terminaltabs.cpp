// SPDX-License-Identifier: MIT
#include "terminaltabs.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QToolButton>

#include "icons.h"
#include "models/visibletext.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype TitleShown = 24;  // characters in the tab; all of it is in the tip
constexpr qsizetype NameShown = 28;   // likewise; its end tells terminals of one sandbox apart
constexpr int CloseIcon = 14;
constexpr int LeastWidth = 160;
constexpr int PullAway = 18;  // px beside the bar, from where a tab is dragged out

}  // namespace

TerminalDragData::TerminalDragData(TerminalView *view) : m_view(view)
{
    setData(u"application/x-voidrun-terminal"_s, "1");
}

TerminalView *TerminalDragData::viewOf(const QMimeData *data)
{
    const auto *terminal = qobject_cast<const TerminalDragData *>(data);
    return terminal ? terminal->view() : nullptr;
}

void TerminalTabBar::mousePressEvent(QMouseEvent *event)
{
    const auto *tabs = qobject_cast<const QTabWidget *>(parentWidget());
    const int index = tabAt(event->position().toPoint());
    m_pressed =
        event->button() == Qt::LeftButton && tabs && index >= 0 ? tabs->widget(index) : nullptr;
    QTabBar::mousePressEvent(event);
}

void TerminalTabBar::mouseMoveEvent(QMouseEvent *event)
{
    const QRect near = rect().adjusted(-PullAway, -PullAway, PullAway, PullAway);
    if (!m_pressed || !(event->buttons() & Qt::LeftButton) ||
        near.contains(event->position().toPoint())) {
        QTabBar::mouseMoveEvent(event);
        return;
    }
    // The bar lets go of the tab first: it takes up its place.
    const auto *tabs = qobject_cast<const QTabWidget *>(parentWidget());
    const QPointer<QWidget> page = std::exchange(m_pressed, nullptr);
    QMouseEvent release(QEvent::MouseButtonRelease, event->position(), event->globalPosition(),
                        Qt::LeftButton, Qt::NoButton, event->modifiers());
    QTabBar::mouseReleaseEvent(&release);
    if (page)
        Q_EMIT draggedOut(tabs->indexOf(page));
}

void TerminalTabBar::mouseReleaseEvent(QMouseEvent *event)
{
    m_pressed = nullptr;
    QTabBar::mouseReleaseEvent(event);
    const int index = tabAt(event->position().toPoint());
    if (event->button() == Qt::MiddleButton && index >= 0)
        Q_EMIT middleClicked(index);
}

TerminalTabs::TerminalTabs(QWidget *parent) : QTabWidget(parent)
{
    auto *bar = new TerminalTabBar(this);
    setTabBar(bar);
    setDocumentMode(true);
    setMovable(true);
    setMinimumWidth(LeastWidth);
    // Many tabs are scrolled: a name cut to nothing would tell nothing.
    setElideMode(Qt::ElideNone);
    setUsesScrollButtons(true);
    bar->setExpanding(false);
    bar->setAccessibleName(tr("Terminals"));
    bar->setContextMenuPolicy(Qt::CustomContextMenu);
    setUpCorner();
    connect(bar, &TerminalTabBar::draggedOut, this,
            [this](int index) { Q_EMIT draggedOut(view(index)); });
    connect(bar, &TerminalTabBar::middleClicked, this,
            [this](int index) { Q_EMIT closeRequested(view(index)); });
    connect(bar, &QWidget::customContextMenuRequested, this, [this, bar](const QPoint &position) {
        // By the keyboard it is the current one's.
        const int index = bar->tabAt(position);
        if (TerminalView *meant = view(index >= 0 ? index : currentIndex()))
            Q_EMIT menuRequested(meant, bar->mapToGlobal(position));
    });
    connect(this, &QTabWidget::tabBarClicked, this, [this](int index) {
        if (TerminalView *meant = view(index))
            Q_EMIT clicked(meant);
    });
}

void TerminalTabs::setUpCorner()
{
    auto *add = new QToolButton(this);
    add->setObjectName(u"addTerminalButton"_s);
    add->setIcon(themedIcon(u"add"_s));
    add->setAutoRaise(true);
    add->setToolTip(tr("New terminal in the same sandbox"));
    add->setAccessibleName(tr("New terminal"));
    connect(add, &QToolButton::clicked, this, [this] { Q_EMIT newRequested(currentView()); });
    auto *more = new QToolButton(this);
    more->setObjectName(u"moreTerminalsButton"_s);
    more->setIcon(themedIcon(u"more"_s));
    more->setAutoRaise(true);
    more->setToolTip(tr("More for this terminal"));
    more->setAccessibleName(tr("More for this terminal"));
    connect(more, &QToolButton::clicked, this, [this, more] {
        if (TerminalView *current = currentView())
            Q_EMIT menuRequested(current, more->mapToGlobal(QPoint(0, more->height())));
    });
    auto *corner = new QWidget(this);
    auto *layout = new QHBoxLayout(corner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(add);
    layout->addWidget(more);
    setCornerWidget(corner);
}

TerminalView *TerminalTabs::view(int index) const
{
    return qobject_cast<TerminalView *>(widget(index));
}

QList<TerminalView *> TerminalTabs::views() const
{
    QList<TerminalView *> views;
    for (int i = 0; i < count(); ++i)
        views.append(view(i));
    return views;
}

int TerminalTabs::insertView(int index, TerminalView *view, const QIcon &icon)
{
    const int place = insertTab(index < 0 ? count() : index, view, icon, view->label());
    auto *close = new QToolButton(this);
    close->setIcon(themedIcon(u"close"_s));
    close->setAutoRaise(true);
    close->setIconSize({CloseIcon, CloseIcon});
    close->setToolTip(tr("Close this terminal"));
    close->setAccessibleName(tr("Close the terminal in %1").arg(view->label()));
    connect(close, &QToolButton::clicked, view, [this, view] { Q_EMIT closeRequested(view); });
    tabBar()->setTabButton(place, QTabBar::RightSide, close);
    return place;
}

void TerminalTabs::showTitle(TerminalView *view, const QString &title)
{
    const int index = indexOf(view);
    if (index < 0)
        return;
    // The sandbox's name is always there, whatever title a program sets.
    const QString name = view->label();
    const QString visible = visibleText(title);
    QString shown = visible;
    if (shown.size() > TitleShown)
        shown = u'…' % shown.last(TitleShown);
    QString label = name;
    if (label.size() > NameShown)
        label = label.first(NameShown / 2) % u'…' % label.last(NameShown / 2 - 1);
    QString text = shown.isEmpty() ? label : tr("%1 — %2").arg(label, shown);
    setTabText(index, text.replace(u'&', u"&&"_s));
    const QString tip = visible.isEmpty() ? name : tr("%1 — %2").arg(name, visible);
    setTabToolTip(index, tip.toHtmlEscaped());
    tabBar()->setAccessibleTabName(index, tip);
}

int TerminalTabs::indexAt(const QPoint &position) const
{
    const QTabBar *bar = tabBar();
    const QPoint inBar = bar->mapFrom(this, position);
    for (int i = 0; i < count(); ++i) {
        const QRect tab = bar->tabRect(i);
        if (!tab.contains(inBar.x(), tab.center().y()))
            continue;
        const bool isSecondHalf = (inBar.x() > tab.center().x()) != isRightToLeft();
        return isSecondHalf ? i + 1 : i;
    }
    return count();
}

}  // namespace voidrun
