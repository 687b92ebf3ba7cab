// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>
#include <QStringList>

namespace voidrun
{

// As what the bytes of a file can be shown. Nothing is executed, and nothing is believed: every
// format's reader has its bounds.
enum class PreviewKind { Empty, Text, Json, Table, Image, Archive, Binary };

// By the bytes, and by the name where they do not tell.
PreviewKind previewKind(const QString &fileName, const QByteArray &bytes);

// Text as it was meant: UTF-8, UTF-16 with its mark, else one byte a character. A character that
// is cut at the end is left out.
QString previewText(const QByteArray &bytes);

// At most `bound` wide and high; null when it cannot be read. Any thread.
QImage previewImage(const QByteArray &bytes, QSize bound, QSize *fullSize);

// The names in an archive, folders with a slash at the end; at most 10,000. Any thread.
struct ArchiveList {
    QStringList names;
    QList<qint64> sizes;      // -1 where it is not known
    bool isComplete = false;  // and readable to its end
};
ArchiveList previewArchive(const QByteArray &bytes);

}  // namespace voidrun
