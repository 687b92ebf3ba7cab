// SPDX-License-Identifier: MIT
#include "dragoutflow.h"

#include <QTemporaryDir>

#include "dragoutdata.h"
#include "filepanel.h"

namespace voidrun
{

namespace
{
constexpr qint64 FetchAtOnce = 16 * 1024 * 1024;  // bytes; larger drags are fetched when they leave
}

DragOutFlow::DragOutFlow(FilePanel *panel) : QObject(panel), m_panel(panel) {}

DragOutFlow::~DragOutFlow() = default;

void DragOutFlow::start(DragOutData *data, bool leftWindow)
{
    if (!leftWindow) {
        m_data = data;
        m_paths.clear();
        m_fetching = false;
        ++m_ticket;
        qint64 bytes = 0;
        for (const FileEntry &entry : m_panel->selectedEntries()) {
            m_paths.append(entry.path);
            bytes += entry.isDir ? 0 : entry.size;  // a folder's size is known only by fetching it
        }
        if (bytes > FetchAtOnce)
            return;
    }
    if (m_fetching || m_paths.isEmpty())
        return;
    auto stage = std::make_unique<QTemporaryDir>();
    if (!stage->isValid()) {
        Q_EMIT problem(
            tr("There is no room for the files on this computer. %1").arg(stage->errorString()));
        return;
    }
    m_fetching = true;
    m_stagedTicket = m_ticket;
    const QString folder = stage->path();
    m_stages.push_back(std::move(stage));
    Q_EMIT fetchRequested(m_ticket, m_paths, folder);
}

void DragOutFlow::fetched(int ticket, const QStringList &localFiles)
{
    if (ticket != m_ticket)
        return;
    m_fetching = false;
    if (m_data)
        m_data->setFetched(localFiles);
}

void DragOutFlow::end(DragOutData *data, bool dropped, bool insideWindow)
{
    const bool tooEarly = data && data->wasAskedTooEarly() && !data->isFetched();
    m_data = nullptr;
    if (m_fetching && (insideWindow || !dropped || tooEarly)) {
        m_fetching = false;
        Q_EMIT cancelled(m_ticket);
    }
    // Only what another program took is still needed: it may be copying from there.
    if ((insideWindow || !dropped) && !m_stages.empty() && m_stagedTicket == m_ticket)
        m_stages.pop_back();
    if (tooEarly && !insideWindow)
        Q_EMIT droppedTooEarly(m_paths);
}

}  // namespace voidrun
