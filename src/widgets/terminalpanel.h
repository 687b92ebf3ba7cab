// SPDX-License-Identifier: MIT
#pragma once

#include <QPointer>
#include <QSplitter>
#include <QTabWidget>
#include <QWidget>

namespace voidrun
{

class TerminalSession;
class TerminalView;

// The terminals of all sandboxes: tabs that say which sandbox they are in and are coloured by it,
// in one or more groups side by side. Switching tabs or sandboxes never ends a shell. GUI thread.
class TerminalPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TerminalPanel(QWidget *parent = nullptr);

    // Opens a tab, in the group that was used last unless told, and gives it the focus.
    TerminalView *addTerminal(TerminalSession *session, const QString &sandboxName,
                              QTabWidget *group = nullptr);
    TerminalView *currentTerminal() const;
    QList<TerminalView *> terminals() const;
    void setNewTerminalEnabled(bool enabled);
    int liveCount() const;                   // terminals whose session is not ended
    QStringList liveSandboxes() const;       // the names of their sandboxes
    void closeTerminal(TerminalView *view);  // ends its session
    // Into a group of its own at the right of its present one.
    void moveBeside(TerminalView *view);
    // Shows the newest tab of that sandbox, if there is one.
    bool showSandbox(const QString &sandboxId);
    void closeSandbox(const QString &sandboxId);
    // The terminal `steps` tabs further on, through all groups and round.
    void showNext(int steps);
    void zoom(int steps);  // of the current terminal's text

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void currentChanged();
    void newTerminalRequested();

private:
    QTabWidget *makeGroup();
    QTabWidget *groupOf(const QWidget *view) const;
    QTabWidget *currentGroup() const;
    int insertTab(QTabWidget *group, TerminalView *view, const QIcon &icon, const QString &text);
    void updateTab(TerminalView *view, const QString &title = {});
    void addSibling(const TerminalView *view);  // in the same sandbox, in the same group
    QColor colorOf(const QString &sandboxId);
    void removeEmptyGroups();
    void bringToFront(TerminalView *view);
    void showTabMenu(QTabWidget *group, const QPoint &position);

    QSplitter *m_splitter;
    QWidget *m_empty;
    QPointer<QTabWidget> m_lastGroup;
    QHash<QString, int> m_hues;  // by sandbox
};

}  // namespace voidrun
