// SPDX-License-Identifier: MIT
// What FsModel changes in the sandbox: names, new files and folders, and what is dropped on it.
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMimeData>

#include <algorithm>

#include "fsnode.h"
#include "fsoperations.h"
#include "guestpath.h"
#include "guesttrash.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

const QString PathsMimeType = u"application/x-voidrun-paths"_s;

QList<QUrl> localFilesOf(const QMimeData *data)
{
    QList<QUrl> files = data->urls();
    files.removeIf([](const QUrl &url) {
        const bool here = url.host().isEmpty() || url.host() == u"localhost"_s;
        return !url.isLocalFile() || !here || url.path().isEmpty();
    });
    return files;
}

QString archiveEnding(ArchiveFormat format)
{
    switch (format) {
        case ArchiveFormat::Tar:
            return u".tar"_s;
        case ArchiveFormat::TarGz:
            return u".tar.gz"_s;
        case ArchiveFormat::TarBz2:
            return u".tar.bz2"_s;
        case ArchiveFormat::Zip:
            return u".zip"_s;
    }
    return {};
}

// Of an archive that has a name before it; else empty.
QString endingOf(const QString &fileName)
{
    for (const QLatin1StringView ending :
         {".tar"_L1, ".tar.gz"_L1, ".tgz"_L1, ".tar.bz2"_L1, ".tbz2"_L1, ".tbz"_L1, ".zip"_L1}) {
        if (fileName.size() > ending.size() && fileName.endsWith(ending))
            return ending;
    }
    return {};
}

Error invalidName(const QString &path)
{
    return ownError(Error::Kind::InvalidInput, Error::Reason::BadName, path);
}

}  // namespace

QStringList FsModel::guestPathsOf(const QMimeData *data, const QString &sandboxId)
{
    const QJsonObject object = QJsonDocument::fromJson(data->data(PathsMimeType)).object();
    if (object.value("sandbox"_L1).toString() != sandboxId)
        return {};
    QStringList paths;
    const QJsonArray array = object.value("paths"_L1).toArray();
    for (const auto &value : array) {
        if (value.toString().startsWith(u'/'))
            paths.append(guestpath::clean(value.toString()));
    }
    return paths;
}

QString FsModel::sandboxOf(const QMimeData *data)
{
    const QJsonObject object = QJsonDocument::fromJson(data->data(PathsMimeType)).object();
    return object.value("sandbox"_L1).toString();
}

QString FsModel::pathsMimeType()
{
    return PathsMimeType;
}

bool FsModel::hasGuestPaths(const QMimeData *data)
{
    return data->hasFormat(PathsMimeType);
}

bool FsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.column() != NameColumn || role != Qt::EditRole ||
        !value.isValid())
        return false;
    const QString name = value.toString();
    const QString from = path(index);
    if (name == node(index)->entry.name)
        return false;
    if (!isValidName(name)) {
        reportFailure(from, invalidName(from));
        return false;
    }
    const QString folder = guestpath::parent(from);
    m_operations->add({FsOperation::Kind::Move, from, guestpath::join(folder, name)});
    return true;
}

void FsModel::makeFolder(const QString &parentPath, const QString &name)
{
    const QString path = guestpath::join(guestpath::clean(parentPath), name);
    if (isValidName(name))
        m_operations->add({FsOperation::Kind::MakeFolder, {}, path});
    else
        reportFailure(path, invalidName(path));
}

void FsModel::makeFile(const QString &parentPath, const QString &name)
{
    const QString path = guestpath::join(guestpath::clean(parentPath), name);
    if (isValidName(name))
        m_operations->add({FsOperation::Kind::MakeFile, {}, path});
    else
        reportFailure(path, invalidName(path));
}

void FsModel::remove(const QStringList &paths)
{
    for (const QString &path : paths)
        m_operations->add({FsOperation::Kind::Remove, guestpath::clean(path), {}});
}

void FsModel::moveToTrash(const QStringList &paths)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const QString &path : paths) {
        const QString from = guestpath::clean(path);
        const bool goesWithAnother = std::ranges::any_of(paths, [&](const QString &other) {
            const QString folder = guestpath::clean(other);
            return folder != from && guestpath::isInside(from, folder);
        });
        if (!goesWithAnother)
            m_operations->add({FsOperation::Kind::Trash, from, guesttrash::placeFor(from, now)});
    }
}

