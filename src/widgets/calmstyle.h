// SPDX-License-Identifier: MIT
#pragma once

#include <QProxyStyle>

namespace voidrun
{

// The desktop's own style with less decoration: buttons of dialogs carry words, not pictures.
class CalmStyle : public QProxyStyle
{
    Q_OBJECT

public:
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

}  // namespace voidrun
