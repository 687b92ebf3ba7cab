// SPDX-License-Identifier: MIT
#include "terminalnote.h"

#include <QEvent>

namespace voidrun
{

namespace
{
constexpr int Margin = 8;  // px to the terminal's edges, and around the text
}

TerminalNote::TerminalNote(QWidget *terminal) : QLabel(terminal)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    setFrameShape(QFrame::StyledPanel);
    setMargin(Margin);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    terminal->installEventFilter(this);
    hide();
}

void TerminalNote::showText(const QString &text)
{
    setText(text);
    setVisible(!text.isEmpty());
    place();
}

bool TerminalNote::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        place();
    return QLabel::eventFilter(watched, event);
}

void TerminalNote::place()
{
    const int width = qMax(0, parentWidget()->width() - 2 * Margin);
    const int wanted = qMin(width, fontMetrics().horizontalAdvance(text()) + 6 * Margin);
    const int left = layoutDirection() == Qt::RightToLeft ? Margin + width - wanted : Margin;
    setGeometry(left, Margin, wanted, heightForWidth(wanted));
    raise();
}

}  // namespace voidrun
