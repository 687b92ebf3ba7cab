// SPDX-License-Identifier: MIT
#pragma once

#include <QAccessible>
#include <QStringList>
#include <QWidget>

namespace voidrun::test
{

// What can have the focus in a widget that is shown and has no name for a screen reader; names of
// the parts, for a message.
inline QString withoutName(const QWidget *widget)
{
    QStringList nameless;
    for (QWidget *part : widget->findChildren<QWidget *>()) {
        if (part->focusPolicy() == Qt::NoFocus || !part->isVisible() || part->focusProxy() ||
            part->objectName().startsWith(QLatin1StringView("qt_")))
            continue;
        const QAccessibleInterface *reader = QAccessible::queryAccessibleInterface(part);
        if (!reader || reader->text(QAccessible::Name).isEmpty())
            nameless.append(QLatin1StringView(part->metaObject()->className()) + u' ' +
                            part->objectName());
    }
    return nameless.join(QLatin1StringView(", "));
}

}  // namespace voidrun::test
