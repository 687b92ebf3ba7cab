// SPDX-License-Identifier: MIT
#include "terminaloptions.h"

#include <QFont>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr double SmallestFont = 5;  // points
constexpr double LargestFont = 72;

const QString Group = u"terminal/"_s;
const QString FamilyKey = Group % u"font"_s;
const QString SizeKey = Group % u"fontSize"_s;
const QString SchemeKey = Group % u"colors"_s;
const QString ScrollbackKey = Group % u"scrollback"_s;
const QString CopyKey = Group % u"copyOnSelect"_s;
const QString PasteKey = Group % u"askBeforePaste"_s;
const QString BellKey = Group % u"flashOnBell"_s;
const QString FinishedKey = Group % u"noticeWhenFinished"_s;

}  // namespace

QFont TerminalOptions::font() const
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    // A proportional font would tear columns apart.
    if (!fontFamily.isEmpty() && QFontDatabase::isFixedPitch(fontFamily))
        font.setFamilies({fontFamily});
    font.setPointSizeF(fontSize > 0 ? fontSize : QGuiApplication::font().pointSizeF() + 1);
    return font;
}

QStringList TerminalOptions::colorSchemes()
{
    return {u"VoidRunLight"_s,   u"VoidRunDark"_s,    u"Solarized"_s,
            u"SolarizedLight"_s, u"BreezeModified"_s, u"DarkPastels"_s,
            u"Tango"_s,          u"BlackOnWhite"_s,   u"WhiteOnBlack"_s};
}

TerminalOptions TerminalOptions::read(const QSettings &settings)
{
    TerminalOptions options;
    options.fontFamily = settings.value(FamilyKey).toString();
    const double size = settings.value(SizeKey, 0).toDouble();
    options.fontSize = size >= SmallestFont && size <= LargestFont ? size : 0;
    const QString scheme = settings.value(SchemeKey).toString();
    options.colorScheme = colorSchemes().contains(scheme) ? scheme : QString();
    options.scrollback =
        qBound(0, settings.value(ScrollbackKey, options.scrollback).toInt(), MostScrollback);
    options.copyOnSelect = settings.value(CopyKey, options.copyOnSelect).toBool();
    options.askBeforePaste = settings.value(PasteKey, options.askBeforePaste).toBool();
    options.flashOnBell = settings.value(BellKey, options.flashOnBell).toBool();
    options.noticeWhenFinished = settings.value(FinishedKey, options.noticeWhenFinished).toBool();
    return options;
}

void TerminalOptions::write(QSettings *settings) const
{
    settings->setValue(FamilyKey, fontFamily);
    settings->setValue(SizeKey, fontSize);
    settings->setValue(SchemeKey, colorScheme);
    settings->setValue(ScrollbackKey, scrollback);
    settings->setValue(CopyKey, copyOnSelect);
    settings->setValue(PasteKey, askBeforePaste);
    settings->setValue(BellKey, flashOnBell);
    settings->setValue(FinishedKey, noticeWhenFinished);
}

}  // namespace voidrun
