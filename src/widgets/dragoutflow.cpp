// SPDX-License-Identifier: MIT
#include "dragoutflow.h"

#include <QTemporaryDir>
#include <QThreadPool>

#include <algorithm>

#include "dragoutdata.h"
#include "filepanel.h"
#include "models/filedetails.h"
#include "models/fsmodel.h"

namespace voidrun
{

namespace
{
constexpr qint64 FetchAtOnce = 16 * 1024 * 1024;  // bytes; larger drags are fetched when they leave
constexpr qint64 CopyLimit = 64 * 1024 * 1024;    // bytes; larger copies are not fetched
}  // namespace

DragOutFlow::DragOutFlow(FilePanel *panel, int firstTicket)
    : QObject(panel), m_panel(panel), m_ticket(firstTicket)
{
}

DragOutFlow::~DragOutFlow()
{
    for (Stage &stage : m_stages)
        stage.isFetching = stage.isWanted = false;
    sweep();
}

DragOutFlow::Stage *DragOutFlow::stageOf(int ticket)
{
    const auto found = std::ranges::find(m_stages, ticket, &Stage::ticket);
    return found == m_stages.end() ? nullptr : &*found;
}

// Takes away what nobody needs or writes to any more; a large tree takes a while.
void DragOutFlow::sweep()
{
    std::erase_if(m_stages, [](Stage &stage) {
        if (stage.isFetching || stage.isWanted)
            return false;
        QThreadPool::globalInstance()->start(
            [folder = std::shared_ptr<QTemporaryDir>(std::move(stage.folder))] {});
        return true;
    });
}

// A new drag or copy of what is selected; gives the size of its files.
qint64 DragOutFlow::begin(DragOutData *data)
{
    m_data = data;
    m_paths.clear();
    ++m_ticket;
    qint64 bytes = 0;
    for (const FileEntry &entry : m_panel->selectedEntries()) {
        m_paths.append(entry.path);
        bytes += entry.isDir ? 0 : entry.size;
    }
    return bytes;
}

void DragOutFlow::start(DragOutData *data, bool leftWindow)
{
    // A folder's size is not known; most drags of one that stay inside are over soon.
    if (!leftWindow && begin(data) > FetchAtOnce)
        return;
    fetch();
}

void DragOutFlow::startCopy(DragOutData *data)
{
    const qint64 bytes = begin(data);
    QStringList folders;
    for (const FileEntry &entry : m_panel->selectedEntries()) {
        if (entry.isDir)
            folders.append(entry.path);
    }
    measure(folders, bytes);
}

// One folder after the other, until it is too much.
void DragOutFlow::measure(const QStringList &folders, qint64 bytes)
{
    if (bytes > CopyLimit || bytes < 0) {
        Q_EMIT tooLarge(m_paths, bytes);
        return;
    }
    if (folders.isEmpty())
        return fetch();
    FileDetails *details = m_panel->model()->createDetails(folders.first(), this);
    const auto goOn = [this, details, ticket = m_ticket, rest = folders.sliced(1)](qint64 sum) {
        details->disconnect(this);
        details->deleteLater();
        if (ticket == m_ticket && m_data)  // nothing else was copied meanwhile
            measure(rest, sum);
    };
    connect(details, &FileDetails::loaded, this, [goOn, bytes](const FileStat &stat) {
        if (!stat.isDir())
            goOn(bytes + stat.size);
    });
    connect(details, &FileDetails::measured, this,
            [goOn, bytes](qint64 size) { goOn(bytes + size); });
    connect(details, &FileDetails::failed, this, [goOn] { goOn(-1); });
    details->load();
}

void DragOutFlow::fetch()
{
    if (stageOf(m_ticket) || m_paths.isEmpty())
        return;
    auto folder = std::make_unique<QTemporaryDir>();
    if (!folder->isValid()) {
        Q_EMIT problem(
            tr("There is no room for the files on this computer. %1").arg(folder->errorString()));
        return;
    }
    const QString path = folder->path();
    m_stages.push_back({.ticket = m_ticket, .folder = std::move(folder)});
    Q_EMIT fetchRequested(m_ticket, m_paths, path);
}

void DragOutFlow::fetched(int ticket, const QStringList &localFiles)
{
    Stage *stage = stageOf(ticket);
    if (!stage)
        return;
    stage->isFetching = false;
    if (localFiles.isEmpty())
        stage->isWanted = false;
    else if (ticket == m_ticket && m_data)
        m_data->setFetched(localFiles);
    const bool isReady = m_data && m_data->isFetched();
    sweep();
    if (isReady)
        Q_EMIT fetchedInto(m_data);
}

void DragOutFlow::end(DragOutData *data, bool dropped, bool insideWindow)
{
    const bool tooEarly = data && data->wasAskedTooEarly() && !data->isFetched();
    m_data = nullptr;
    // Only what another program took is still needed: it may be copying from there.
    const bool isTaken = dropped && !insideWindow && !tooEarly;
    if (Stage *stage = stageOf(m_ticket); stage && !isTaken) {
        stage->isWanted = false;
        if (stage->isFetching)
            Q_EMIT cancelled(m_ticket);  // fetched() follows
        sweep();
    }
    if (tooEarly && !insideWindow)
        Q_EMIT droppedTooEarly(m_paths);
}

}  // namespace voidrun
