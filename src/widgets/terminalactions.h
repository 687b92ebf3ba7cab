// SPDX-License-Identifier: MIT
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace voidrun
{

// What can be done with the terminal that was used last, each once: the menu bar, the menus of the
// tabs and the windows share the actions. GUI thread.
class TerminalActions : public QObject
{
    Q_OBJECT

    QList<QAction *> m_all;    // before those that make() adds to it
    QList<QAction *> m_sides;  // only where there are several groups: else the keys are the shell's

public:
    // What the actions depend on.
    struct Context {
        bool hasTerminal = false;
        bool canMove = false;    // it is not alone in its group
        bool isSplit = false;    // its window has several groups
        bool isOutside = false;  // in a window of its own
        bool isMember = false;   // of the broadcast
        bool isBroadcasting = false;
        bool canStart = false;  // its sandbox can be asked for something
        bool canType = false;
    };

    explicit TerminalActions(QWidget *panel);

    void update(const Context &context);
    // All of it, in the order of the menu bar.
    void fillMenu(QMenu *menu) const;
    // What belongs to one tab.
    void fillTabMenu(QMenu *menu) const;
    // So that their keys work there.
    void addTo(QWidget *window) const;

    QAction *const splitRight;
    QAction *const splitDown;
    QAction *const moveRight;
    QAction *const moveDown;
    QAction *const moveOut;
    QAction *const moveBack;
    QAction *const sibling;
    QAction *const temporary;
    QAction *const sessions;
    QAction *const broadcast;
    QAction *const broadcastAll;
    QAction *const stopBroadcast;
    QAction *const saveOutput;
    QAction *const whatRan;
    QAction *const close;
    QAction *const next;
    QAction *const previous;
    QAction *const larger;
    QAction *const smaller;
    QMenu *const snippets;

Q_SIGNALS:
    void focusRequested(Qt::Edge side);
    void tabRequested(int place);  // from 0, in the window of the terminal

private:
    QAction *make(QWidget *panel, const QString &name, const QString &icon, const QString &text,
                  const QList<QKeySequence> &keys = {});
    void makeGoActions(QWidget *panel);
    void fillPlaces(QMenu *menu) const;
    void fillContent(QMenu *menu) const;
};

}  // namespace voidrun
