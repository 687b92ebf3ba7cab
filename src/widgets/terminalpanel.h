// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QPointer>
#include <QWidget>

#include <functional>
#include <optional>

#include "models/savedterminal.h"
#include "sandboxcolors.h"

namespace voidrun
{

class TerminalActions;
class TerminalArea;
class TerminalBroadcast;
class TerminalSession;
class TerminalTabs;
class TerminalView;
class TerminalWindow;

// The terminals of all sandboxes: tabs that say which sandbox they are in and are coloured by it,
// in groups beside and below each other, here and in windows of their own. Switching tabs or
// sandboxes never ends a shell. GUI thread.
class TerminalPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalPanel(QWidget *parent = nullptr);
    ~TerminalPanel() override;

    // Opens a tab, in the group that was used last unless told, and gives it the focus.
    TerminalView *addTerminal(TerminalSession *session, const QString &sandboxName,
                              TerminalTabs *group = nullptr);
    TerminalView *currentTerminal() const;  // the one that was used last
    QList<TerminalView *> terminals() const;
    TerminalActions *actions() const { return m_actions; }
    TerminalBroadcast *broadcast() const { return m_broadcast; }
    void setNewTerminalEnabled(bool enabled);
    int liveCount() const;              // terminals whose session is not ended
    QStringList liveSandboxes() const;  // the names of their sandboxes
    void showWindows(bool shown);       // those of their own
    // Asks where something runs in it.
    void closeTerminal(TerminalView *view);
    // At once; its session ends unless it is to keep running.
    void removeTerminal(TerminalView *view, bool keepsRunning);
    // Into a group of its own at that side of its present one.
    void move(TerminalView *view, Qt::Edge side);
    // Into a window of its own, where told at that place of the screen.
    void moveOut(TerminalView *view, const std::optional<QPoint> &place = std::nullopt);
    void moveBack(TerminalView *view);
    // Another terminal in the sandbox of this one, beside or below it.
    void split(TerminalView *view, Qt::Edge side);
    TerminalView *addSibling(const TerminalView *view, bool isTemporary = false);
    void showTerminal(TerminalView *view);  // and gives it the focus
    // Shows the newest tab of that sandbox, if there is one.
    bool showSandbox(const QString &sandboxId);
    // Shows the tab of that session and gives it the focus, if there is one.
    bool showSession(const QString &sessionId);
    void closeSandbox(const QString &sandboxId);
    // The terminal `steps` tabs further on, through all groups of its window and round.
    void showNext(int steps);
    void zoom(int steps);  // of the current terminal's text

    // What the next run needs, and what brings it back: `makeSession` makes one for what was saved,
    // or null. Wakes and asks nothing.
    SavedTerminals saved() const;
    void setKeys(const SavedTerminals &saved);  // as the store has named them
    void restore(const SavedTerminals &saved,
                 const std::function<TerminalSession *(const SavedTerminal &)> &makeSession);

Q_SIGNALS:
    void terminalMade(voidrun::TerminalView *view);
    void currentChanged();
    void newTerminalRequested();
    void sessionsRequested(const QString &sandboxId, const QString &sandboxName);
    void layoutChanged();  // which terminals there are, and where

private:
    void setUpEmpty();
    void setUpArea(TerminalArea *area);
    void setUpGroup(TerminalTabs *group);
    void setUpActions();
    TerminalWindow *makeWindow();
    QList<TerminalArea *> areas() const;
    TerminalTabs *groupOf(const QWidget *view) const;
    TerminalArea *areaOf(const QWidget *widget) const;
    TerminalTabs *currentGroup() const;
    TerminalView *makeView(TerminalSession *session, const QString &name, int number);
    void drop(TerminalView *view, TerminalArea *area, TerminalTabs *group, int index,
              std::optional<Qt::Edge> side);
    void moveTo(TerminalView *view, TerminalTabs *group, int index);
    void startDrag(TerminalView *view);
    void showTabMenu(TerminalView *view, const QPoint &globalPosition);
    void updateTab(TerminalView *view);
    void updateActions();
    void removeEmptyGroups();
    void bringToFront(TerminalView *view);
    void focusSide(Qt::Edge side);
    void showTab(int place);
    void broadcastToShown();

    TerminalActions *m_actions;
    TerminalBroadcast *m_broadcast;
    TerminalArea *m_area;
    QWidget *m_empty;
    QList<TerminalWindow *> m_windows;
    QPointer<TerminalTabs> m_lastGroup;
    QHash<const TerminalView *, QString> m_titles;
    QHash<const TerminalView *, QString> m_keys;  // of what is kept of them
    mutable SandboxColors m_colors;
};

}  // namespace voidrun
