// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

#include "models/terminalsession.h"

class QLabel;
class QMimeData;
class QPushButton;
class QTermWidget;

namespace Konsole
{
class Emulation;
}

namespace voidrun
{

class TerminalPump;

// One terminal on the screen: the emulator, and a line above it that says when it is not live. GUI
// thread.
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
    // What the screen and its history show, as text.
    QString text() const;
    void paste(const QString &text);  // asks first when it holds several lines
    void copy();

Q_SIGNALS:
    void titleChanged(const QString &title);  // of the program, cut and without control characters
    void stateChanged();
    void focused();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateSize();
    void updateState();
    void updateColors();
    QString droppedText(const QMimeData *data) const;
    void pasteClipboard(bool selection);
    void send(QString text);
    void showContextMenu(const QPoint &globalPosition);
    void reconnect();

    TerminalSession *m_session;
    QString m_sandboxName;
    int m_number;
    Konsole::Emulation *m_emulation = nullptr;  // the terminal's; null where it was not found
    QTermWidget *m_terminal;
    TerminalPump *m_pump = nullptr;
    QFrame *m_banner;
    QLabel *m_bannerLabel;
    QPushButton *m_bannerButton;
    QTimer m_resizeTimer;
};

}  // namespace voidrun
