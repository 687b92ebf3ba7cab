// SPDX-License-Identifier: MIT
#pragma once

#include <QFrame>
#include <QTimer>

#include "terminalsearch.h"

class QLabel;
class QLineEdit;
class QTermWidget;
class QToolButton;

namespace voidrun
{

class TerminalOverlay;

// Finds text in what a terminal shows and has shown. Floats in a corner of the terminal, whose size
// it does not change; the newest match comes first. GUI thread.
class TerminalSearchBar : public QFrame
{
    Q_OBJECT

public:
    TerminalSearchBar(QTermWidget *terminal, TerminalOverlay *overlay, QWidget *parent);

    void open();
    void close();
    // What the terminal shows has changed.
    void outputShown();
    void showOlder() { step(-1); }
    void showNewer() { step(1); }

Q_SIGNALS:
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QToolButton *addButton(const QString &icon, const QString &text, const QString &keys);
    void search();   // anew, from the newest
    void refresh();  // again, staying where we are
    void find();
    void step(int by);
    void showCurrent();
    void updateLabel();
    void place();

    QTermWidget *m_terminal;
    TerminalOverlay *m_overlay;
    QLineEdit *m_edit;
    QLabel *m_label;
    QToolButton *m_case;
    QTimer m_refresh;
    QList<TerminalMatch> m_matches;
    qsizetype m_current = -1;
};

// What the screen and its history show.
QString terminalText(QTermWidget *terminal);

}  // namespace voidrun
