// SPDX-License-Identifier: MIT
#include "uploadjob.h"

#include <algorithm>

#include "archivepiece.h"
#include "guestpath.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int Target = -1;     // the index of the target folder
constexpr int ScanStep = 500;  // files looked at in one turn of the event loop

}  // namespace

UploadJob::UploadJob(Client *client, const Item &item, const PartTags *tags)
    : TransferJob(client, item, tags), m_scanner(item.request.sources)
{
}

const LocalScanner::Entry &UploadJob::at(int entry) const
{
    return m_scanner.entries()[static_cast<size_t>(entry)];
}

QString UploadJob::name(int entry) const
{
    const auto top = m_topNames.constFind(entry);
    return top != m_topNames.cend() ? *top : QString::fromUtf8(at(entry).name);
}

QString UploadJob::guestPath(int entry) const
{
    QStringList names;
    for (int i = entry; i != Target; i = at(i).parent)
        names.prepend(name(i));
    return guestpath::join(item().request.target, names.join(u'/'));
}

void UploadJob::begin()
{
    scan();
}

void UploadJob::scan()
{
    if (isStopped())
        return;
    const size_t before = m_scanner.entries().size();
    const bool more = m_scanner.step(ScanStep);
    for (size_t i = before; i < m_scanner.entries().size(); ++i) {
        const LocalScanner::Entry &entry = m_scanner.entries()[i];
        item().filesTotal += entry.isDir ? 0 : 1;
        item().bytesTotal += entry.size;
    }
    for (const Error &error : m_scanner.takeFailures()) {
        ++item().filesTotal;
        if (error.kind == Error::Kind::TooLarge)
            return failForGood(error);
        fail(error);
    }
    if (more)
        QMetaObject::invokeMethod(this, &UploadJob::scan, Qt::QueuedConnection);
    else
        check();
    Q_EMIT progressed();
}

void UploadJob::check()
{
    const auto isSmall = [](const LocalScanner::Entry &entry) {
        return !entry.isDir && entry.size <= ArchivePiece::SmallFile;
    };
    m_usesPieces = std::ranges::count_if(m_scanner.entries(), isSmall) > ArchivePiece::Worthwhile;
    // With nothing to send there is nothing to ask the server.
    m_phase = m_scanner.entries().empty() ? Phase::Working : Phase::MayCheck;
}

bool UploadJob::isThrough() const
{
    return m_phase == Phase::Working && m_next >= entryCount() && m_unchecked.isEmpty() &&
           m_small.isEmpty() && m_newFolders.isEmpty() && m_singles.isEmpty();
}

bool UploadJob::startNext()
{
    if (isStopped())
        return false;
    if (m_phase == Phase::MayCheck) {
        listTarget();
        return true;
    }
    if (m_unchecked.size() >= GuestCheck::MaxFiles) {
        startCheck();
        return true;
    }
    while (m_phase == Phase::Working && m_next < entryCount() && !isStopped()) {
        if (isPieceDue())
            break;
        const Folder &folder = m_folders[at(m_next).parent];
        if (!folder.isReady && !folder.isLost)
            return false;  // soon
        if (startEntry(m_next++))
            return true;
    }
    if (m_phase == Phase::Working && isPieceDue() && !isStopped()) {
        startPiece();
        return true;
    }
    if (startSingle())
        return true;
    if (m_sending > 0 || m_unchecked.isEmpty() || isStopped())
        return false;
    startCheck();
    return true;
}

// Large files, and what did not get over in a piece. They wait for the pieces, which may make the
// folders that they go into.
bool UploadJob::startSingle()
{
    if (m_phase != Phase::Working || m_pieces > 0 || m_singles.isEmpty() || isStopped())
        return false;
    const int entry = m_singles.takeFirst();
    if (at(entry).isDir) {
        startFolder(entry, false);
        return true;
    }
    const Folder &folder = m_folders[at(entry).parent];
    const auto existing = folder.existing.constFind(name(entry));
    const bool exists = existing != folder.existing.cend();
    const FileEntry there = exists ? *existing : FileEntry();
    startFile(entry, exists ? &there : nullptr);
    return true;
}

void UploadJob::listTarget()
{
    m_phase = Phase::Checking;
    occupy();
    const TransferRequest &request = item().request;
    call(m_client->listFiles(request.sandboxId, request.target),
         [this](const Result<QList<FileEntry>> &result) {
             // A target that is missing is made with the first thing that goes into it.
             if (result || meansMissing(result.error()))
                 checkConflicts(result.value_or(QList<FileEntry>()));
             else
                 failForGood(result.error());
             release();
         });
}

