// SPDX-License-Identifier: MIT
#include "terminalsettings.h"

#include <QSettings>

namespace voidrun
{

TerminalSettings::TerminalSettings(QSettings *settings, QObject *parent)
    : QObject(parent),
      m_settings(settings),
      m_options(settings ? TerminalOptions::read(*settings) : TerminalOptions())
{
}

void TerminalSettings::setOptions(const TerminalOptions &options)
{
    if (m_options == options)
        return;
    m_options = options;
    if (m_settings)
        m_options.write(m_settings);
    Q_EMIT changed();
}

}  // namespace voidrun
