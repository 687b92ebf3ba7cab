// SPDX-License-Identifier: MIT
#include "dropframe.h"

#include <QPainter>

namespace voidrun
{

DropFrame::DropFrame(QWidget *parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropFrame::cover()
{
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

void DropFrame::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor color = palette().color(QPalette::Active, QPalette::Highlight);
    painter.setPen(QPen(color, 2));
    color.setAlpha(32);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(rect()).adjusted(2, 1, -2, -1), 5, 5);
}

}  // namespace voidrun