void UploadJob::checkConflicts(const QList<FileEntry> &existing)
{
    sweep(item().request.target, existing);
    Folder target;
    target.isReady = true;
    for (const FileEntry &entry : existing)
        target.existing.insert(entry.name, entry);
    m_folders = {{Target, target}};
    m_topNames.clear();
    QSet<QString> used;
    QList<TransferConflict> conflicts;
    item().kindsDiffer = false;
    for (const QString &own : made())
        used.insert(own);
    for (int i = 0; i < entryCount(); ++i) {
        if (at(i).parent == Target)
            m_topNames.insert(i, chooseName(i, &used, &conflicts));
    }
    if (!conflicts.isEmpty())
        return ask(conflicts);
    m_phase = Phase::Working;
    item().state = State::Running;
}

// The name that a source gets in the target; empty when it is skipped.
QString UploadJob::chooseName(int entry, QSet<QString> *used, QList<TransferConflict> *conflicts)
{
    const QString wanted = QString::fromUtf8(at(entry).name);
    QString own = made().value(item().request.sources.at(at(entry).source));
    if (!own.isEmpty())
        return own;
    const auto &existing = m_folders[Target].existing;
    const bool repeated = used->contains(wanted);  // two sources of one name never mix
    const Conflict policy = repeated ? Conflict::KeepBoth : item().request.answerFor(wanted);
    QString chosen = wanted;
    if (repeated || existing.contains(wanted)) {
        if (policy == Conflict::Ask) {
            const FileEntry there = existing.value(wanted);
            const LocalScanner::Entry &here = at(entry);
            conflicts->append({wanted,
                               {here.isDir, here.isDir ? -1 : here.size,
                                QDateTime::fromMSecsSinceEpoch(here.modified)},
                               {there.isDir, there.isDir ? -1 : there.size, there.modTime}});
            item().kindsDiffer |= there.isDir != here.isDir;
        }
        if (policy == Conflict::Skip)
            return {};
        if (policy == Conflict::KeepBoth)
            chosen = guestpath::freeName(wanted, at(entry).isDir, [&](const QString &name) {
                return existing.contains(name) || used->contains(name);
            });
    }
    used->insert(chosen);
    return chosen;
}

// False when nothing had to be asked of the server.
bool UploadJob::startEntry(int entry)
{
    const Folder &folder = m_folders[at(entry).parent];
    const bool isSkipped = folder.isSkipped || name(entry).isEmpty();
    if (isSkipped || folder.isLost) {
        if (isSkipped)
            skip(entry);
        else if (!at(entry).isDir)
            fail(item().error);
        if (at(entry).isDir)
            m_folders.insert(entry, Folder::lost(isSkipped));
        return false;
    }
    const auto existing = folder.existing.constFind(name(entry));
    const bool exists = existing != folder.existing.cend();
    const bool isFolderThere = exists && existing->isDir;
    if (exists && isFolderThere != at(entry).isDir) {
        if (at(entry).isDir) {
            ++item().filesTotal;
            m_folders.insert(entry, Folder::lost(false));
        }
        fail(ownError(Error::Kind::Conflict,
                      isFolderThere ? Error::Reason::FolderInTheWay : Error::Reason::FileInTheWay,
                      guestPath(entry)));
        return false;
    }
    if (at(entry).isDir) {
        if (!exists && m_usesPieces) {
            m_folders[entry].isReady = true;
            m_newFolders.append(entry);
            return false;
        }
        startFolder(entry, exists);
        return true;
    }
    if (exists && isThere(entry, *existing)) {
        count(entry, at(entry).size);
        return false;
    }
    if (!m_usesPieces) {
        const FileEntry there = exists ? *existing : FileEntry();
        startFile(entry, exists ? &there : nullptr);
        return true;
    }
    if (at(entry).size > ArchivePiece::SmallFile || (exists && existing->isSymlink)) {
        m_singles.append(entry);
        return false;
    }
    if (exists)
        m_modes.insert(entry, existing->mode);
    m_small.append(entry);
    m_smallBytes += at(entry).size;
    return false;
}

// Brought over by an earlier attempt: as long and as old as the file here.
bool UploadJob::isThere(int entry, const FileEntry &existing) const
{
    return item().isContinued && !existing.isSymlink && existing.size == at(entry).size &&
           isSameTime(existing.modTime, QDateTime::fromMSecsSinceEpoch(at(entry).modified));
}

void UploadJob::skip(int entry)
{
    item().filesTotal -= at(entry).isDir ? 0 : 1;
    item().bytesTotal -= at(entry).size;
}

}  // namespace voidrun
