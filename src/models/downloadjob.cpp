// SPDX-License-Identifier: MIT
#include "downloadjob.h"

#include "api/client.h"
#include "guestpath.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr size_t MaxEntries = 1'000'000;

}  // namespace

DownloadJob::DownloadJob(Client *client, const Item &item, const PartTags *tags)
    : TransferJob(client, item, tags)
{
}

QStringList DownloadJob::localParts(int entry) const
{
    QStringList parts;
    for (int i = entry; i >= 0; i = at(i).parent)
        parts.prepend(at(i).localName.isEmpty() ? at(i).name : at(i).localName);
    return parts;
}

QString DownloadJob::guestPath(int entry) const
{
    QStringList names;
    int top = entry;
    for (; at(top).parent >= 0; top = at(top).parent)
        names.prepend(at(top).name);
    names.prepend(guestpath::clean(item().request.sources.at(at(top).source)));
    return names.join(u'/');
}

void DownloadJob::begin()
{
    item().filesTotal = static_cast<int>(item().request.sources.size());
    Result<LocalTarget> target = LocalTarget::open(item().request.target);
    if (!target)
        return failForGood(target.error());
    m_target = std::move(*target);
    check();
}

void DownloadJob::check()
{
    QSet<QString> used;
    for (const QString &own : made())
        used.insert(own);
    QStringList conflicts;
    m_entries.clear();
    m_folders.clear();
    const QStringList &sources = item().request.sources;
    for (int source = 0; source < static_cast<int>(sources.size()); ++source) {
        Entry entry;
        entry.source = source;
        entry.name = guestpath::fileName(guestpath::clean(sources.at(source)));
        entry.localName = chooseName(source, &used, &conflicts);
        if (entry.localName.isEmpty())
            continue;
        m_folders.enqueue(static_cast<int>(m_entries.size()));
        m_entries.push_back(entry);
    }
    if (!conflicts.isEmpty())
        return compare(conflicts);
    item().filesTotal = static_cast<int>(m_entries.size());
    item().state = State::Running;
    m_working = true;
}

// The name that a source gets in the target; empty when it is skipped.
QString DownloadJob::chooseName(int source, QSet<QString> *used, QStringList *conflicts) const
{
    const QString &path = item().request.sources.at(source);
    const QString wanted = guestpath::fileName(guestpath::clean(path));
    QString own = made().value(path);
    if (!own.isEmpty())
        return own;
    if (!guestpath::isValidName(wanted))
        return wanted.isEmpty() ? u"/"_s : wanted;  // fails when its turn comes
    const auto isTaken = [&](const QString &name) {
        return used->contains(name) || m_target->kindOf({name}) != LocalTarget::Kind::Missing;
    };
    const bool repeated = used->contains(wanted);  // two sources of one name never mix
    const Conflict policy = repeated ? Conflict::KeepBoth : item().request.answerFor(wanted);
    QString chosen = wanted;
    if (isTaken(wanted)) {
        if (policy == Conflict::Ask)
            conflicts->append(wanted);
        else if (policy == Conflict::Skip)
            return {};
        else if (policy == Conflict::KeepBoth)
            chosen = guestpath::freeName(wanted, false, isTaken);
    }
    used->insert(chosen);
    return chosen;
}

// What is known of both sides goes with the question: the guest's from the sources' folder, which
// is one for all of them but in odd cases.
void DownloadJob::compare(const QStringList &names)
{
    const QString folder = guestpath::parent(guestpath::clean(item().request.sources.first()));
    occupy();
    call(m_client->listFiles(item().request.sandboxId, folder),
         [this, folder, names](const Result<QList<FileEntry>> &content) {
             if (!isStopped())
                 finishComparing(folder, names, content);
             release();
         });
}

void DownloadJob::finishComparing(const QString &folder, const QStringList &names,
                                  const Result<QList<FileEntry>> &content)
{
    QHash<QString, FileEntry> known;
    for (const FileEntry &entry : content.value_or(QList<FileEntry>()))
        known.insert(entry.name, entry);
    QList<TransferConflict> conflicts;
    item().kindsDiffer = false;
    for (const QString &name : names) {
        TransferConflict conflict{name, {}, {}};
        const bool isKnown = item().request.sources.contains(guestpath::join(folder, name));
        if (const auto there = known.constFind(name); isKnown && there != known.cend())
            conflict.source = {there->isDir, there->isDir ? -1 : there->size, there->modTime};
        const LocalTarget::FileInfo here = m_target->fileInfo({name});
        const bool isFolder = m_target->kindOf({name}) == LocalTarget::Kind::Folder;
        conflict.target = {isFolder, here.size, here.modified};
        conflicts.append(conflict);
    }
    ask(conflicts);
}

