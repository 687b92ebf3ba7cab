// SPDX-License-Identifier: MIT
// How UploadJob brings one folder or one file over.
#include <QCryptographicHash>

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

}  // namespace

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
        sweep(guestPath(entry), *content);
        for (const FileEntry &existing : *content)
            folder.existing.insert(existing.name, existing);
        landed(entry);
    } else {
        ++item().filesTotal;
        fail(content.error());
    }
    release();
}

void UploadJob::startFile(int entry, const FileEntry *existing)
{
    occupy();
    ++m_sending;
    const auto sending = std::make_shared<Sending>();
    sending->entry = entry;
    sending->path = guestPath(entry);
    const bool isLink = existing && existing->isSymlink;
    sending->part = isLink ? sending->path
                           : guestpath::join(guestpath::parent(sending->path),
                                             partname::make(name(entry), tag()));
    if (existing && !isLink)
        sending->mode = existing->mode;
    if (at(entry).isExecutable)
        sending->mode = executable(sending->mode);
    Error error;
    if (!open(sending.get(), &error)) {
        // A turn later, so that a slot is always given back after it was taken.
        const auto giveUp = [this, error] {
            --m_sending;
            fail(error);
            release();
        };
        QMetaObject::invokeMethod(this, giveUp, Qt::QueuedConnection);
        return;
    }
    item().bytesTotal += sending->status.st_size - at(entry).size;
    follow(call(m_client->upload(item().request.sandboxId, sending->part, &sending->file),
                [this, sending](const Result<Done> &result) {
                    --m_sending;
                    finishUpload(sending, result);
                }),
           sending->counted);
}

bool UploadJob::open(Sending *sending, Error *error) const
{
    const QByteArray path = m_scanner.localPath(sending->entry);
    // Not blocking: it may have become a pipe since it was found.
    const int fd = ::open(path.constData(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || !sending->file.open(fd, QIODevice::ReadOnly | QIODevice::Unbuffered,
                                      QFile::AutoCloseHandle)) {
        *error = systemError(QFile::decodeName(path));
        return false;
    }
    if (::fstat(fd, &sending->status) != 0 || !S_ISREG(sending->status.st_mode)) {
        *error = ownError(Error::Kind::LocalFile, Error::Reason::ChangedMeanwhile,
                          QFile::decodeName(path));
        return false;
    }
    return true;
}

void UploadJob::finishUpload(const SendingPtr &sending, const Result<Done> &result)
{
    if (!result)
        return loseFile(sending, result.error());
    if (sending->status.st_size <= GuestCheck::MaxHashed) {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        if (sending->file.seek(0) && hash.addData(&sending->file))
            sending->hash = hash.result().toHex();
    }
    struct stat now{};
    const bool same = ::fstat(sending->file.handle(), &now) == 0 &&
                      now.st_size == sending->status.st_size &&
                      now.st_mtim.tv_sec == sending->status.st_mtim.tv_sec &&
                      now.st_mtim.tv_nsec == sending->status.st_mtim.tv_nsec;
    sending->file.close();
    if (!same)
        return loseFile(sending, ownError(Error::Kind::LocalFile, Error::Reason::ChangedMeanwhile,
                                          QFile::decodeName(m_scanner.localPath(sending->entry))));
    m_unchecked.append(sending);
    release();
}

// What arrived is made what it is here in mode and time, and compared, all in one go.
void UploadJob::startCheck()
{
    const QList<SendingPtr> checked = std::exchange(m_unchecked, {});
    const auto batch = std::make_shared<int>(static_cast<int>(checked.size()));
    occupy();
    GuestCheck check;
    for (const SendingPtr &sending : checked) {
        sending->batch = batch;
        const timespec &time = sending->status.st_mtim;
        const bool isLink = sending->part == sending->path;
        check.add(sending->part, !sending->hash.isEmpty(),
                  isLink ? std::nullopt : std::optional(sending->mode),
                  QDateTime::fromMSecsSinceEpoch(time.tv_sec * 1000 + time.tv_nsec / 1'000'000));
    }
    ask(check, [this, checked](const QList<GuestCheck::Found> &found) {
        for (qsizetype i = 0; i < checked.size(); ++i)
            finishCheck(checked[i], found.value(i));
    });
}

void UploadJob::finishCheck(const SendingPtr &sending, const GuestCheck::Found &found)
{
    if (isStopped())
        return loseFile(sending, ownError(Error::Kind::Cancelled, Error::Reason::None));
    if (!found.size)
        return compareSize(sending);
    if (*found.size != sending->status.st_size)
        return loseFile(sending, ownError(Error::Kind::NotVoidRun, Error::Reason::WrongLength));
    if (!found.hash.isEmpty() && found.hash != sending->hash)
        return loseFile(sending, ownError(Error::Kind::NotVoidRun, Error::Reason::WrongContent));
    correctMode(sending, found.mode.value_or(PlainMode));
}

// A sandbox without the tools: the server itself is asked.
void UploadJob::compareSize(const SendingPtr &sending)
{
    call(m_client->stat(item().request.sandboxId, sending->part),
         [this, sending](const Result<FileStat> &result) {
             if (!result)
                 return loseFile(sending, result.error());
             if (result->size != sending->status.st_size)
                 return loseFile(sending,
                                 ownError(Error::Kind::NotVoidRun, Error::Reason::WrongLength));
             correctMode(sending, result->mode & 07777);
         });
}

void UploadJob::correctMode(const SendingPtr &sending, uint mode)
{
    const bool isLink = sending->part == sending->path;
    if (mode == sending->mode || (isLink && !at(sending->entry).isExecutable))
        return moveIntoPlace(sending);
    call(m_client->chmod(item().request.sandboxId, sending->part, sending->mode),
         [this, sending](const Result<Done> &result) {
             if (!result)
                 return loseFile(sending, result.error());
             moveIntoPlace(sending);
         });
}

void UploadJob::moveIntoPlace(const SendingPtr &sending)
{
    if (sending->part == sending->path)
        return finishFile(sending, Done());
    call(m_client->move(item().request.sandboxId, sending->part, sending->path),
         [this, sending](const Result<Done> &result) { finishFile(sending, result); });
}

void UploadJob::finishFile(const SendingPtr &sending, const Result<Done> &result)
{
    if (!result)
        return loseFile(sending, result.error());
    count(sending->entry, sending->status.st_size - *sending->counted);
    leave(sending);
}

void UploadJob::loseFile(const SendingPtr &sending, Error error)
{
    addBytes(-*sending->counted);
    if (error.kind != Error::Kind::LocalFile)  // the wire names an address, a person a file
        error.subject = sending->path;
    fail(error);
    if (sending->part != sending->path)
        removeLater(sending->part);
    leave(sending);
}

void UploadJob::leave(const SendingPtr &sending)
{
    if (!sending->batch || --*sending->batch == 0)
        release();
}

void UploadJob::count(int entry, qint64 bytes)
{
    addBytes(bytes);
    ++item().filesDone;
    landed(entry);
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
