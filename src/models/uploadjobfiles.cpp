// SPDX-License-Identifier: MIT
// How UploadJob brings one folder or one file over.
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

#include "guestpath.h"
#include "systemerror.h"
#include "uploadjob.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Target = -1;       // the index of the target folder
constexpr int MaxReported = 64;  // folders that are reported as changed
constexpr uint ExecutableMode = 0755;

}  // namespace

// One file on its way; `status` is what it was when it was opened.
struct UploadJob::Sending {
    int entry = 0;
    QFile file;
    struct stat status{};
    std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
};

void UploadJob::startFolder(int entry, bool exists)
{
    occupy();
    m_folders.insert(entry, {});
    const QString &sandboxId = item().request.sandboxId;
    const QString path = guestPath(entry);
    if (exists) {
        m_mergedFolders.append(path);
        call(
            m_client->listFiles(sandboxId, path),
            [this, entry](const Result<QList<FileEntry>> &result) { finishFolder(entry, result); });
    } else {
        call(m_client->mkdir(sandboxId, path), [this, entry](const Result<Done> &result) {
            finishFolder(entry, result.transform([](Done) { return QList<FileEntry>(); }));
        });
    }
}

void UploadJob::finishFolder(int entry, const Result<QList<FileEntry>> &content)
{
    Folder &folder = m_folders[entry];
    folder.isReady = content.has_value();
    folder.isLost = !content;
    if (content) {
        for (const FileEntry &existing : *content)
            folder.existing.insert(existing.name, existing.isDir);
        landed(entry);
    } else {
        ++item().filesTotal;
        fail(content.error());
    }
    release();
}

void UploadJob::startFile(int entry)
{
    occupy();
    const auto sending = std::make_shared<Sending>();
    sending->entry = entry;
    const QByteArray path = m_scanner.localPath(entry);
    // Not blocking: it may have become a pipe since it was found.
    const int fd = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    Error error = systemError(QFile::decodeName(path));
    bool ok = fd >= 0 && sending->file.open(fd, QIODevice::ReadOnly | QIODevice::Unbuffered,
                                            QFile::AutoCloseHandle);
    if (ok && (::fstat(fd, &sending->status) != 0 || !S_ISREG(sending->status.st_mode))) {
        ok = false;
        error = ownError(Error::Kind::LocalFile, Error::Reason::NotAFile, QFile::decodeName(path));
    }
    if (!ok) {
        // A turn later, so that a slot is always given back after it was taken.
        const auto giveUp = [this, error] {
            fail(error);
            release();
        };
        QMetaObject::invokeMethod(this, giveUp, Qt::QueuedConnection);
        return;
    }
    item().bytesTotal += sending->status.st_size - at(entry).size;
    follow(call(m_client->upload(item().request.sandboxId, guestPath(entry), &sending->file),
                [this, sending](const Result<Done> &result) { finishUpload(sending, result); }),
           sending->counted);
}

void UploadJob::finishUpload(const std::shared_ptr<Sending> &sending, const Result<Done> &result)
{
    struct stat now{};
    const bool same = ::fstat(sending->file.handle(), &now) == 0 &&
                      now.st_size == sending->status.st_size &&
                      now.st_mtim.tv_sec == sending->status.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == sending->status.st_mtim.tv_nsec;
    if (!same) {
        const QString path = QFile::decodeName(m_scanner.localPath(sending->entry));
        return finishFile(
            sending, std::unexpected(
                         ownError(Error::Kind::LocalFile, Error::Reason::ChangedMeanwhile, path)));
    }
    if (!result || !at(sending->entry).isExecutable)
        return finishFile(sending, result);
    call(m_client->chmod(item().request.sandboxId, guestPath(sending->entry), ExecutableMode),
         [this, sending](const Result<Done> &done) { finishFile(sending, done); });
}

void UploadJob::finishFile(const std::shared_ptr<Sending> &sending, const Result<Done> &result)
{
    if (result) {
        addBytes(sending->status.st_size - *sending->counted);
        ++item().filesDone;
        landed(sending->entry);
    } else {
        addBytes(-*sending->counted);
        Error error = result.error();
        if (error.kind != Error::Kind::LocalFile)  // the wire names an address, a person a file
            error.subject = guestPath(sending->entry);
        fail(error);
    }
    release();
}

void UploadJob::landed(int entry)
{
    if (at(entry).parent == Target)
        addResult(item().request.sources.at(at(entry).source), name(entry), guestPath(entry));
    if (!std::exchange(m_somethingLanded, true))
        Q_EMIT guestFolderChanged(item().request.sandboxId, item().request.target);
}

void UploadJob::afterEnd()
{
    if (!m_somethingLanded)
        return;
    Q_EMIT guestFolderChanged(item().request.sandboxId, item().request.target);
    for (const QString &path :
         m_mergedFolders.first(std::min<qsizetype>(m_mergedFolders.size(), MaxReported)))
        Q_EMIT guestFolderChanged(item().request.sandboxId, path);
}

}  // namespace voidrun
