// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QWidget>

#include <functional>
#include <optional>

#include "models/savedterminal.h"

class QRubberBand;
class QSplitter;
class QVBoxLayout;

namespace voidrun
{

class TerminalTabs;
class TerminalView;

// Groups of terminals in rows and columns, one in the other, as a person splits them. Tabs are
// dropped into a group or at one of its edges, where they get a group of their own. Holds the
// groups; what is in them is the panel's. GUI thread.
class TerminalArea : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalArea(QWidget *parent = nullptr);

    QList<TerminalTabs *> groups() const;  // as they are read: left before right, then down
    TerminalTabs *groupOf(const QWidget *view) const;
    // At that side of `group`; the first one where that is null.
    TerminalTabs *addGroup(TerminalTabs *group, Qt::Edge side);
    // The group that is seen on that side of this one; null at the end.
    TerminalTabs *neighbour(const TerminalTabs *group, Qt::Edge side) const;
    // Takes away groups and splits that hold nothing any more.
    void removeEmpty();

    TerminalLayout layoutOf(const std::function<int(TerminalView *)> &place) const;
    // Makes the groups; `fill` puts the terminals into each.
    void restore(const TerminalLayout &layout,
                 const std::function<void(TerminalTabs *, const TerminalLayout &)> &fill);

Q_SIGNALS:
    void groupMade(voidrun::TerminalTabs *group);
    // At `index` of the group, or at its side.
    void dropped(voidrun::TerminalView *view, voidrun::TerminalTabs *group, int index,
                 std::optional<Qt::Edge> side);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Target {
        TerminalTabs *group = nullptr;
        int index = -1;
        std::optional<Qt::Edge> side;
        QRect shown;  // in this widget
    };

    TerminalTabs *makeGroup();
    Target targetAt(const QPoint &position) const;
    void place(QWidget *beside, QWidget *widget, Qt::Edge side);
    QWidget *build(const TerminalLayout &layout,
                   QList<std::pair<TerminalTabs *, TerminalLayout>> *made);
    void collapse(QSplitter *splitter);
    void setRoot(QWidget *root);

    QVBoxLayout *m_layout;
    QPointer<QWidget> m_root;  // a group or a splitter; none where there is no group
    QRubberBand *m_band;
};

}  // namespace voidrun
