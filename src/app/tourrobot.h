// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QPoint>
#include <QString>
#include <QUrl>

class QAbstractItemView;
class QMainWindow;
class QModelIndex;
class QWidget;

namespace voidrun
{

// A person's hands: sends mouse, key and drop events to the windows, which deliver them as they do
// those of the real devices. Counts the clicks. GUI thread.
class TourRobot
{
public:
    void click(QWidget *widget, Qt::MouseButton button = Qt::LeftButton);
    void clickAt(QWidget *widget, const QPoint &position, Qt::MouseButton button = Qt::LeftButton);
    void clickRow(QAbstractItemView *view, const QModelIndex &index);
    void doubleClickRow(QAbstractItemView *view, const QModelIndex &index);
    // One step through the menus, to the menu or action of this object name: a title in the menu
    // bar is clicked, an entry of an open menu is reached with the keys. True once it is there.
    static bool canChoose(const QMainWindow *window, const QString &name);
    void choose(const QMainWindow *window, const QString &name);
    // Types into whatever has the keyboard focus in the window of `widget`.
    void type(QWidget *widget, const QString &text);
    // As a file manager does: the pointer enters, moves, and lets go of these files.
    void dropFiles(QWidget *widget, const QPoint &position, const QList<QUrl> &files);

    int clicks() const { return m_clicks; }

private:
    int m_clicks = 0;
};

}  // namespace voidrun
