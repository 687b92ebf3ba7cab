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
constexpr uint TypeMask = 0170000;
constexpr uint LinkType = 0120000;

}  // namespace

DownloadJob::DownloadJob(Client *client, const Item &item, const Made &made)
    : TransferJob(client, item, made)
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
    const QStringList &sources = item().request.sources;
    for (int source = 0; source < static_cast<int>(sources.size()); ++source) {
        Entry entry;
        entry.source = source;
        entry.name = guestpath::fileName(guestpath::clean(sources.at(source)));
        entry.localName = chooseName(source, &used, &conflicts);
        if (!entry.localName.isEmpty())
            m_entries.push_back(entry);
    }
    if (!conflicts.isEmpty())
        return ask(conflicts);
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
    const Conflict policy = repeated ? Conflict::KeepBoth : item().request.conflict;
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

bool DownloadJob::isThrough() const
{
    return m_working && m_next >= m_entries.size();
}

bool DownloadJob::startNext()
{
    while (m_working && m_next < m_entries.size() && !isStopped()) {
        if (startEntry(static_cast<int>(m_next++)))
            return true;
    }
    return false;
}

bool DownloadJob::startEntry(int entry)
{
    const int parent = at(entry).parent;
    if (parent >= 0 && at(parent).isLost) {
        at(entry).isLost = true;
        fail(item().error);
        return false;
    }
    occupy();
    if (at(entry).isDir)
        startFolder(entry);
    else
        askKind(entry, parent < 0);
    return true;
}

void DownloadJob::askKind(int entry, bool isSource)
{
    call(m_client->stat(item().request.sandboxId, guestPath(entry)),
         [this, entry, isSource](const Result<FileStat> &result) {
             finishStat(entry, isSource, result);
         });
}

void DownloadJob::finishStat(int entry, bool isSource, const Result<FileStat> &result)
{
    if (!result)
        return lose(entry, result.error());
    if (isStopped())
        return release();
    if (result->isDir() && isSource) {
        at(entry).isDir = true;
        --item().filesTotal;
        startFolder(entry);
    } else if (result->isRegular()) {
        startFile(entry, *result);
    } else {
        const bool isLink = (result->mode & TypeMask) == LinkType;
        lose(entry,
             ownError(Error::Kind::InvalidInput,
                      isLink ? Error::Reason::IsLink : Error::Reason::NotAFile, guestPath(entry)));
    }
}

void DownloadJob::startFolder(int entry)
{
    // Asked even if the folder cannot be made here: then nothing of it is fetched.
    const Result<void> made = m_target->makeFolder(localParts(entry));
    call(m_client->listFiles(item().request.sandboxId, guestPath(entry)),
         [this, entry, made](const Result<QList<FileEntry>> &content) {
             if (!made || !content) {
                 ++item().filesTotal;
                 return lose(entry, made ? content.error() : made.error());
             }
             finishFolder(entry, *content);
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
    item().bytesTotal += entry.size;
    m_entries.push_back(entry);
}

}  // namespace voidrun
