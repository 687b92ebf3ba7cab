// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <functional>

// Paths inside a sandbox: absolute, '/' between the parts, whatever this computer's system does.
namespace voidrun::guestpath
{

// Where a person's files go unless they choose otherwise; every sandbox has it.
inline constexpr QLatin1StringView WorkFolder("/app");

// "." and ".." and doubled slashes resolved as text; always starts with '/', never ends with it
// (but for the root itself).
QString clean(const QString &path);
QString join(const QString &folder, const QString &name);
QString parent(const QString &path);    // "/" for the root
QString fileName(const QString &path);  // empty for the root
// True for the folder itself too. Both cleaned.
bool isInside(const QString &path, const QString &folder);

// Not empty, not "." or "..", no '/' or NUL, at most 255 bytes as UTF-8.
bool isValidName(const QString &name);

// As one word of a line for bash, without control characters in it.
QString shellQuoted(const QString &path);

// "name (2).ext", the first that is free; an empty string when there is none below 10,000.
QString freeName(const QString &name, bool isDir,
                 const std::function<bool(const QString &)> &isTaken);

}  // namespace voidrun::guestpath
