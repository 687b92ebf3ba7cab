// SPDX-License-Identifier: MIT
#include "localtarget.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include "guestpath.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int OpenFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

bool areValid(const QStringList &parts)
{
    return !parts.isEmpty() && std::ranges::all_of(parts, guestpath::isValidName);
}

Error refusedName(const QString &path)
{
    return ownError(Error::Kind::InvalidInput, Error::Reason::LeavesFolder, path);
}

}  // namespace

Result<LocalTarget> LocalTarget::open(const QString &path)
{
    LocalTarget target;
    target.m_path = QDir::cleanPath(path);
    if (!QDir::isAbsolutePath(path))
        return std::unexpected(
            ownError(Error::Kind::InvalidInput, u"the folder's path is not absolute"_s, path));
    QDir().mkpath(target.m_path);
    target.m_folder = UniqueFd(::open(QFile::encodeName(target.m_path).constData(), OpenFolder));
    if (!target.m_folder.isOpen())
        return std::unexpected(systemError(path));
    PartFile::sweep(target.m_folder.value());
    return target;
}

void LocalTarget::sweep(const QString &path, const QStringList &names)
{
    constexpr int MaxFolders = 100'000;
    LocalTarget target;
    target.m_folder = UniqueFd(::open(QFile::encodeName(path).constData(), OpenFolder));
    if (!target.m_folder.isOpen())
        return;
    PartFile::sweep(target.m_folder.value());
    QList<QStringList> folders;
    for (const QString &name : names)
        folders.append({name});
    for (int i = 0; i < folders.size() && i < MaxFolders; ++i) {
        const QStringList parts = folders[i];
        const Result<UniqueFd> folder = target.openFolder(parts);
        if (!folder)
            continue;
        for (const QString &name : PartFile::sweep(folder->value()))
            folders.append(parts + QStringList{name});
    }
}

QString LocalTarget::pathOf(const QStringList &parts) const
{
    return guestpath::join(m_path, parts.join(u'/'));
}

Result<UniqueFd> LocalTarget::openFolder(const QStringList &parts) const
{
    UniqueFd folder(::openat(m_folder.value(), ".", OpenFolder));
    for (const QString &part : parts) {
        if (!folder.isOpen())
            break;
        folder =
            UniqueFd(::openat(folder.value(), part.toUtf8().constData(), OpenFolder | O_NOFOLLOW));
    }
    if (!folder.isOpen())
        return std::unexpected(systemError(pathOf(parts)));
    return folder;
}

LocalTarget::Kind LocalTarget::kindOf(const QStringList &parts) const
{
    const Result<UniqueFd> folder = openFolder(parts.first(parts.size() - 1));
    struct stat status{};
    if (!folder || ::fstatat(folder->value(), parts.last().toUtf8().constData(), &status,
                             AT_SYMLINK_NOFOLLOW) != 0)
        return Kind::Missing;
    if (S_ISDIR(status.st_mode))
        return Kind::Folder;
    return S_ISREG(status.st_mode) ? Kind::File : Kind::Other;
}

LocalTarget::FileInfo LocalTarget::fileInfo(const QStringList &parts) const
{
    const Result<UniqueFd> folder = openFolder(parts.first(parts.size() - 1));
    struct stat status{};
    if (!folder || ::fstatat(folder->value(), parts.last().toUtf8().constData(), &status,
                             AT_SYMLINK_NOFOLLOW) != 0)
        return {};
    return {S_ISREG(status.st_mode) ? status.st_size : -1,
            QDateTime::fromMSecsSinceEpoch(status.st_mtim.tv_sec * 1000 +
                                           status.st_mtim.tv_nsec / 1'000'000)};
}

Result<void> LocalTarget::makeFolder(const QStringList &parts) const
{
    if (!areValid(parts))
        return std::unexpected(refusedName(pathOf(parts)));
    const Result<UniqueFd> parent = openFolder(parts.first(parts.size() - 1));
    if (!parent)
        return std::unexpected(parent.error());
    const QByteArray name = parts.last().toUtf8();
    if (::mkdirat(parent->value(), name.constData(), 0777) == 0)
        return {};
    if (errno != EEXIST)
        return std::unexpected(systemError(pathOf(parts)));
    const UniqueFd existing(::openat(parent->value(), name.constData(), OpenFolder | O_NOFOLLOW));
    if (!existing.isOpen())
        return std::unexpected(
            ownError(Error::Kind::Conflict, Error::Reason::FileInTheWay, pathOf(parts)));
    PartFile::sweep(existing.value());
    return {};
}

Result<std::unique_ptr<PartFile>> LocalTarget::createFile(const QStringList &parts) const
{
    const QString path = pathOf(parts);
    if (!areValid(parts))
        return std::unexpected(refusedName(path));
    if (kindOf(parts) == Kind::Folder)
        return std::unexpected(
            ownError(Error::Kind::Conflict, Error::Reason::FolderInTheWay, path));
    Result<UniqueFd> folder = openFolder(parts.first(parts.size() - 1));
    if (!folder)
        return std::unexpected(folder.error());
    return PartFile::create(std::move(*folder), parts.last(), path);
}

}  // namespace voidrun
