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

}  // namespace

// One file on its way; `stat` is what the guest said of it just before.
struct DownloadJob::Receiving {
    int entry = 0;
    FileStat stat;
    std::unique_ptr<PartFile> part;
    std::shared_ptr<qint64> counted = std::make_shared<qint64>(0);
};

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
Result<void> DownloadJob::keep(const Receiving &receiving, qint64 received)
{
    const FileStat &stat = receiving.stat;
    if (received != stat.size || receiving.part->size() != stat.size)
        return std::unexpected(ownError(Error::Kind::NotVoidRun, Error::Reason::WrongLength,
                                        guestPath(receiving.entry)));
    int top = receiving.entry;
    while (at(top).parent >= 0)
        top = at(top).parent;
    const bool isOurs = made().contains(item().request.sources.at(at(top).source));
    const bool replace = item().request.conflict == Conflict::Overwrite || isOurs;
    return receiving.part->commit(stat.mode & AnyExecute, stat.mtime, replace);
}

void DownloadJob::finishFile(const std::shared_ptr<Receiving> &receiving,
                             const Result<qint64> &result)
{
    const int entry = receiving->entry;
    Result<void> kept;
    if (result) {
        kept = keep(*receiving, *result);
    } else {
        Error error = result.error();
        if (error.kind == Error::Kind::LocalFile)  // it is about the file here, not there
            error = systemError(m_target->pathOf(localParts(entry)), receiving->part->failure());
        kept = std::unexpected(error);
    }
    receiving->part.reset();
    if (!kept) {
        addBytes(-*receiving->counted);
        return lose(entry, kept.error());
    }
    addBytes(receiving->stat.size - *receiving->counted);
    ++item().filesDone;
    if (at(entry).parent < 0)
        addResult(item().request.sources.at(at(entry).source), at(entry).localName,
                  m_target->pathOf(localParts(entry)));
    release();
}

void DownloadJob::lose(int entry, const Error &error)
{
    at(entry).isLost = true;
    Error reported = error;
    const bool isHere = error.kind == Error::Kind::LocalFile || error.kind == Error::Kind::Conflict;
    if (!isHere || reported.subject.isEmpty())  // the wire names an address, a person a file
        reported.subject = guestPath(entry);
    fail(reported);
    release();
}

}  // namespace voidrun
