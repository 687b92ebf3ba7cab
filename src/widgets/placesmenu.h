// SPDX-License-Identifier: MIT
#pragma once

#include <QMenu>
#include <QPointer>

namespace voidrun
{

class Places;

// The menu of the star beside the path: marks the folder that is shown and leads to the marked ones
// and to those shown last. GUI thread.
class PlacesMenu : public QMenu
{
    Q_OBJECT

public:
    explicit PlacesMenu(QWidget *parent = nullptr);

    void setPlaces(Places *places);  // not owned
    void setFolder(const QString &folder);

Q_SIGNALS:
    void folderChosen(const QString &folder);
    void problem(const QString &sentence);

private:
    void fill();
    void addFolders(const QString &title, const QStringList &folders);

    QPointer<Places> m_places;
    QString m_folder;
};

}  // namespace voidrun
