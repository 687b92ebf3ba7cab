// SPDX-License-Identifier: MIT
#include "mimeprograms.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QMimeDatabase>
#include <QSet>
#include <QStandardPaths>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace voidrun::mimeprograms
{

namespace
{

constexpr qint64 MaxFile = 8LL << 20;  // bytes that are read of one

// Types that have handlers which run them, install them, or follow what is in them.
const QSet<QString> &runTypes()
{
    static const QSet<QString> types{
        u"application/x-desktop"_s,
        u"application/x-executable"_s,
        u"application/x-pie-executable"_s,
        u"application/x-sharedlib"_s,
        u"application/x-core"_s,
        u"application/x-object"_s,
        u"application/x-ms-dos-executable"_s,
        u"application/x-msdos-program"_s,
        u"application/x-dosexec"_s,
        u"application/vnd.microsoft.portable-executable"_s,
        u"application/x-msi"_s,
        u"application/x-ms-shortcut"_s,
        u"application/x-mswinurl"_s,
        u"application/x-bat"_s,
        u"application/x-java-archive"_s,
        u"application/java-archive"_s,
        u"application/x-java"_s,
        u"application/x-java-applet"_s,
        u"application/x-java-jnlp-file"_s,
        u"application/vnd.appimage"_s,
        u"application/x-iso9660-appimage"_s,
        u"application/vnd.flatpak"_s,
        u"application/vnd.flatpak.ref"_s,
        u"application/vnd.flatpak.repo"_s,
        u"application/vnd.snap"_s,
        u"application/vnd.debian.binary-package"_s,
        u"application/vnd.android.package-archive"_s,
        u"application/x-rpm"_s,
        u"application/x-redhat-package-manager"_s,
        u"application/x-python-bytecode"_s,
        u"application/x-pkcs12"_s,
        u"application/x-cd-image"_s,
        u"application/x-raw-disk-image"_s,
    };
    return types;
}

const QSet<QString> &runEndings()
{
    static const QSet<QString> endings{
        u"desktop"_s,    u"exe"_s,         u"msi"_s,     u"com"_s,      u"bat"_s,  u"cmd"_s,
        u"scr"_s,        u"lnk"_s,         u"url"_s,     u"jar"_s,      u"jnlp"_s, u"appimage"_s,
        u"run"_s,        u"deb"_s,         u"rpm"_s,     u"snap"_s,     u"apk"_s,  u"pyc"_s,
        u"flatpakref"_s, u"flatpakrepo"_s, u"service"_s, u"directory"_s};
    return endings;
}

bool isRun(const QMimeType &type, bool isExecutable)
{
    if (runTypes().contains(type.name()))
        return true;
    // Scripts are texts as well as programs: shown by an editor unless they are marked.
    return type.inherits(u"application/x-executable"_s) &&
           (isExecutable || !type.inherits(u"text/plain"_s));
}

using Groups = QHash<QString, QHash<QString, QString>>;  // the first of several equal keys

Groups readGroups(const QString &path)
{
    Groups groups;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > MaxFile)
        return groups;
    QString group;
    for (const QByteArray &bytes : file.readAll().split('\n')) {
        const QString line = QString::fromUtf8(bytes).trimmed();
        const qsizetype equals = line.indexOf(u'=');
        if (line.startsWith(u'[') && line.endsWith(u']'))
            group = line.sliced(1, line.size() - 2);
        else if (equals > 0 && !line.startsWith(u'#') &&
                 !groups[group].contains(line.first(equals).trimmed()))
            groups[group].insert(line.first(equals).trimmed(), line.sliced(equals + 1).trimmed());
    }
    return groups;
}

QStringList listOf(const Groups &groups, const QString &group, const QString &type)
{
    return groups.value(group).value(type).split(u';', Qt::SkipEmptyParts);
}

// An id's dashes may stand for folders.
QString entryOf(const QString &id)
{
    if (id.contains(u'/') || !id.endsWith(".desktop"_L1))
        return {};
    for (const QString &folder :
         QStandardPaths::standardLocations(QStandardPaths::ApplicationsLocation)) {
        QString name = id;
        for (qsizetype dash = 0; dash >= 0;) {
            if (const QString path = folder + u'/' + name; QFileInfo(path).isFile())
                return path;
            dash = name.indexOf(u'-', dash);
            if (dash >= 0)
                name[dash] = u'/';
        }
    }
    return {};
}

bool isInstalled(const QHash<QString, QString> &entry)
{
    const QString tried = entry.value(u"TryExec"_s);
    return entry.value(u"Type"_s) == "Application"_L1 && entry.value(u"Hidden"_s) != "true"_L1 &&
           !entry.value(u"Exec"_s).isEmpty() &&
           (tried.isEmpty() || QFileInfo(tried).isExecutable() ||
            !QStandardPaths::findExecutable(tried).isEmpty());
}

// The lists of associations, in the order in which they count.
QStringList listFiles()
{
    QStringList names;
    for (const QString &desktop :
         qEnvironmentVariable("XDG_CURRENT_DESKTOP").toLower().split(u':', Qt::SkipEmptyParts))
        names.append(desktop + u"-mimeapps.list"_s);
    names.append(u"mimeapps.list"_s);
    QStringList files;
    for (const auto location :
         {QStandardPaths::GenericConfigLocation, QStandardPaths::ApplicationsLocation}) {
        for (const QString &folder : QStandardPaths::standardLocations(location)) {
            for (const QString &name : std::as_const(names))
                files.append(folder + u'/' + name);
        }
    }
    return files;
}

}  // namespace

