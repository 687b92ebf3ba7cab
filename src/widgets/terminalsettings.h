// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include "terminaloptions.h"

class QSettings;

namespace voidrun
{

// The one set of options that all terminals follow, kept between runs. GUI thread.
class TerminalSettings : public QObject
{
    Q_OBJECT

public:
    // `settings` outlives this; without any nothing is kept.
    explicit TerminalSettings(QSettings *settings, QObject *parent = nullptr);

    const TerminalOptions &options() const { return m_options; }
    void setOptions(const TerminalOptions &options);

Q_SIGNALS:
    void changed();

private:
    QSettings *m_settings;
    TerminalOptions m_options;
};

}  // namespace voidrun
