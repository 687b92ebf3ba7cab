// SPDX-License-Identifier: MIT
#include "editworker.h"

#include <QCryptographicHash>
#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include "partfile.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qint64 PieceSize = 256 * 1024;  // bytes

Error changedMeanwhile(const QString &path)
{
    return ownError(Error::Kind::LocalFile, Error::Reason::ChangedMeanwhile, path);
}

bool isSame(const struct stat &left, const struct stat &right)
{
    return left.st_size == right.st_size && left.st_mtim.tv_sec == right.st_mtim.tv_sec &&
           left.st_mtim.tv_nsec == right.st_mtim.tv_nsec;
}

// Reads all of a regular file into the hash, and to `copy` where there is one. A file that is
// written to meanwhile is an error.
Result<QByteArray> readThrough(const QString &path, QIODevice *copy, struct stat *status)
{
    const int fd =
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    QFile file;
    if (fd < 0 ||
        !file.open(fd, QIODevice::ReadOnly | QIODevice::Unbuffered, QFile::AutoCloseHandle))
        return std::unexpected(systemError(path));
    if (::fstat(fd, status) != 0 || !S_ISREG(status->st_mode))
        return std::unexpected(ownError(Error::Kind::LocalFile, Error::Reason::NotAFile, path));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    QByteArray piece(PieceSize, Qt::Uninitialized);
    for (;;) {
        const qint64 size = file.read(piece.data(), piece.size());
        if (size < 0)
            return std::unexpected(systemError(path));
        if (size == 0)
            break;
        hash.addData(QByteArrayView(piece).first(size));
        if (copy && copy->write(piece.constData(), size) != size)
            return std::unexpected(systemError(path, ENOSPC));
    }
    struct stat now{};
    if (::fstat(fd, &now) != 0 || !isSame(now, *status))
        return std::unexpected(changedMeanwhile(path));
    return hash.result().toHex();
}

}  // namespace

EditWorker::EditWorker(const QString &root) : m_store(root) {}

EditWorker::~EditWorker() = default;

Result<OpenEdit> EditWorker::create(OpenEdit edit)
{
    return m_store.create(&edit).transform([&] { return edit; });
}

Result<OpenEdit> EditWorker::install(OpenEdit edit, const QString &incoming)
{
    struct stat status{};
    const QByteArray from = QFile::encodeName(incoming);
    const Result<QByteArray> fetched = readThrough(incoming, nullptr, &status);
    if (!fetched)
        return std::unexpected(fetched.error());
    if (edit.isFetched()) {
        const Result<QByteArray> here = hash(edit);
        const bool isGone = !here && here.error().reason == Error::Reason::Gone;
        if (!isGone && here.value_or(QByteArray()) != edit.localHash)
            return std::unexpected(changedMeanwhile(edit.localFile()));
    } else {
        edit.name = incoming.section(u'/', -1);
    }
    // Only its owner's, and never something that runs, whatever it is in the sandbox.
    const QByteArray to = QFile::encodeName(edit.localFile());
    if (::chmod(from.constData(), 0600) != 0 || ::rename(from.constData(), to.constData()) != 0)
        return std::unexpected(systemError(edit.localFile()));
    edit.localHash = *fetched;
    edit.remote.hash = *fetched;
    if (const Result<void> saved = m_store.save(edit); !saved)
        return std::unexpected(saved.error());
    watch(edit);
    return edit;
}

Result<EditWorker::Snapshot> EditWorker::snapshot(const OpenEdit &edit, const QString &name,
                                                  bool executable) const
{
    Snapshot snapshot;
    snapshot.file = edit.folder + "/sent/"_L1 + name;
    const QByteArray path = QFile::encodeName(snapshot.file);
    ::unlink(path.constData());
    const UniqueFd fd(::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.isOpen())
        return std::unexpected(systemError(snapshot.file));
    WholeWriter writer;
    writer.openFor(fd.value());
    struct stat status{};
    const Result<QByteArray> hash = readThrough(edit.localFile(), &writer, &status);
    if (!hash)
        return std::unexpected(hash.error());
    snapshot.hash = *hash;
    if (executable)
        ::fchmod(fd.value(), 0700);
    const timespec times[] = {status.st_atim, status.st_mtim};
    ::futimens(fd.value(), times);
    return snapshot;
}

Result<QByteArray> EditWorker::hash(const OpenEdit &edit) const
{
    struct stat status{};
    return readThrough(edit.localFile(), nullptr, &status);
}

Result<QByteArray> EditWorker::read(const OpenEdit &edit, qint64 limit) const
{
    QFile file(edit.localFile());
    if (!file.open(QIODevice::ReadOnly))
        return std::unexpected(systemError(file.fileName()));
    return file.read(limit);
}

std::optional<QByteArray> EditWorker::remove(const OpenEdit &edit, bool evenUnsent)
{
    if (!evenUnsent && edit.isFetched()) {
        const Result<QByteArray> here = hash(edit);
        const bool isGone = !here && here.error().reason == Error::Reason::Gone;
        if (!isGone && here.value_or(QByteArray()) != edit.remote.hash)
            return here.value_or(QByteArray());
    }
    if (m_watch)
        m_watch->remove(edit.id);
    m_watched.remove(edit.id);
    m_store.remove(edit);
    return std::nullopt;
}

void EditWorker::watch(const OpenEdit &edit)
{
    if (!m_watch) {  // here, so that it belongs to this thread
        m_watch = std::make_unique<EditWatch>();
        connect(m_watch.get(), &EditWatch::settled, this, &EditWorker::reportSettled);
        connect(m_watch.get(), &EditWatch::vanished, this, &EditWorker::vanished);
    }
    m_watched.insert(edit.id, edit);
    m_watch->add(edit.id, edit.localFile());
}

void EditWorker::shutDown()
{
    m_watch.reset();
}

void EditWorker::reportSettled(int id)
{
    const Result<QByteArray> content = hash(m_watched.value(id));
    if (content)
        Q_EMIT settled(id, *content);
    // Else it changed again: the watch comes back.
}

}  // namespace voidrun
