// SPDX-License-Identifier: MIT
#include "visibletext.h"

#include <QCoreApplication>

#include <QCollator>

#include <algorithm>

namespace voidrun
{

namespace
{

bool isHidden(QChar c)
{
    return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
           c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
}

QChar symbolFor(QChar c)
{
    constexpr char16_t ControlPictures = 0x2400;
    constexpr char16_t DeletePicture = 0x2421;
    constexpr char16_t ZeroWidthNonJoiner = 0x200C;
    constexpr char16_t ZeroWidthJoiner = 0x200D;
    if (c.unicode() < 0x20)
        return QChar(static_cast<char16_t>(ControlPictures + c.unicode()));
    if (c.unicode() == 0x7F)
        return QChar(DeletePicture);
    // Part of how some languages and emoji are written.
    if (c.unicode() == ZeroWidthNonJoiner || c.unicode() == ZeroWidthJoiner)
        return c;
    return QChar(QChar::ReplacementCharacter);
}

}  // namespace

QString visibleText(const QString &text)
{
    if (std::ranges::none_of(text, isHidden))
        return text;
    QString shown = text;
    for (QChar &c : shown) {
        if (isHidden(c))
            c = symbolFor(c);
    }
    return shown;
}

QCollator nameCollator()
{
    // The "C" locale has no collation at all, so no natural order either.
    const QLocale locale;
    QCollator collator(locale.language() == QLocale::C ? QLocale(QLocale::English) : locale);
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    return collator;
}

QString durationText(qint64 seconds)
{
    constexpr qint64 Minute = 60;
    constexpr qint64 Hour = 60 * Minute;
    if (seconds < Minute)
        return QCoreApplication::translate("Duration", "%1 s").arg(qMax(seconds, qint64(1)));
    if (seconds < Hour)
        return QCoreApplication::translate("Duration", "%1 min").arg((seconds + 30) / Minute);
    return QCoreApplication::translate("Duration", "%1 h %2 min")
        .arg(seconds / Hour)
        .arg(seconds % Hour / Minute);
}

}  // namespace voidrun
