// SPDX-License-Identifier: MIT
#pragma once

#include <QTimer>
#include <QWidget>

#include "terminalsearch.h"

class QScrollBar;

namespace voidrun
{

// Lies over the text of a terminal while there is something to show there: the places that a search
// found, and the flash of a bell. Lets the mouse through. GUI thread.
class TerminalOverlay : public QWidget
{
    Q_OBJECT

public:
    // `display` is the emulator's widget, `margin` its pixels around the text.
    TerminalOverlay(QWidget *display, int margin);

    // `current` is shown stronger; -1: none.
    void showMatches(const QList<TerminalMatch> &matches, qsizetype current);
    void flash();
    // Where that span is drawn now, in the display's coordinates; empty where it is out of sight.
    QRect rectOf(const TerminalSpan &span) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateVisibility();

    QWidget *m_display;
    QScrollBar *m_scrollBar;
    int m_margin;
    QList<TerminalMatch> m_matches;
    qsizetype m_current = -1;
    QTimer m_flash;
};

}  // namespace voidrun