QString entryFor(const QString &mimeType)
{
    const auto firstOf = [](const QStringList &ids, const QSet<QString> &removed) {
        for (const QString &id : ids) {
            const QString path = removed.contains(id) ? QString() : entryOf(id);
            if (!path.isEmpty() && isInstalled(readGroups(path).value(u"Desktop Entry"_s)))
                return path;
        }
        return QString();
    };
    QList<Groups> lists;
    for (const QString &file : listFiles())
        lists.append(readGroups(file));
    for (const Groups &groups : std::as_const(lists)) {
        const QString path = firstOf(listOf(groups, u"Default Applications"_s, mimeType), {});
        if (!path.isEmpty())
            return path;
    }
    QSet<QString> removed;
    for (const Groups &groups : std::as_const(lists)) {
        const QString path = firstOf(listOf(groups, u"Added Associations"_s, mimeType), removed);
        if (!path.isEmpty())
            return path;
        const QStringList gone = listOf(groups, u"Removed Associations"_s, mimeType);
        removed.unite(QSet<QString>(gone.cbegin(), gone.cend()));
    }
    for (const QString &folder :
         QStandardPaths::standardLocations(QStandardPaths::ApplicationsLocation)) {
        const Groups cache = readGroups(folder + "/mimeinfo.cache"_L1);
        const QString path = firstOf(listOf(cache, u"MIME Cache"_s, mimeType), removed);
        if (!path.isEmpty())
            return path;
    }
    return {};
}

bool mayLeave(const QString &file, bool isExecutable)
{
    if (runEndings().contains(QFileInfo(file).suffix().toLower()))
        return false;
    const QMimeDatabase database;
    QList<QMimeType> types = database.mimeTypesForFileName(file);
    types.append(database.mimeTypeForFile(file, QMimeDatabase::MatchContent));
    types.append(database.mimeTypeForFile(file));
    return std::ranges::none_of(
        types, [isExecutable](const QMimeType &type) { return isRun(type, isExecutable); });
}

QString programFor(const QString &file, bool isExecutable)
{
    if (!mayLeave(file, isExecutable))
        return {};
    const QMimeType type = QMimeDatabase().mimeTypeForFile(file);
    QStringList types{type.name()};
    types += type.allAncestors();
    types.removeAll(u"application/octet-stream"_s);  // anything is a kind of it
    for (const QString &name : std::as_const(types)) {
        const QString path = entryFor(name);
        if (path.isEmpty())
            continue;
        const auto entry = readGroups(path).value(u"Desktop Entry"_s);
        return entry.value(u"Terminal"_s) == "true"_L1 ? QString() : entry.value(u"Name"_s);
    }
    return {};
}

}  // namespace voidrun::mimeprograms
