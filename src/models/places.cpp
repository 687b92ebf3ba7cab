// SPDX-License-Identifier: MIT
#include "places.h"

#include <QSettings>

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

const QString FavouritesKey = u"favourites"_s;
const QString RecentKey = u"recent"_s;

// What stands in the settings may have been written by anybody.
QStringList readFolders(const QSettings &settings, const QString &key, qsizetype most)
{
    QStringList folders;
    for (const QString &folder : settings.value(key).toStringList()) {
        if (folders.size() < most && folder.startsWith(u'/') && !folders.contains(folder))
            folders.append(guestpath::clean(folder));
    }
    return folders;
}

}  // namespace

Places::Places(QSettings *settings, const QString &connectionId, QObject *parent)
    : QObject(parent),
      m_settings(settings),
      m_group(u"places/"_s % connectionId % u'/'),
      m_favourites(readFolders(*settings, m_group % FavouritesKey, MostFavourites)),
      m_recent(readFolders(*settings, m_group % RecentKey, MostRecent))
{
}

bool Places::isFavourite(const QString &folder) const
{
    return m_favourites.contains(guestpath::clean(folder));
}

bool Places::setFavourite(const QString &folder, bool favourite)
{
    const QString clean = guestpath::clean(folder);
    if (m_favourites.contains(clean) == favourite)
        return true;
    if (favourite && m_favourites.size() >= MostFavourites)
        return false;
    if (favourite)
        m_favourites.append(clean);
    else
        m_favourites.removeOne(clean);
    save(FavouritesKey, m_favourites);
    return true;
}

void Places::addRecent(const QString &folder)
{
    const QString clean = guestpath::clean(folder);
    if (m_recent.value(0) == clean)
        return;
    m_recent.removeOne(clean);
    m_recent.prepend(clean);
    if (m_recent.size() > MostRecent)
        m_recent.removeLast();
    save(RecentKey, m_recent);
}

void Places::save(const QString &name, const QStringList &folders)
{
    m_settings->setValue(m_group % name, folders);
    Q_EMIT changed();
}

}  // namespace voidrun
