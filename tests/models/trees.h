// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>

namespace voidrun::test
{

// Everything below a local folder, by relative path: "d" for a folder, "-" and the content of a
// file, "x" and the content of an executable one, "l" and the target of a link.
QMap<QByteArray, QByteArray> treeOf(const QString &folder);

// Writes a file with the folders it needs.
bool writeFile(const QString &path, const QByteArray &content, bool executable = false);
QByteArray readFile(const QString &path);

// A folder with empty folders, odd names (spaces, quotes, percent, plus, hash, Unicode, leading
// dash, newline) and executable files.
bool makeOddTree(const QString &folder);

}  // namespace voidrun::test
