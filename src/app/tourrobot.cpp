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

QAction *actionOf(const QMainWindow *window, const QString &name)
{
    const auto *menu = window->findChild<QMenu *>(name);
    return menu ? menu->menuAction() : window->findChild<QAction *>(name);
}

QMenu *openMenuWith(const QMainWindow *window, QAction *action)
{
    for (QMenu *menu : window->findChildren<QMenu *>()) {
        if (menu->isVisible() && menu->actions().contains(action))
            return menu;
    }
    return nullptr;
}

void sendKey(QWidget *widget, Qt::Key key)
{
    for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, key, Qt::NoModifier);
        QCoreApplication::sendEvent(widget->window()->windowHandle(), &event);
    }
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

bool TourRobot::canChoose(const QMainWindow *window, const QString &name)
{
    QAction *action = actionOf(window, name);
    return action &&
           (window->menuBar()->actions().contains(action) || openMenuWith(window, action));
}

void TourRobot::choose(const QMainWindow *window, const QString &name)
{
    QAction *action = actionOf(window, name);
    QMenuBar *bar = window->menuBar();
    if (bar->actions().contains(action))
        return clickAt(bar, bar->actionGeometry(action).center());
    QMenu *menu = openMenuWith(window, action);
    for (qsizetype step = 0; menu && step < menu->actions().size(); ++step) {
        if (menu->activeAction() == action)
            break;
        sendKey(menu, Qt::Key_Down);
    }
    if (menu)
        sendKey(menu, Qt::Key_Return);
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
