// SPDX-License-Identifier: MIT
#include "placesmenu.h"

#include "icons.h"
#include "models/guesttrash.h"
#include "models/places.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int LongestPath = 60;  // characters; the end says more than the beginning
}

PlacesMenu::PlacesMenu(QWidget *parent) : QMenu(parent)
{
    connect(this, &QMenu::aboutToShow, this, &PlacesMenu::fill);
}

void PlacesMenu::setPlaces(Places *places)
{
    m_places = places;
}

void PlacesMenu::setFolder(const QString &folder)
{
    m_folder = folder;
}

void PlacesMenu::fill()
{
    clear();
    if (!m_places)
        return;
    const bool marked = m_places->isFavourite(m_folder);
    QAction *mark =
        addAction(themedIcon(u"star"_s),
                  marked ? tr("&Remove this folder from the favourites")
                         : tr("&Add this folder to the favourites"),
                  this, [this, marked] {
                      if (m_places && !m_places->setFavourite(m_folder, !marked))
                          Q_EMIT problem(tr("There are %n favourites already. Remove one first.",
                                            nullptr, int(Places::MostFavourites)));
                  });
    mark->setEnabled(!m_folder.isEmpty());
    addFolders(tr("Favourites"), m_places->favourites());
    addFolders(tr("Shown last"), m_places->recent());
    addSeparator();
    addAction(themedIcon(u"delete"_s), tr("&Trash of this sandbox"), this,
              [this] { Q_EMIT folderChosen(QString(guesttrash::Folder)); });
}

void PlacesMenu::addFolders(const QString &title, const QStringList &folders)
{
    if (folders.isEmpty())
        return;
    addSection(title);
    for (const QString &folder : folders) {
        QString text = folder.size() > LongestPath ? u'…' % folder.last(LongestPath) : folder;
        QAction *action = addAction(themedIcon(u"folder"_s), text.replace(u'&', u"&&"_s), this,
                                    [this, folder] { Q_EMIT folderChosen(folder); });
        action->setCheckable(folder == m_folder);
        action->setChecked(folder == m_folder);
    }
}

}  // namespace voidrun
