// SPDX-License-Identifier: MIT
#include "dragoutflow.h"

#include <QTemporaryDir>
#include <QThreadPool>

#include <algorithm>

#include "dragoutdata.h"
#include "filepanel.h"

namespace voidrun
{

namespace
{
constexpr qint64 FetchAtOnce = 16 * 1024 * 1024;  // bytes; larger drags are fetched when they leave
}

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

void DragOutFlow::start(DragOutData *data, bool leftWindow)
{
    if (!leftWindow) {
        m_data = data;
        m_paths.clear();
        ++m_ticket;
        qint64 bytes = 0;
        for (const FileEntry &entry : m_panel->selectedEntries()) {
            m_paths.append(entry.path);
            bytes += entry.isDir ? 0 : entry.size;  // a folder's size is known only by fetching it
        }
        if (bytes > FetchAtOnce)
            return;
    }
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
    sweep();
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