void FsModel::putBack(const QStringList &trashPaths)
{
    for (const QString &path : trashPaths) {
        const QString from = guestpath::clean(path);
        if (const QString to = guesttrash::originOf(from); !to.isEmpty())
            m_operations->add({FsOperation::Kind::Move, from, to});
    }
}

void FsModel::emptyTrash()
{
    remove({QString(guesttrash::Folder)});
}

void FsModel::move(const QStringList &paths, const QString &targetFolder)
{
    const QString folder = guestpath::clean(targetFolder);
    for (const QString &path : paths) {
        const QString from = guestpath::clean(path);
        if (guestpath::parent(from) == folder)
            continue;
        if (guestpath::isInside(folder, from)) {
            reportFailure(from,
                          ownError(Error::Kind::InvalidInput, Error::Reason::IntoItself, from));
            continue;
        }
        const QString to = guestpath::join(folder, guestpath::fileName(from));
        m_operations->add({FsOperation::Kind::Move, from, to});
    }
}

void FsModel::copy(const QStringList &paths, const QString &targetFolder)
{
    const QString folder = guestpath::clean(targetFolder);
    QSet<QString> chosen;  // by this call, before the folder is listed anew
    const auto isTaken = [&](const QString &name) {
        return chosen.contains(name) || indexOf(guestpath::join(folder, name)).isValid();
    };
    for (const QString &path : paths) {
        const QString from = guestpath::clean(path);
        if (guestpath::isInside(folder, from)) {
            reportFailure(from,
                          ownError(Error::Kind::InvalidInput, Error::Reason::IntoItself, from));
            continue;
        }
        QString name = guestpath::fileName(from);
        if (isTaken(name)) {
            const bool isDir = indexOf(from).data(IsDirRole).toBool();
            name = guestpath::freeName(name, isDir, isTaken);
        }
        chosen.insert(name);
        m_operations->add({FsOperation::Kind::Copy, from, guestpath::join(folder, name)});
    }
}

void FsModel::moveTo(const QString &from, const QString &to, bool replaces)
{
    m_operations->add({.kind = FsOperation::Kind::Move,
                       .from = guestpath::clean(from),
                       .to = guestpath::clean(to),
                       .replaces = replaces});
}

void FsModel::copyTo(const QString &from, const QString &to, bool replaces)
{
    m_operations->add({.kind = FsOperation::Kind::Copy,
                       .from = guestpath::clean(from),
                       .to = guestpath::clean(to),
                       .replaces = replaces});
}

void FsModel::changeMode(const QString &path, uint mode)
{
    m_operations->add({.kind = FsOperation::Kind::ChangeMode,
                       .from = guestpath::clean(path),
                       .to = {},
                       .mode = mode});
}

void FsModel::compress(const QString &path, ArchiveFormat format)
{
    const QString from = guestpath::clean(path);
    m_operations->add({.kind = FsOperation::Kind::Compress,
                       .from = from,
                       .to = from + archiveEnding(format),
                       .format = format});
}

void FsModel::extract(const QString &archive, const QString &folder)
{
    m_operations->add({.kind = FsOperation::Kind::Extract,
                       .from = guestpath::clean(archive),
                       .to = guestpath::clean(folder)});
}

QString FsModel::freeFolderFor(const QString &archive) const
{
    const QString folder = guestpath::parent(archive);
    const QString fileName = guestpath::fileName(archive);
    const QString name = fileName.chopped(endingOf(fileName).size());
    const auto isTaken = [&](const QString &candidate) {
        return indexOf(guestpath::join(folder, candidate)).isValid();
    };
    return guestpath::join(folder, isTaken(name) ? guestpath::freeName(name, true, isTaken) : name);
}

bool FsModel::isArchive(const QString &path)
{
    return !endingOf(guestpath::fileName(path)).isEmpty();
}

void FsModel::reportFailure(const QString &path, const Error &error)
{
    Error reported = error;
    if (reported.subject.isEmpty())
        reported.subject = path;
    Q_EMIT operationFailed(path, reported);
}

