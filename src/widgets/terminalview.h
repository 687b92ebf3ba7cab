// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QPointer>
#include <QTimer>

#include <chrono>

#include "models/terminalsession.h"
#include "terminaloptions.h"

class QDropEvent;
class QKeyEvent;
class QLabel;
class QMimeData;
class QMouseEvent;
class QPushButton;
class QTermWidget;

namespace Konsole
{
class Emulation;
}

namespace voidrun
{

class TerminalNote;
class TerminalActivity;
class TerminalBar;
class TerminalOverlay;
class TerminalPump;
class TerminalSearchBar;
class TerminalSettings;

// One terminal on the screen: the emulator, a line above it that says when it is not live, and one
// below it with what can be done. GUI thread.
class TerminalView : public QWidget
{
    Q_OBJECT

public:
    // Takes the session as a child and starts it once the view has its size. `number` tells the
    // terminals of one sandbox apart.
    TerminalView(TerminalSession *session, const QString &sandboxName, int number = 1,
                 QWidget *parent = nullptr);
    ~TerminalView() override;

    TerminalSession *session() const { return m_session; }
    const QString &sandboxName() const { return m_sandboxName; }
    int number() const { return m_number; }
    QString label() const;  // the sandbox's name, with the number from the second on
    QTermWidget *terminal() const { return m_terminal; }
    TerminalBar *bar() const { return m_bar; }
    // What the screen and its history show, as text.
    QString text() const;
    // True while the shell says that a command runs; not all shells say.
    bool isCommandRunning() const;
    // Follows these from now on; they outlive the view. Until then the standard ones hold.
    void setSettings(TerminalSettings *settings);
    void paste(const QString &text);  // asks first when it holds several lines
    // What was pasted elsewhere, and confirmed there where that was needed.
    void typePasted(QString text);
    void copy();
    void find();
    // Types the paths of files in the sandbox, quoted for the shell: what follows filesDropped().
    void typePaths(const QStringList &guestPaths);

Q_SIGNALS:
    void titleChanged(const QString &title);  // of the program, cut and without control characters
    void stateChanged();
    void focused();
    void pasted(const QString &text);  // by a person, into this one
    void bellRang();
    // A command that took long has ended while nobody looked.
    void finishedNotice(std::chrono::milliseconds duration);
    void commandRunningChanged();
    // The person wants these local files in the sandbox, and their paths there typed.
    void filesDropped(const QStringList &localFiles);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void setUpTerminal();
    void setUpBar();
    void connectTerminal();
    void followSize();
    void updateSize();
    void updateState();
    void updateColors();
    void applyOptions();
    TerminalOptions options() const;
    void showOptions();
    bool isForPrograms(const QMouseEvent &mouse) const;
    bool passToProgram(QObject *display, const QMouseEvent &mouse);
    QByteArray corrected(const QByteArray &reply) const;
    bool takeKey(const QKeyEvent &key);
    bool takePress(const QMouseEvent &mouse);
    void takeDrop(QDropEvent *drop);
    bool mayDrop(const QMimeData *data) const;
    QString droppedText(const QMimeData *data) const;
    void askForUpload(const QStringList &files);
    void askForPaste(const QString &text, int lines);
    void openLink(const QUrl &url);
    void pasteClipboard(bool selection);
    void send(const QString &text);
    void showContextMenu(const QPoint &globalPosition);
    void reconnect();

    TerminalSession *m_session;
    QString m_sandboxName;
    int m_number;
    Konsole::Emulation *m_emulation = nullptr;  // the terminal's; null where it was not found
    QTermWidget *m_terminal;
    TerminalPump *m_pump = nullptr;
    TerminalOverlay *m_overlay = nullptr;
    TerminalSearchBar *m_searchBar = nullptr;
    QPointer<TerminalSettings> m_settings;
    QFrame *m_banner;
    QLabel *m_bannerLabel;
    QPushButton *m_bannerButton;
    TerminalNote *m_note;
    TerminalBar *m_bar;
    TerminalActivity *m_activity;
    QTimer m_resizeTimer;
    bool m_passing = false;  // an event of the mouse that was set right
};

}  // namespace voidrun
