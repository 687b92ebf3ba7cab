// SPDX-License-Identifier: MIT
#include "appearance.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QPalette>
#include <QProxyStyle>
#include <QSettings>
#include <QStyle>
#include <QStyleHints>

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr auto Key = "appearance"_L1;

QPalette darkPalette()
{
    QPalette palette(QColor(0x3c, 0x42, 0x4e), QColor(0x2d, 0x31, 0x39));
    palette.setColor(QPalette::Window, QColor(0x2d, 0x31, 0x39));
    palette.setColor(QPalette::WindowText, QColor(0xe6, 0xe9, 0xef));
    palette.setColor(QPalette::Base, QColor(0x19, 0x1c, 0x22));
    palette.setColor(QPalette::AlternateBase, QColor(0x21, 0x25, 0x2c));
    palette.setColor(QPalette::Text, QColor(0xe6, 0xe9, 0xef));
    palette.setColor(QPalette::Button, QColor(0x3c, 0x42, 0x4e));
    palette.setColor(QPalette::ButtonText, QColor(0xe6, 0xe9, 0xef));
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::ToolTipBase, QColor(0x31, 0x36, 0x40));
    palette.setColor(QPalette::ToolTipText, QColor(0xe6, 0xe9, 0xef));
    palette.setColor(QPalette::PlaceholderText, QColor(0x93, 0x9b, 0xa9));
    palette.setColor(QPalette::Highlight, QColor(0x3d, 0x7b, 0xf5));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Accent, QColor(0x3d, 0x7b, 0xf5));
    palette.setColor(QPalette::Link, QColor(0x7a, 0xa8, 0xff));
    palette.setColor(QPalette::Mid, QColor(0x17, 0x1a, 0x1f));
    palette.setColor(QPalette::Dark, QColor(0x14, 0x16, 0x1b));
    palette.setColor(QPalette::Light, QColor(0x3b, 0x41, 0x4c));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x8b, 0x93, 0xa1));
    return palette;
}

QPalette lightPalette()
{
    QPalette palette(QColor(0xf3, 0xf4, 0xf6), QColor(0xf3, 0xf4, 0xf6));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(0xf8, 0xf9, 0xfa));
    palette.setColor(QPalette::WindowText, QColor(0x1d, 0x21, 0x29));
    palette.setColor(QPalette::Text, QColor(0x1d, 0x21, 0x29));
    palette.setColor(QPalette::ButtonText, QColor(0x1d, 0x21, 0x29));
    palette.setColor(QPalette::PlaceholderText, QColor(0x6a, 0x72, 0x80));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6d, 0xf6));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Accent, QColor(0x2f, 0x6d, 0xf6));
    palette.setColor(QPalette::Link, QColor(0x1f, 0x5a, 0xd8));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(0x7a, 0x82, 0x8f));
    return palette;
}

}  // namespace

Appearance::Appearance(QSettings *settings, QObject *parent)
    : QObject(parent), m_settings(settings), m_group(new QActionGroup(this))
{
    m_scheme = Scheme(qBound(0, settings->value(Key, 0).toInt(), 2));
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this,
            &Appearance::apply);
    apply();
}

void Appearance::setScheme(Scheme scheme)
{
    m_scheme = scheme;
    m_settings->setValue(Key, int(scheme));
    apply();
}

void Appearance::apply()
{
    // Only Fusion takes its colours from the palette alone; a desktop's own style keeps its own.
    const auto *proxy = qobject_cast<const QProxyStyle *>(QApplication::style());
    const QStyle *style = proxy ? proxy->baseStyle() : QApplication::style();
    if (style->name().compare("fusion"_L1, Qt::CaseInsensitive) != 0 && m_scheme == Scheme::System)
        return;
    bool dark = m_scheme == Scheme::Dark;
    if (m_scheme == Scheme::System)
        dark = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
    QApplication::setPalette(dark ? darkPalette() : lightPalette());
}

void Appearance::fillMenu(QMenu *menu)
{
    const std::tuple<Scheme, QString, QString> entries[] = {
        {Scheme::System, tr("As the &desktop"), u"desktopAction"_s},
        {Scheme::Light, tr("&Light"), u"lightAction"_s},
        {Scheme::Dark, tr("D&ark"), u"darkAction"_s}};
    for (const auto &[scheme, text, name] : entries) {
        QAction *action = menu->addAction(text);
        action->setObjectName(name);
        action->setCheckable(true);
        action->setChecked(scheme == m_scheme);
        m_group->addAction(action);
        connect(action, &QAction::triggered, this, [this, scheme = scheme] { setScheme(scheme); });
    }
}

}  // namespace voidrun
