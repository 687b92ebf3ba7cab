// SPDX-License-Identifier: MIT
#include "calmstyle.h"

#include <QPainter>
#include <QStyleOption>

#include "icons.h"

namespace voidrun
{

namespace
{

constexpr double RowTint = 0.24;   // share of the highlight colour in a chosen row
constexpr double EdgeTint = 0.32;  // share of the text colour in an edge
constexpr int CellMargin = 6;      // device-independent pixels at both sides of a cell's text

// The palette for a row: what is chosen is tinted and keeps its text colour.
QPalette rowPalette(QPalette palette)
{
    const QColor highlight = palette.color(QPalette::Active, QPalette::Highlight);
    for (const auto group : {QPalette::Active, QPalette::Inactive}) {
        palette.setColor(group, QPalette::Highlight,
                         mixed(highlight, palette.color(group, QPalette::Base), RowTint));
        palette.setColor(group, QPalette::HighlightedText, palette.color(group, QPalette::Text));
    }
    return palette;
}

void drawEdge(const QStyleOption *option, QPainter *painter, const QRect &rect)
{
    painter->save();
    painter->setPen(mixed(option->palette.color(QPalette::WindowText),
                          option->palette.color(QPalette::Window), EdgeTint));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(rect.adjusted(0, 0, -1, -1));
    painter->restore();
}

bool isDark(const QStyleOption *option)
{
    return option->palette.color(QPalette::Window).lightness() < 128;
}

}  // namespace

QColor mixed(const QColor &first, const QColor &second, double share)
{
    const auto part = [share](float a, float b) { return float(a * share + b * (1 - share)); };
    return QColor::fromRgbF(part(first.redF(), second.redF()),
                            part(first.greenF(), second.greenF()),
                            part(first.blueF(), second.blueF()));
}

int CalmStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                         QStyleHintReturn *data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

QIcon CalmStyle::standardIcon(StandardPixmap icon, const QStyleOption *option,
                              const QWidget *widget) const
{
    if (icon == SP_TitleBarCloseButton || icon == SP_DockWidgetCloseButton)
        return themedIcon(QStringLiteral("close"));
    if (icon == SP_TitleBarNormalButton)
        return themedIcon(QStringLiteral("float"));
    return QProxyStyle::standardIcon(icon, option, widget);
}

int CalmStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                           const QWidget *widget) const
{
    if (metric == PM_FocusFrameHMargin || metric == PM_HeaderMargin)
        return qMax(CellMargin, QProxyStyle::pixelMetric(metric, option, widget));
    return QProxyStyle::pixelMetric(metric, option, widget);
}

void CalmStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                              QPainter *painter, const QWidget *widget) const
{
    const auto *row = qstyleoption_cast<const QStyleOptionViewItem *>(option);
    if (row && element == PE_PanelItemViewRow) {
        QStyleOptionViewItem tinted(*row);
        tinted.palette = rowPalette(tinted.palette);
        QProxyStyle::drawPrimitive(element, &tinted, painter, widget);
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (!isDark(option))
        return;
    if (element == PE_FrameMenu || element == PE_IndicatorCheckBox)
        drawEdge(option, painter, option->rect);
}

void CalmStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                            const QWidget *widget) const
{
    const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
    if (item && element == CE_ItemViewItem) {
        QStyleOptionViewItem tinted(*item);
        tinted.palette = rowPalette(tinted.palette);
        QProxyStyle::drawControl(element, &tinted, painter, widget);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

}  // namespace voidrun
