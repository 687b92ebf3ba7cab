// SPDX-License-Identifier: MIT
#include "editstore.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSaveFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "guestpath.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Version = 1;
constexpr qint64 MaxDescription = 1 << 20;  // bytes
constexpr int MaxFolders = 1000;
constexpr auto Description = "/edit.json"_L1;
constexpr auto Removed = ".removed"_L1;

QByteArray described(const OpenEdit &edit)
{
    const QJsonObject remote{
        {u"exists"_s, edit.remote.exists},
        {u"size"_s, edit.remote.size},
        {u"modified"_s,
         edit.remote.modified.isValid() ? edit.remote.modified.toSecsSinceEpoch() : qint64(0)},
        {u"sha256"_s, QString::fromLatin1(edit.remote.hash)}};
    const QJsonObject object{
        {u"version"_s, Version},
        {u"connection"_s, edit.profile.id},
        {u"connectionName"_s, edit.profile.name},
        {u"sandbox"_s, edit.sandboxId},
        {u"sandboxName"_s, edit.sandboxName},
        {u"path"_s, edit.path},
        {u"name"_s, edit.name},
        {u"executable"_s, edit.isExecutable},
        {u"remote"_s, remote},
        {u"savedAt"_s, edit.savedAt.isValid() ? edit.savedAt.toMSecsSinceEpoch() : qint64(0)}};
    return QJsonDocument(object).toJson();
}

OpenEdit editFrom(const QByteArray &text)
{
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    const QJsonObject remote = object[u"remote"_s].toObject();
    OpenEdit edit;
    if (object[u"version"_s].toInt() != Version)
        return edit;
    edit.profile.id = object[u"connection"_s].toString();
    edit.profile.name = object[u"connectionName"_s].toString();
    edit.sandboxId = object[u"sandbox"_s].toString();
    edit.sandboxName = object[u"sandboxName"_s].toString();
    edit.path = object[u"path"_s].toString();
    edit.name = object[u"name"_s].toString();
    edit.isExecutable = object[u"executable"_s].toBool();
    edit.remote.exists = remote[u"exists"_s].toBool();
    edit.remote.size = remote[u"size"_s].toInteger(-1);
    if (const qint64 time = remote[u"modified"_s].toInteger(); time != 0)
        edit.remote.modified = QDateTime::fromSecsSinceEpoch(time);
    edit.remote.hash = remote[u"sha256"_s].toString().toLatin1();
    if (const qint64 time = object[u"savedAt"_s].toInteger(); time != 0)
        edit.savedAt = QDateTime::fromMSecsSinceEpoch(time);
    if (!guestpath::isValidName(edit.name))
        edit.name.clear();
    return edit;
}

}  // namespace

EditStore::EditStore(const QString &root) : m_root(root) {}

bool EditStore::lock(const QString &folder)
{
    const QByteArray file = QFile::encodeName(folder + "/lock"_L1);
    UniqueFd fd(::open(file.constData(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd.isOpen() || ::flock(fd.value(), LOCK_EX | LOCK_NB) != 0)
        return false;
    m_locks.insert_or_assign(folder, std::move(fd));
    return true;
}

QList<OpenEdit> EditStore::takeUp()
{
    QList<OpenEdit> edits;
    const QStringList names = QDir(m_root).entryList(
        QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Time | QDir::Reversed);
    for (const QString &name : names.first(qMin(names.size(), qsizetype(MaxFolders)))) {
        const QString folder = m_root + u'/' + name;
        if (m_locks.contains(folder) || !lock(folder))
            continue;
        if (name.endsWith(Removed)) {
            QDir(folder).removeRecursively();
            continue;
        }
        QFile file(folder + Description);
        OpenEdit edit;
        if (file.open(QIODevice::ReadOnly) && file.size() <= MaxDescription)
            edit = editFrom(file.readAll());
        edit.folder = folder;
        if (edit.isFetched())
            edits.append(edit);
        else if (QDir(folder + "/copy"_L1)
                     .isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
            remove(edit);
    }
    return edits;
}

Result<void> EditStore::create(OpenEdit *edit)
{
    QDir().mkpath(m_root);
    ::chmod(QFile::encodeName(m_root).constData(), 0700);
    const QString name = QString::number(QRandomGenerator::system()->generate64(), 36);
    edit->folder = m_root + u'/' + name;
    for (const QLatin1StringView below : {""_L1, "/copy"_L1, "/incoming"_L1, "/sent"_L1}) {
        const QString folder = edit->folder + below;
        if (::mkdir(QFile::encodeName(folder).constData(), 0700) != 0)
            return std::unexpected(systemError(folder));
    }
    if (!lock(edit->folder))
        return std::unexpected(systemError(edit->folder));
    return save(*edit);
}

Result<void> EditStore::save(const OpenEdit &edit)
{
    QSaveFile file(edit.folder + Description);
    const QByteArray text = described(edit);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() &&
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.commit())
        return {};
    return std::unexpected(ownError(Error::Kind::LocalFile, file.errorString(), file.fileName()));
}

// By its name first: what is half removed is not taken up again, and goes at the next start.
void EditStore::remove(const OpenEdit &edit)
{
    if (edit.folder.isEmpty() || !edit.folder.startsWith(m_root + u'/'))
        return;
    const QString removed = edit.folder + Removed;
    if (!QDir().rename(edit.folder, removed))
        return;
    QDir(removed).removeRecursively();
    m_locks.erase(edit.folder);
}

}  // namespace voidrun
