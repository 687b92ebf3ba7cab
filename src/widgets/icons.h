// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace voidrun
{

// A line icon of resources/icons, drawn in the palette's text colour (or `color`) at paint time, so
// that it follows dark mode and any scale.
QIcon themedIcon(const QString &name, const QColor &color = {});

// The icon that a file of this name gets in a list.
QString iconNameForFile(const QString &fileName, bool isDir, bool isSymlink);

}  // namespace voidrun
