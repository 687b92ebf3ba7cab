// SPDX-License-Identifier: MIT
#include "problemlabel.h"

#include <QEvent>

namespace voidrun
{

ProblemLabel::ProblemLabel(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    updateColor();
    hide();
}

void ProblemLabel::showProblem(const QString &sentence)
{
    setText(sentence);
    setVisible(!sentence.isEmpty());
}

void ProblemLabel::updateColor()
{
    QPalette colors = palette();
    const bool dark = colors.color(QPalette::Window).lightness() < 128;
    const QColor red = dark ? QColor(0xff, 0x8a, 0x8f) : QColor(0xb4, 0x1c, 0x25);
    if (colors.color(QPalette::WindowText) == red)
        return;  // our own change comes back as an event
    colors.setColor(QPalette::WindowText, red);
    setPalette(colors);
}

void ProblemLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateColor();
}

}  // namespace voidrun
