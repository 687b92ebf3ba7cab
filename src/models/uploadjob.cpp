// SPDX-License-Identifier: MIT
#include "uploadjob.h"

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

UploadJob::UploadJob(Client *client, const Item &item, const Made &made)
    : TransferJob(client, item, made), m_scanner(item.request.sources)
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
    // With nothing to send there is nothing to ask the server.
    m_phase = m_scanner.entries().empty() ? Phase::Working : Phase::MayCheck;
}

bool UploadJob::isThrough() const
{
    return m_phase == Phase::Working && m_next >= static_cast<int>(m_scanner.entries().size());
}

bool UploadJob::startNext()
{
    if (isStopped())
        return false;
    if (m_phase == Phase::MayCheck) {
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
        return true;
    }
    const auto count = static_cast<int>(m_scanner.entries().size());
    while (m_phase == Phase::Working && m_next < count && !isStopped()) {
        const Folder &folder = m_folders[at(m_next).parent];
        if (!folder.isReady && !folder.isLost)
            return false;  // soon
        if (startEntry(m_next++))
            return true;
    }
    return false;
}

void UploadJob::checkConflicts(const QList<FileEntry> &existing)
{
    Folder target;
    target.isReady = true;
    for (const FileEntry &entry : existing)
        target.existing.insert(entry.name, entry.isDir);
    m_folders = {{Target, target}};
    m_topNames.clear();
    QSet<QString> used;
    QStringList conflicts;
    item().kindsDiffer = false;
    for (const QString &own : made())
        used.insert(own);
    const auto count = static_cast<int>(m_scanner.entries().size());
    for (int i = 0; i < count; ++i) {
        if (at(i).parent == Target)
            m_topNames.insert(i, chooseName(i, &used, &conflicts));
    }
    if (!conflicts.isEmpty())
        return ask(conflicts);
    m_phase = Phase::Working;
    item().state = State::Running;
}

// The name that a source gets in the target; empty when it is skipped.
QString UploadJob::chooseName(int entry, QSet<QString> *used, QStringList *conflicts)
{
    const QString wanted = QString::fromUtf8(at(entry).name);
    QString own = made().value(item().request.sources.at(at(entry).source));
    if (!own.isEmpty())
        return own;
    const auto &existing = m_folders[Target].existing;
    const bool repeated = used->contains(wanted);  // two sources of one name never mix
    const Conflict policy = repeated ? Conflict::KeepBoth : item().request.conflict;
    QString chosen = wanted;
    if (repeated || existing.contains(wanted)) {
        if (policy == Conflict::Ask) {
            conflicts->append(wanted);
            item().kindsDiffer |= existing.value(wanted) != at(entry).isDir;
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
    const bool isFolderThere = exists && *existing;
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
    if (at(entry).isDir)
        startFolder(entry, exists);
    else
        startFile(entry);
    return true;
}

void UploadJob::skip(int entry)
{
    item().filesTotal -= at(entry).isDir ? 0 : 1;
    item().bytesTotal -= at(entry).size;
}

}  // namespace voidrun
