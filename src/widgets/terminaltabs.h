// SPDX-License-Identifier: MIT
#pragma once

#include <QMimeData>
#include <QPointer>
#include <QTabBar>
#include <QTabWidget>

namespace voidrun
{

class TerminalView;

// A tab on its way to another place of this application; other programs see nothing in it.
class TerminalDragData : public QMimeData
{
    Q_OBJECT

public:
    explicit TerminalDragData(TerminalView *view);
    TerminalView *view() const { return m_view; }

    // The terminal that is dragged; null for anything else.
    static TerminalView *viewOf(const QMimeData *data);

private:
    QPointer<TerminalView> m_view;
};

// Tabs that can be put into another order, and dragged out. GUI thread.
class TerminalTabBar : public QTabBar
{
    Q_OBJECT

public:
    using QTabBar::QTabBar;

Q_SIGNALS:
    void draggedOut(int index);
    void middleClicked(int index);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QPointer<QWidget> m_pressed;  // the page of the tab that is held
};

// A group of terminals in one place: tabs of any sandboxes. GUI thread.
class TerminalTabs : public QTabWidget
{
    Q_OBJECT

public:
    explicit TerminalTabs(QWidget *parent = nullptr);

    TerminalView *view(int index) const;
    TerminalView *currentView() const { return view(currentIndex()); }
    QList<TerminalView *> views() const;
    // At `index`, or last where that is negative; its place then.
    int insertView(int index, TerminalView *view, const QIcon &icon);
    // The terminal's name and, cut in front, its program's title.
    void showTitle(TerminalView *view, const QString &title);
    // Where a tab that is dropped there would go.
    int indexAt(const QPoint &position) const;

Q_SIGNALS:
    void closeRequested(voidrun::TerminalView *view);
    void menuRequested(voidrun::TerminalView *view, const QPoint &globalPosition);
    void newRequested(voidrun::TerminalView *beside);
    void clicked(voidrun::TerminalView *view);
    void draggedOut(voidrun::TerminalView *view);

private:
    void setUpCorner();
};

}  // namespace voidrun
