// SPDX-License-Identifier: MIT
// How DownloadJob brings one file over.
#include "api/client.h"
#include "downloadjob.h"
#include "systemerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr uint AnyExecute = 0111;
constexpr uint TypeMask = 0170000;
constexpr uint LinkType = 0120000;

}  // namespace

// One file on its way; `stat` is what the guest said of it just before.
struct DownloadJob::Receiving {
    int entry = 0;
    FileStat stat;
    std::unique_ptr<PartFile> part;
    std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
    std::shared_ptr<int> batch;  // how many are checked together and share a slot
};

// False when nothing had to be asked of the server.
bool DownloadJob::startEntry(int entry)
{
    if (isHere(entry)) {
        count(entry, at(entry).size);
        return false;
    }
    occupy();
    ++m_receiving;
    askKind(entry);
    return true;
}

// Brought over by an earlier attempt: as long and as old as the file there.
bool DownloadJob::isHere(int entry) const
{
    if (!item().isContinued)
        return false;
    const LocalTarget::FileInfo here = m_target->fileInfo(localParts(entry));
    return here.size == at(entry).size && isSameTime(here.modified, at(entry).modified);
}

void DownloadJob::askKind(int entry)
{
    call(m_client->stat(item().request.sandboxId, guestPath(entry)),
         [this, entry](const Result<FileStat> &result) {
             if (!result || isStopped())
                 return lose(entry, result ? ownError(Error::Kind::Cancelled, Error::Reason::None)
                                           : result.error());
             if (result->isRegular())
                 return startFile(entry, *result);
             const bool isLink = (result->mode & TypeMask) == LinkType;
             lose(entry, ownError(Error::Kind::InvalidInput,
                                  isLink ? Error::Reason::IsLink : Error::Reason::NotAFile,
                                  guestPath(entry)));
         });
}

void DownloadJob::startFile(int entry, const FileStat &stat)
{
    Result<std::unique_ptr<PartFile>> part = m_target->createFile(localParts(entry));
    if (!part)
        return lose(entry, part.error());
    const auto receiving = std::make_shared<Receiving>();
    receiving->entry = entry;
    receiving->stat = stat;
    receiving->part = std::move(*part);
    item().bytesTotal += stat.size - at(entry).size;
    at(entry).size = stat.size;
    follow(call(m_client->download(item().request.sandboxId, guestPath(entry),
                                   receiving->part->device()),
                [this, receiving](const Result<qint64> &result) { finishFile(receiving, result); }),
           receiving->counted);
}

// What the body was must be what the guest said of the file.
void DownloadJob::finishFile(const ReceivingPtr &receiving, const Result<qint64> &result)
{
    const int entry = receiving->entry;
    --m_receiving;
    if (!result) {
        Error error = result.error();
        if (error.kind == Error::Kind::LocalFile)  // it is about the file here, not there
            error = systemError(m_target->pathOf(localParts(entry)), receiving->part->failure());
        return drop(receiving, error);
    }
    const qint64 size = receiving->stat.size;
    if (*result != size || receiving->part->size() != size)
        return drop(receiving, ownError(Error::Kind::NotVoidRun, Error::Reason::WrongLength,
                                        guestPath(entry)));
    m_unchecked.append(receiving);
    release();
}

void DownloadJob::startCheck()
{
    const QList<ReceivingPtr> checked = std::exchange(m_unchecked, {});
    const auto batch = std::make_shared<int>(static_cast<int>(checked.size()));
    occupy();
    GuestCheck check;
    bool isWorthIt = false;
    for (const ReceivingPtr &receiving : checked) {
        receiving->batch = batch;
        const bool isSmall = receiving->stat.size <= GuestCheck::MaxHashed;
        isWorthIt = isWorthIt || isSmall;
        check.add(guestPath(receiving->entry), isSmall);
    }
    const auto finish = [this, checked](const QList<GuestCheck::Found> &found) {
        for (qsizetype i = 0; i < checked.size(); ++i)
            finishCheck(checked[i], found.value(i));
    };
    if (isWorthIt)
        ask(check, finish);
    else  // a turn later, so that the slot is given back after it was taken
        QMetaObject::invokeMethod(this, [finish] { finish({}); }, Qt::QueuedConnection);
}

void DownloadJob::finishCheck(const ReceivingPtr &receiving, const GuestCheck::Found &found)
{
    // A file that has grown meanwhile was still whole when it was fetched.
    const bool isComparable = found.size == receiving->stat.size && !found.hash.isEmpty();
    if (isStopped())
        drop(receiving, ownError(Error::Kind::Cancelled, Error::Reason::None));
    else if (isComparable && found.hash != receiving->part->hash())
        drop(receiving, ownError(Error::Kind::NotVoidRun, Error::Reason::WrongContent,
                                 guestPath(receiving->entry)));
    else
        keep(receiving);
}

bool DownloadJob::mayReplace(int entry) const
{
    int top = entry;
    while (at(top).parent >= 0)
        top = at(top).parent;
    return made().contains(item().request.sources.at(at(top).source)) ||
           item().request.answerFor(at(top).name) == Conflict::Overwrite;
}

void DownloadJob::keep(const ReceivingPtr &receiving)
{
    const FileStat &stat = receiving->stat;
    const Result<void> kept =
        receiving->part->commit(stat.mode & AnyExecute, stat.mtime, mayReplace(receiving->entry));
    if (!kept)
        return drop(receiving, kept.error());
    count(receiving->entry, stat.size - *receiving->counted);
    receiving->part.reset();
    if (!receiving->batch || --*receiving->batch == 0)
        release();
}

void DownloadJob::drop(const ReceivingPtr &receiving, const Error &error)
{
    receiving->part.reset();
    addBytes(-*receiving->counted);
    noteFailure(receiving->entry, error);
    if (!receiving->batch || --*receiving->batch == 0)
        release();
}

void DownloadJob::noteFailure(int entry, const Error &error)
{
    at(entry).isLost = true;
    Error reported = error;
    const bool isHere = error.kind == Error::Kind::LocalFile || error.kind == Error::Kind::Conflict;
    if (!isHere || reported.subject.isEmpty())  // the wire names an address, a person a file
        reported.subject = guestPath(entry);
    fail(reported);
}

// One whose receiving has not begun.
void DownloadJob::lose(int entry, const Error &error)
{
    --m_receiving;
    noteFailure(entry, error);
    release();
}

void DownloadJob::count(int entry, qint64 bytes)
{
    addBytes(bytes);
    ++item().filesDone;
    if (at(entry).parent < 0)
        addResult(item().request.sources.at(at(entry).source), at(entry).localName,
                  m_target->pathOf(localParts(entry)));
}

}  // namespace voidrun
