// SPDX-License-Identifier: MIT
#include "tourrobot.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDropEvent>
#include <QKeyEvent>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QMouseEvent>
#include <QWidget>
#include <QWindow>

namespace voidrun
{

namespace
{

struct Target {
    QWindow *window;
    QPoint local;   // in the window
    QPoint global;  // on the screen
};

Target targetOf(QWidget *widget, const QPoint &position)
{
    QWidget *top = widget->window();
    return {top->windowHandle(), widget->mapTo(top, position), widget->mapToGlobal(position)};
}

void sendMouse(const Target &target, QEvent::Type type, Qt::MouseButton button,
               Qt::MouseButtons buttons)
{
    QMouseEvent event(type, target.local, target.local, target.global, button, buttons,
                      Qt::NoModifier);
    QCoreApplication::sendEvent(target.window, &event);
}

// Where a menu's title or an action is shown: in the menu bar or in an open menu.
std::pair<QWidget *, QPoint> placeOf(QMainWindow *window, const QString &name)
{
    const auto *menu = window->findChild<QMenu *>(name);
    QAction *action = menu ? menu->menuAction() : window->findChild<QAction *>(name);
    if (!action)
        return {};
    if (window->menuBar()->actions().contains(action))
        return {window->menuBar(), window->menuBar()->actionGeometry(action).center()};
    for (QMenu *open : window->findChildren<QMenu *>()) {
        if (open->isVisible() && open->actions().contains(action))
            return {open, open->actionGeometry(action).center()};
    }
    return {};
}

}  // namespace

void TourRobot::click(QWidget *widget, Qt::MouseButton button)
{
    clickAt(widget, widget->rect().center(), button);
}

void TourRobot::clickAt(QWidget *widget, const QPoint &position, Qt::MouseButton button)
{
    const Target target = targetOf(widget, position);
    ++m_clicks;
    sendMouse(target, QEvent::MouseMove, Qt::NoButton, Qt::NoButton);
    sendMouse(target, QEvent::MouseButtonPress, button, button);
    sendMouse(target, QEvent::MouseButtonRelease, button, Qt::NoButton);
}

void TourRobot::clickRow(QAbstractItemView *view, const QModelIndex &index)
{
    view->scrollTo(index);
    clickAt(view->viewport(), view->visualRect(index).center());
}

void TourRobot::doubleClickRow(QAbstractItemView *view, const QModelIndex &index)
{
    clickRow(view, index);
    const Target target = targetOf(view->viewport(), view->visualRect(index).center());
    ++m_clicks;
    sendMouse(target, QEvent::MouseButtonDblClick, Qt::LeftButton, Qt::LeftButton);
    sendMouse(target, QEvent::MouseButtonRelease, Qt::LeftButton, Qt::NoButton);
}

bool TourRobot::canChoose(QMainWindow *window, const QString &name) const
{
    return placeOf(window, name).first != nullptr;
}

void TourRobot::choose(QMainWindow *window, const QString &name)
{
    if (const auto [widget, position] = placeOf(window, name); widget)
        clickAt(widget, position);
}

void TourRobot::type(QWidget *widget, const QString &text)
{
    QWindow *window = widget->window()->windowHandle();
    for (const QChar c : text) {
        int key = c.toUpper().unicode();
        QString sent(c);
        if (c == u'\n') {
            key = Qt::Key_Return;
            sent = QStringLiteral("\r");
        }
        const Qt::KeyboardModifiers modifiers = c.isUpper() ? Qt::ShiftModifier : Qt::NoModifier;
        QKeyEvent press(QEvent::KeyPress, key, modifiers, sent);
        QCoreApplication::sendEvent(window, &press);
        QKeyEvent release(QEvent::KeyRelease, key, modifiers, sent);
        QCoreApplication::sendEvent(window, &release);
    }
}

void TourRobot::dropFiles(QWidget *widget, const QPoint &position, const QList<QUrl> &files)
{
    const Target target = targetOf(widget, position);
    QMimeData data;
    data.setUrls(files);
    QDragEnterEvent enter(target.local, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target.window, &enter);
    QDragMoveEvent move(target.local, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target.window, &move);
    QDropEvent drop(target.local, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(target.window, &drop);
}

}  // namespace voidrun
