// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QStringList>

class QSettings;

namespace voidrun
{

// Folders that a person marked and those shown last, for all sandboxes of one connection. Kept in
// the settings, which outlive this. GUI thread.
class Places : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype MostFavourites = 50;
    static constexpr qsizetype MostRecent = 12;

    Places(QSettings *settings, const QString &connectionId, QObject *parent = nullptr);

    const QStringList &favourites() const { return m_favourites; }  // in the order of marking
    const QStringList &recent() const { return m_recent; }          // the last one first
    bool isFavourite(const QString &folder) const;
    // False where there is no room for another one.
    bool setFavourite(const QString &folder, bool favourite);
    void addRecent(const QString &folder);

Q_SIGNALS:
    void changed();

private:
    void save(const QString &name, const QStringList &folders);

    QSettings *m_settings;
    QString m_group;
    QStringList m_favourites;
    QStringList m_recent;
};

}  // namespace voidrun
