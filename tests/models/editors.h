// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

// How well-known editors save: the same system calls in the same order, as strace shows them.
namespace voidrun::test::editors
{

using Save = bool (*)(const QString &path, const QByteArray &content);

// nano, and any program that just writes: truncates the file and writes.
bool inPlace(const QString &path, const QByteArray &content);
// The same in pieces with pauses between them.
bool inPieces(const QString &path, const QByteArray &content);
// Kate and other Qt programs: QSaveFile.
bool likeQt(const QString &path, const QByteArray &content);
// Vim with its defaults: a probe called 4913, the file renamed to a backup, a new one written, the
// backup removed; a swap file stays beside it.
bool likeVim(const QString &path, const QByteArray &content);
// Emacs: the old file becomes the backup and stays.
bool likeEmacs(const QString &path, const QByteArray &content);
// LibreOffice: a lock file while it is open, a temporary file renamed over the document.
bool likeLibreOffice(const QString &path, const QByteArray &content);
// gedit and others with GIO: ".goutputstream-XXXXXX" renamed over the file.
bool likeGio(const QString &path, const QByteArray &content);
// Removes the file first.
bool removeAndCreate(const QString &path, const QByteArray &content);

}  // namespace voidrun::test::editors
