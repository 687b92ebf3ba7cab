// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QProxyStyle>

namespace voidrun
{

// `share` of the first colour, the rest of the second; opaque.
QColor mixed(const QColor &first, const QColor &second, double share);

// The desktop's own style with less decoration and more air: buttons of dialogs carry words, not
// pictures; a chosen row is tinted, its text keeps its colour; menus and check boxes have edges
// that are seen in dark mode too.
class CalmStyle : public QProxyStyle
{
    Q_OBJECT

public:
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override;
    QIcon standardIcon(StandardPixmap icon, const QStyleOption *option,
                       const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption *option,
                    const QWidget *widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
};

}  // namespace voidrun