bool DownloadJob::isThrough() const
{
    return m_working && m_folders.isEmpty() && m_files.isEmpty() && m_small.isEmpty() &&
           m_unchecked.isEmpty();
}

bool DownloadJob::startNext()
{
    if (!m_working || isStopped())
        return false;
    if (!m_folders.isEmpty()) {
        const int entry = m_folders.dequeue();
        if (at(entry).isDir)
            startFolder(entry);
        else
            startSource(entry);
        return true;
    }
    if (m_unchecked.size() >= GuestCheck::MaxFiles) {
        startCheck();
        return true;
    }
    if (m_listing > 0)
        return false;
    preparePieces();
    if (!m_small.isEmpty()) {
        startPiece();
        return true;
    }
    while (!m_files.isEmpty() && !isStopped()) {
        if (startEntry(m_files.dequeue()))
            return true;
    }
    if (m_receiving > 0 || m_unchecked.isEmpty() || isStopped())
        return false;
    startCheck();
    return true;
}

void DownloadJob::startSource(int entry)
{
    occupy();
    ++m_listing;
    call(m_client->stat(item().request.sandboxId, guestPath(entry)),
         [this, entry](const Result<FileStat> &result) {
             --m_listing;
             finishSource(entry, result);
             release();
         });
}

void DownloadJob::finishSource(int entry, const Result<FileStat> &result)
{
    if (!result)
        return noteFailure(entry, result.error());
    if (result->isDir()) {
        at(entry).isDir = true;
        --item().filesTotal;
        m_folders.enqueue(entry);
        return;
    }
    at(entry).size = result->size;
    at(entry).modified = result->mtime;
    item().bytesTotal += result->size;
    m_files.enqueue(entry);
}

void DownloadJob::startFolder(int entry)
{
    occupy();
    ++m_listing;
    // Asked even if the folder cannot be made here: then nothing of it is fetched.
    const Result<void> made = m_target->makeFolder(localParts(entry));
    call(m_client->listFiles(item().request.sandboxId, guestPath(entry)),
         [this, entry, made](const Result<QList<FileEntry>> &content) {
             --m_listing;
             if (made && content) {
                 finishFolder(entry, *content);
             } else {
                 ++item().filesTotal;
                 noteFailure(entry, made ? content.error() : made.error());
             }
             release();
         });
}

void DownloadJob::finishFolder(int entry, const QList<FileEntry> &content)
{
    QSet<QString> names;
    for (const FileEntry &found : content) {
        if (m_entries.size() >= MaxEntries)
            return failForGood(
                ownError(Error::Kind::TooLarge, Error::Reason::TooManyFiles, guestPath(entry)));
        if (!names.contains(found.name))
            addEntry(entry, found);
        names.insert(found.name);
    }
    if (at(entry).parent < 0)
        addResult(item().request.sources.at(at(entry).source), at(entry).localName,
                  m_target->pathOf(localParts(entry)));
}

void DownloadJob::addEntry(int folder, const FileEntry &found)
{
    if (found.isSymlink) {
        ++item().linksSkipped;
        return;
    }
    if (!found.isDir || !guestpath::isValidName(found.name))
        ++item().filesTotal;
    if (!guestpath::isValidName(found.name))
        return fail(ownError(Error::Kind::InvalidInput, Error::Reason::LeavesFolder,
                             guestPath(folder) + u'/' + found.name));
    Entry entry;
    entry.parent = folder;
    entry.source = at(folder).source;
    entry.name = found.name;
    entry.isDir = found.isDir;
    entry.size = found.isDir ? 0 : found.size;
    entry.modified = found.modTime;
    item().bytesTotal += entry.size;
    (found.isDir ? m_folders : m_files).enqueue(static_cast<int>(m_entries.size()));
    m_entries.push_back(entry);
}

}  // namespace voidrun
