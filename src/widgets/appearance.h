// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QActionGroup;
class QMenu;
class QSettings;

namespace voidrun
{

// Light, dark, or as the desktop says: the View menu's Appearance. Where the desktop's theme cannot
// be told, the palette is set. Kept in the settings. GUI thread.
class Appearance : public QObject
{
    Q_OBJECT

public:
    enum class Scheme { System, Light, Dark };

    // `settings` outlives this.
    explicit Appearance(QSettings *settings, QObject *parent = nullptr);

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme);
    void fillMenu(QMenu *menu);

private:
    void apply();

    QSettings *m_settings;
    QActionGroup *m_group;
    Scheme m_scheme;
};

}  // namespace voidrun
