// SPDX-License-Identifier: MIT
#include "watchnotices.h"

#include "watchmodel.h"

namespace voidrun
{

namespace
{

constexpr int GatherTime = 1500;  // ms in which changes become one notice

void addTo(QSet<QString> *files, const QString &path)
{
    if (files->size() < WatchNotice::MaxFiles)
        files->insert(path);
}

}  // namespace

WatchNotices::WatchNotices(WatchModel *watches, QObject *parent)
    : QObject(parent), m_watches(watches)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(GatherTime);
    connect(&m_timer, &QTimer::timeout, this, &WatchNotices::announce);
    connect(watches->events(), &WatchEventsModel::changesArrived, this, &WatchNotices::take);
    // What was cleared, or is not watched any more, is no news.
    connect(watches->events(), &QAbstractItemModel::modelReset, this, &WatchNotices::forgetSeen);
    connect(watches, &QAbstractItemModel::rowsRemoved, this, &WatchNotices::forgetUnwatched);
}

void WatchNotices::setInFront(bool inFront)
{
    if (std::exchange(m_inFront, inFront) == inFront || !inFront)
        return;
    m_timer.stop();
    m_waiting.clear();
    if (!std::exchange(m_background, {}).isEmpty())
        Q_EMIT noticesOver();
    if (m_listSeen)
        forgetSeen();
}

void WatchNotices::setListSeen(bool seen)
{
    m_listSeen = seen;
    if (m_listSeen && m_inFront)
        forgetSeen();
}

void WatchNotices::forgetSeen()
{
    if (!std::exchange(m_unseen, {}).isEmpty())
        Q_EMIT unseenChanged();
}

void WatchNotices::forgetUnwatched()
{
    QSet<QString> watched;
    for (int row = 0; row < m_watches->rowCount(); ++row)
        watched.insert(
            m_watches->index(row, 0).data(WatchModel::WatchRole).value<Watch>().sandboxId);
    if (m_unseen.removeIf([&](const auto &it) { return !watched.contains(it.key()); }) > 0)
        Q_EMIT unseenChanged();
}

int WatchNotices::unseen() const
{
    int files = 0;
    for (const QSet<QString> &unseen : m_unseen)
        files += int(unseen.size());
    return files;
}

QHash<QString, int> WatchNotices::unseenBySandbox() const
{
    QHash<QString, int> files;
    for (auto it = m_unseen.cbegin(); it != m_unseen.cend(); ++it)
        files.insert(it.key(), int(it->size()));
    return files;
}

void WatchNotices::take(const QList<WatchChange> &changes)
{
    const int before = unseen();
    for (const WatchChange &change : changes) {
        const Watch *watch = m_watches->watch(change.watch);
        if (!watch || watch->notify == Watch::Notify::Off ||
            change.kind == WatchChange::Kind::RescanNeeded)
            continue;
        if (!m_inFront || !m_listSeen)
            addTo(&m_unseen[change.sandboxId], change.path);
        if (!m_inFront && watch->notify == Watch::Notify::Desktop) {
            addTo(&m_background[change.watch], change.path);
            m_waiting.insert(change.watch);
        }
    }
    if (!m_waiting.isEmpty() && !m_timer.isActive())
        m_timer.start();
    if (unseen() != before)
        Q_EMIT unseenChanged();
}

void WatchNotices::announce()
{
    for (const int id : std::exchange(m_waiting, {})) {
        if (const Watch *watch = m_watches->watch(id))
            Q_EMIT noticeReady(
                {id, watch->request.path, watch->sandboxName, int(m_background[id].size())});
    }
}

}  // namespace voidrun
