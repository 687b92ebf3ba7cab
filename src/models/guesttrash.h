// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QDateTime;

// The trash of a sandbox: a folder in it. What is deleted keeps its whole path below a folder that
// is named after the moment, so nothing else needs to be remembered to put it back.
namespace voidrun::guesttrash
{

inline constexpr QLatin1StringView Folder("/.voidrun-trash");

// Where something goes that is deleted at that moment.
QString placeFor(const QString &path, const QDateTime &moment);
// Where something in the trash was; empty for anything else, and for the trash's own folders.
QString originOf(const QString &path);
bool isInTrash(const QString &path);  // the trash itself too

}  // namespace voidrun::guesttrash
