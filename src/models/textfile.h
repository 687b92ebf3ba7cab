// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringConverter>

#include <optional>

namespace voidrun
{

// A text as it is edited, and what its file needs to stay what it is: encoding, mark and line
// ends. What cannot come back byte for byte is refused instead of changed. A plain value.
class TextFile
{
public:
    // Cr: old Macintosh files. Mixed: kept too; the text shows each CR as "␍".
    enum class LineEnd { Lf, CrLf, Cr, Mixed };

    // None where it is no text: a NUL, or bytes that would not come back as they were. UTF-8,
    // UTF-16 with its mark, else one byte a character (ISO 8859-1).
    static std::optional<TextFile> fromBytes(const QByteArray &bytes);

    // With LF between the lines.
    const QString &text() const { return m_text; }
    // The same file with another text. None where it has a character that its encoding has not.
    std::optional<QByteArray> bytesOf(const QString &text) const;

    QString encodingName() const;  // "UTF-8"; not translated
    LineEnd lineEnd() const { return m_lineEnd; }

private:
    static LineEnd lineEndOf(const QString &text);
    void takeLines(QString text);

    QString m_text;
    QStringConverter::Encoding m_encoding = QStringConverter::Utf8;
    bool m_hasMark = false;
    LineEnd m_lineEnd = LineEnd::Lf;
};

}  // namespace voidrun
