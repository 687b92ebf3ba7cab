// SPDX-License-Identifier: MIT
#pragma once

#include <QEvent>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>

namespace voidrun
{

// As high as what it holds, as long as the screen has room for that and the rest of a dialog;
// scrolls beyond. GUI thread.
class FittingScrollArea : public QScrollArea
{
    Q_OBJECT

public:
    using QScrollArea::QScrollArea;

    QSize sizeHint() const override
    {
        if (!widget())
            return QScrollArea::sizeHint();
        constexpr int RestOfDialog = 170;  // px: title, buttons, a sentence
        const QSize content = widget()->sizeHint();
        const int room = qMax(120, screen()->availableSize().height() - RestOfDialog);
        const int bar = content.height() > room ? verticalScrollBar()->sizeHint().width() : 0;
        return {content.width() + bar, qMin(content.height(), room)};
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (watched == widget() && event->type() == QEvent::LayoutRequest)
            updateGeometry();
        return QScrollArea::eventFilter(watched, event);
    }
};

}  // namespace voidrun
