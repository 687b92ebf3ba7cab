// SPDX-License-Identifier: MIT
#include "textfile.h"

#include <QStringDecoder>
#include <QStringEncoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr QChar VisibleCr(u'\u240D');

QByteArray markOf(QStringConverter::Encoding encoding)
{
    switch (encoding) {
        case QStringConverter::Utf16LE:
            return QByteArray::fromRawData("\xff\xfe", 2);
        case QStringConverter::Utf16BE:
            return QByteArray::fromRawData("\xfe\xff", 2);
        default:
            return QByteArray::fromRawData("\xef\xbb\xbf", 3);
    }
}

// What an editor would take for a line's end or give back as another character.
bool isKeptByEditors(const QString &text)
{
    constexpr char16_t FirstFrame = 0xfdd0;
    constexpr char16_t LastFrame = 0xfdd1;
    for (const QChar c : text) {
        if (c.isNull() || c == QChar::ParagraphSeparator || c == QChar::LineSeparator ||
            c == QChar(FirstFrame) || c == QChar(LastFrame))
            return false;
    }
    return true;
}

}  // namespace

std::optional<TextFile> TextFile::fromBytes(const QByteArray &bytes)
{
    TextFile file;
    for (const auto encoding :
         {QStringConverter::Utf8, QStringConverter::Utf16LE, QStringConverter::Utf16BE}) {
        if (bytes.startsWith(markOf(encoding))) {
            file.m_encoding = encoding;
            file.m_hasMark = true;
        }
    }
    const QByteArray body = file.m_hasMark ? bytes.sliced(markOf(file.m_encoding).size()) : bytes;
    QStringDecoder decoder(file.m_encoding, QStringConverter::Flag::Stateless |
                                                QStringConverter::Flag::ConvertInitialBom);
    QString text = decoder(body);
    if (decoder.hasError() && !file.m_hasMark) {
        file.m_encoding = QStringConverter::Latin1;
        text = QString::fromLatin1(body);
    }
    if (!isKeptByEditors(text))
        return std::nullopt;
    file.m_lineEnd = lineEndOf(text);
    if (file.m_lineEnd == LineEnd::Mixed && text.contains(VisibleCr))
        return std::nullopt;
    file.takeLines(std::move(text));
    if (file.bytesOf(file.m_text) != bytes)
        return std::nullopt;
    return file;
}

TextFile::LineEnd TextFile::lineEndOf(const QString &text)
{
    const qsizetype both = text.count("\r\n"_L1);
    const qsizetype cr = text.count(u'\r') - both;
    const qsizetype lf = text.count(u'\n') - both;
    if (both > 0)
        return cr + lf == 0 ? LineEnd::CrLf : LineEnd::Mixed;
    if (cr > 0)
        return lf == 0 ? LineEnd::Cr : LineEnd::Mixed;
    return LineEnd::Lf;
}

void TextFile::takeLines(QString text)
{
    switch (m_lineEnd) {
        case LineEnd::Lf:
            break;
        case LineEnd::CrLf:
            text.replace("\r\n"_L1, "\n"_L1);
            break;
        case LineEnd::Cr:
            text.replace(u'\r', u'\n');
            break;
        case LineEnd::Mixed:
            text.replace(u'\r', VisibleCr);
            break;
    }
    m_text = std::move(text);
}

std::optional<QByteArray> TextFile::bytesOf(const QString &text) const
{
    QString lines = text;
    switch (m_lineEnd) {
        case LineEnd::Lf:
            break;
        case LineEnd::CrLf:
            lines.replace("\n"_L1, "\r\n"_L1);
            break;
        case LineEnd::Cr:
            lines.replace(u'\n', u'\r');
            break;
        case LineEnd::Mixed:
            lines.replace(VisibleCr, u'\r');
            break;
    }
    // Its encoder writes a question mark instead.
    const auto isForeign = [](QChar c) { return c.unicode() > 0xff; };
    if (m_encoding == QStringConverter::Latin1 && std::ranges::any_of(lines, isForeign))
        return std::nullopt;
    QStringEncoder encoder(m_encoding, QStringConverter::Flag::Stateless);
    const QByteArray body = encoder(lines);
    if (encoder.hasError())
        return std::nullopt;
    return m_hasMark ? QByteArray(markOf(m_encoding) + body) : body;
}

QString TextFile::encodingName() const
{
    switch (m_encoding) {
        case QStringConverter::Utf8:
            return m_hasMark ? u"UTF-8 BOM"_s : u"UTF-8"_s;
        case QStringConverter::Latin1:
            return u"ISO 8859-1"_s;
        default:
            return u"UTF-16"_s;
    }
}

}  // namespace voidrun
