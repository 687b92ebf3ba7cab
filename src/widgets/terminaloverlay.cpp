// SPDX-License-Identifier: MIT
#include "terminaloverlay.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>

namespace voidrun
{

namespace
{
constexpr int FlashTime = 150;  // ms
constexpr int FlashWidth = 3;   // pixels
}  // namespace

TerminalOverlay::TerminalOverlay(QWidget *display, int margin)
    : QWidget(display),
      m_display(display),
      m_scrollBar(display->findChild<QScrollBar *>()),
      m_margin(margin)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
    m_flash.setSingleShot(true);
    m_flash.setInterval(FlashTime);
    connect(&m_flash, &QTimer::timeout, this, &TerminalOverlay::updateVisibility);
    if (m_scrollBar)
        connect(m_scrollBar, &QScrollBar::valueChanged, this, qOverload<>(&QWidget::update));
    display->installEventFilter(this);
}

void TerminalOverlay::showMatches(const QList<TerminalMatch> &matches, qsizetype current)
{
    m_matches = matches;
    m_current = current;
    updateVisibility();
}

void TerminalOverlay::flash()
{
    m_flash.start();
    updateVisibility();
}

// Hidden when empty: two widgets one upon the other are painted twice.
void TerminalOverlay::updateVisibility()
{
    setVisible(!m_matches.isEmpty() || m_flash.isActive());
    setGeometry(m_display->rect());
    raise();
    update();
}

bool TerminalOverlay::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize)
        setGeometry(m_display->rect());
    return QWidget::eventFilter(watched, event);
}

QRect TerminalOverlay::rectOf(const TerminalSpan &span) const
{
    // The emulator tells the size of a cell by its cursor.
    const QSize cell = m_display->inputMethodQuery(Qt::ImCursorRectangle).toRect().size();
    const int line = span.line - (m_scrollBar ? m_scrollBar->value() : 0);
    const QRect rect(m_margin + span.column * cell.width(), m_margin + line * cell.height(),
                     span.cells * cell.width(), cell.height());
    return m_display->rect().contains(rect.center()) ? rect : QRect();
}

void TerminalOverlay::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor color = palette().color(QPalette::Highlight);
    for (qsizetype i = 0; i < m_matches.size(); ++i) {
        color.setAlpha(i == m_current ? 150 : 70);
        for (const TerminalSpan &span : m_matches.at(i)) {
            const QRect rect = rectOf(span);
            if (rect.isEmpty())
                continue;
            painter.fillRect(rect, color);
            if (i == m_current) {  // not by colour alone
                painter.setPen(palette().color(QPalette::Highlight));
                painter.drawRect(rect.adjusted(0, 0, -1, -1));
            }
        }
    }
    if (m_flash.isActive()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2 * FlashWidth));
        painter.drawRect(rect());
    }
}

}  // namespace voidrun
