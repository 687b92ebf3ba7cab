// SPDX-License-Identifier: MIT
#include "terminalarea.h"

#include <QDropEvent>
#include <QRubberBand>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

#include "terminaltabs.h"
#include "terminalview.h"

namespace voidrun
{

namespace
{

constexpr int EdgePart = 4;  // a quarter at each side of a group splits it

bool isHorizontal(Qt::Edge side)
{
    return side == Qt::LeftEdge || side == Qt::RightEdge;
}

// A splitter counts from the right where text does.
bool goesBefore(Qt::Edge side, bool rightToLeft)
{
    return side == Qt::TopEdge || side == (rightToLeft ? Qt::RightEdge : Qt::LeftEdge);
}

QSplitter *makeSplitter(Qt::Orientation orientation)
{
    auto *splitter = new QSplitter(orientation);
    splitter->setChildrenCollapsible(false);
    return splitter;
}

void collect(QWidget *widget, QList<TerminalTabs *> *groups)
{
    if (auto *group = qobject_cast<TerminalTabs *>(widget)) {
        groups->append(group);
    } else if (const auto *splitter = qobject_cast<QSplitter *>(widget)) {
        for (int i = 0; i < splitter->count(); ++i)
            collect(splitter->widget(i), groups);
    }
}

}  // namespace

TerminalArea::TerminalArea(QWidget *parent)
    : QWidget(parent),
      m_layout(new QVBoxLayout(this)),
      m_band(new QRubberBand(QRubberBand::Rectangle, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    setAcceptDrops(true);
}

QList<TerminalTabs *> TerminalArea::groups() const
{
    QList<TerminalTabs *> groups;
    collect(m_root, &groups);
    return groups;
}

TerminalTabs *TerminalArea::groupOf(const QWidget *view) const
{
    for (TerminalTabs *group : groups()) {
        if (group->indexOf(view) >= 0)
            return group;
    }
    return nullptr;
}

TerminalTabs *TerminalArea::makeGroup()
{
    auto *group = new TerminalTabs;
    Q_EMIT groupMade(group);
    return group;
}

void TerminalArea::setRoot(QWidget *root)
{
    m_root = root;
    m_layout->addWidget(root);
    root->show();
    m_layout->activate();  // it has its size before anything moves into it
}

TerminalTabs *TerminalArea::addGroup(TerminalTabs *group, Qt::Edge side)
{
    TerminalTabs *made = makeGroup();
    if (!group || !m_root)
        setRoot(made);
    else
        place(group, made, side);
    return made;
}

void TerminalArea::place(QWidget *beside, QWidget *widget, Qt::Edge side)
{
    const Qt::Orientation orientation = isHorizontal(side) ? Qt::Horizontal : Qt::Vertical;
    auto *splitter = qobject_cast<QSplitter *>(beside->parentWidget());
    const bool isBefore = goesBefore(side, isRightToLeft());
    if (!splitter || splitter->orientation() != orientation) {
        // In its place a splitter of the other direction with both.
        auto *inner = makeSplitter(orientation);
        if (splitter) {
            const QList<int> sizes = splitter->sizes();
            splitter->replaceWidget(splitter->indexOf(beside), inner);
            splitter->setSizes(sizes);
            inner->show();
        } else {
            m_layout->removeWidget(beside);
            setRoot(inner);
        }
        inner->addWidget(beside);
        beside->show();
        splitter = inner;
    }
    const int index = splitter->indexOf(beside);
    QList<int> sizes = splitter->sizes();
    const bool isOnly = splitter->count() == 1;
    const int whole =
        isOnly ? (orientation == Qt::Horizontal ? width() : height()) : sizes.value(index);
    splitter->insertWidget(isBefore ? index : index + 1, widget);
    widget->show();
    // The one that was there gives half of its room; the others keep theirs.
    sizes[index] = whole / 2;
    sizes.insert(index, whole - whole / 2);
    splitter->setSizes(sizes);
}

TerminalTabs *TerminalArea::neighbour(const TerminalTabs *group, Qt::Edge side) const
{
    const auto rectOf = [this](const QWidget *widget) {
        return QRect(widget->mapTo(this, QPoint()), widget->size());
    };
    const QRect from = rectOf(group);
    TerminalTabs *best = nullptr;
    int bestDistance = 0;
    for (TerminalTabs *other : groups()) {
        const QRect to = rectOf(other);
        const bool isAcross = isHorizontal(side)
                                  ? to.top() <= from.bottom() && to.bottom() >= from.top()
                                  : to.left() <= from.right() && to.right() >= from.left();
        int distance = -1;
        switch (side) {
            case Qt::LeftEdge:
                distance = from.left() - to.right();
                break;
            case Qt::RightEdge:
                distance = to.left() - from.right();
                break;
            case Qt::TopEdge:
                distance = from.top() - to.bottom();
                break;
            case Qt::BottomEdge:
                distance = to.top() - from.bottom();
                break;
        }
        if (other == group || !isAcross || distance < 0 || (best && distance >= bestDistance))
            continue;
        best = other;
        bestDistance = distance;
    }
    return best;
}

void TerminalArea::removeEmpty()
{
    for (TerminalTabs *group : groups()) {
        if (group->count() > 0)
            continue;
        auto *splitter = qobject_cast<QSplitter *>(group->parentWidget());
        group->hide();
        group->setParent(nullptr);
        group->deleteLater();
        if (splitter)
            collapse(splitter);
        else
            m_root = nullptr;
    }
}

// A splitter with one part only gives its place to that.
void TerminalArea::collapse(QSplitter *splitter)
{
    if (splitter->count() != 1)
        return;
    QWidget *left = splitter->widget(0);
    auto *above = qobject_cast<QSplitter *>(splitter->parentWidget());
    if (!above) {
        m_layout->removeWidget(splitter);
        setRoot(left);
    } else {
        const QList<int> sizes = above->sizes();
        above->replaceWidget(above->indexOf(splitter), left);
        above->setSizes(sizes);
        left->show();
    }
    splitter->hide();
    splitter->setParent(nullptr);
    splitter->deleteLater();
}

TerminalLayout TerminalArea::layoutOf(const std::function<int(TerminalView *)> &place) const
{
    const std::function<TerminalLayout(QWidget *)> describe = [&](QWidget *widget) {
        TerminalLayout layout;
        if (const auto *group = qobject_cast<TerminalTabs *>(widget)) {
            for (TerminalView *view : group->views()) {
                const int at = place(view);
                if (at < 0)
                    continue;
                if (view == group->currentView())
                    layout.current = int(layout.tabs.size());
                layout.tabs.append(at);
            }
        } else if (const auto *splitter = qobject_cast<QSplitter *>(widget)) {
            layout.type = splitter->orientation() == Qt::Horizontal ? TerminalLayout::Type::Row
                                                                    : TerminalLayout::Type::Column;
            layout.sizes = splitter->sizes();
            for (int i = 0; i < splitter->count(); ++i)
                layout.parts.append(describe(splitter->widget(i)));
        }
        return layout;
    };
    return describe(m_root);
}

QWidget *TerminalArea::build(const TerminalLayout &layout,
                             QList<std::pair<TerminalTabs *, TerminalLayout>> *made)
{
    if (layout.type == TerminalLayout::Type::Tabs || layout.parts.isEmpty()) {
        TerminalTabs *group = makeGroup();
        made->append({group, layout});
        return group;
    }
    auto *splitter =
        makeSplitter(layout.type == TerminalLayout::Type::Row ? Qt::Horizontal : Qt::Vertical);
    for (const TerminalLayout &part : layout.parts)
        splitter->addWidget(build(part, made));
    splitter->setSizes(layout.sizes);
    return splitter;
}

void TerminalArea::restore(const TerminalLayout &layout,
                           const std::function<void(TerminalTabs *, const TerminalLayout &)> &fill)
{
    if (m_root)
        return;
    QList<std::pair<TerminalTabs *, TerminalLayout>> made;
    setRoot(build(layout, &made));
    for (const auto &[group, tabs] : std::as_const(made))
        fill(group, tabs);
    removeEmpty();
}

TerminalArea::Target TerminalArea::targetAt(const QPoint &position) const
{
    Target target;
    for (TerminalTabs *group : groups()) {
        const QRect rect(group->mapTo(this, QPoint()), group->size());
        if (!rect.contains(position))
            continue;
        const QPoint inside = position - rect.topLeft();
        target.group = group;
        target.shown = rect;
        if (inside.y() <= group->tabBar()->height()) {
            target.index = group->indexAt(inside);
            return target;
        }
        const int across = rect.width() / EdgePart;
        const int down = rect.height() / EdgePart;
        if (inside.x() >= rect.width() - across) {
            target.side = Qt::RightEdge;
            target.shown.setLeft(rect.center().x());
        } else if (inside.y() >= rect.height() - down) {
            target.side = Qt::BottomEdge;
            target.shown.setTop(rect.center().y());
        } else if (inside.x() < across) {
            target.side = Qt::LeftEdge;
            target.shown.setRight(rect.center().x());
        }
        return target;
    }
    target.shown = rect();
    return target;
}

void TerminalArea::dragEnterEvent(QDragEnterEvent *event)
{
    if (TerminalDragData::viewOf(event->mimeData()))
        event->acceptProposedAction();
}

void TerminalArea::dragMoveEvent(QDragMoveEvent *event)
{
    if (!TerminalDragData::viewOf(event->mimeData()))
        return;
    m_band->setGeometry(targetAt(event->position().toPoint()).shown);
    m_band->raise();
    m_band->show();
    event->acceptProposedAction();
}

void TerminalArea::dragLeaveEvent(QDragLeaveEvent *event)
{
    m_band->hide();
    QWidget::dragLeaveEvent(event);
}

void TerminalArea::dropEvent(QDropEvent *event)
{
    m_band->hide();
    TerminalView *view = TerminalDragData::viewOf(event->mimeData());
    if (!view)
        return;
    event->acceptProposedAction();
    const Target target = targetAt(event->position().toPoint());
    Q_EMIT dropped(view, target.group, target.index, target.side);
}

}  // namespace voidrun