void FsModel::applyOperation(const FsOperation &operation)
{
    Node *source = operation.from.isEmpty() ? nullptr : nodeAt(operation.from);
    if (source == m_root.get())
        source = nullptr;
    const QString targetFolder = guestpath::parent(operation.to);
    switch (operation.kind) {
        case FsOperation::Kind::Remove:
            if (source)
                removeNode(source);
            Q_EMIT removed(operation.from);
            break;
        case FsOperation::Kind::Trash:
            if (source)
                removeNode(source);
            Q_EMIT trashed(operation.from, operation.to);
            break;
        case FsOperation::Kind::Move:
            if (source && guestpath::parent(operation.from) == targetFolder) {
                renameNode(source, guestpath::fileName(operation.to));
            } else {
                if (source)
                    removeNode(source);
                m_touched.insert(targetFolder);
            }
            Q_EMIT renamed(operation.from, operation.to);
            break;
        case FsOperation::Kind::Copy:
            m_touched.insert(targetFolder);
            Q_EMIT copied(operation.from, operation.to);
            break;
        case FsOperation::Kind::MakeFolder:
            m_touched.insert(targetFolder);
            Q_EMIT folderMade(operation.to);
            break;
        case FsOperation::Kind::MakeFile:
            m_touched.insert(targetFolder);
            Q_EMIT fileMade(operation.to);
            break;
        case FsOperation::Kind::ChangeMode:
            m_touched.insert(guestpath::parent(operation.from));
            Q_EMIT modeChanged(operation.from);
            break;
        case FsOperation::Kind::Compress:
            m_touched.insert(targetFolder);
            Q_EMIT compressed(operation.from, operation.to);
            break;
        case FsOperation::Kind::Extract:
            m_touched.insert(operation.to);
            m_touched.insert(targetFolder);
            Q_EMIT extracted(operation.from, operation.to);
            break;
    }
}

void FsModel::refreshTouched()
{
    for (const QString &folder : std::exchange(m_touched, {}))
        refreshFolder(folder);
}

QStringList FsModel::mimeTypes() const
{
    return {PathsMimeType, u"text/uri-list"_s};
}

QMimeData *FsModel::mimeData(const QModelIndexList &indexes) const
{
    QJsonArray paths;
    for (const QModelIndex &index : indexes) {
        if (index.isValid() && index.column() == NameColumn)
            paths.append(path(index));
    }
    if (paths.isEmpty())
        return nullptr;
    const QJsonObject object{{u"sandbox"_s, m_sandboxId}, {u"paths"_s, paths}};
    auto *data = new QMimeData;  // the caller's
    data->setData(PathsMimeType, QJsonDocument(object).toJson(QJsonDocument::Compact));
    return data;
}

QString FsModel::folderPath(const QModelIndex &index) const
{
    const Node *dropped = node(index);
    return dropped->isFolder() ? dropped->path() : dropped->parent->path();
}

bool FsModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int, int,
                              const QModelIndex &parent) const
{
    if (action == Qt::IgnoreAction)
        return true;
    const QString folder = folderPath(parent);
    if (!hasGuestPaths(data))
        return !localFilesOf(data).isEmpty();
    const QStringList paths = guestPathsOf(data, m_sandboxId);
    const auto isThere = [&](const QString &path) { return guestpath::parent(path) == folder; };
    return !paths.isEmpty() && !std::ranges::all_of(paths, isThere) &&
           std::ranges::none_of(
               paths, [&](const QString &path) { return guestpath::isInside(folder, path); });
}

bool FsModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                           const QModelIndex &parent)
{
    if (action == Qt::IgnoreAction)
        return true;
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const QString folder = folderPath(parent);
    if (hasGuestPaths(data))
        move(guestPathsOf(data, m_sandboxId), folder);
    else
        Q_EMIT uploadRequested(localFilesOf(data), folder);
    return true;
}

Qt::DropActions FsModel::supportedDropActions() const
{
    return Qt::CopyAction | Qt::MoveAction;
}

Qt::DropActions FsModel::supportedDragActions() const
{
    return Qt::CopyAction | Qt::MoveAction;
}

}  // namespace voidrun
