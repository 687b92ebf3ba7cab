// SPDX-License-Identifier: MIT
#include "transfermodel.h"

#include <algorithm>

#include "transferworker.h"

namespace voidrun
{

TransferModel::TransferModel(QObject *parent)
    : QAbstractTableModel(parent),
      m_thread(std::make_unique<QThread>()),
      m_worker(std::make_unique<TransferWorker>())
{
    qRegisterMetaType<QList<Item>>();
    m_thread->setObjectName(QStringLiteral("transfers"));
    m_worker->moveToThread(m_thread.get());
    connect(m_worker.get(), &TransferWorker::itemsChanged, this, &TransferModel::takeUpdates);
    connect(m_worker.get(), &TransferWorker::guestFolderChanged, this,
            &TransferModel::guestFolderChanged);
    m_thread->start();
}

TransferModel::~TransferModel()
{
    constexpr int Patience = 5000;  // ms; a local file system that hangs must not hold us
    const auto shutDown = [worker = m_worker.get(), thread = m_thread.get()] {
        worker->shutDown();
        thread->quit();
    };
    QMetaObject::invokeMethod(m_worker.get(), shutDown, Qt::QueuedConnection);
    if (m_thread->wait(Patience))
        return;
    m_worker->disconnect(this);
    std::ignore = m_worker.release();
    std::ignore = m_thread.release();
}

TransferModel::Item *TransferModel::find(int id)
{
    const auto found = std::ranges::find(m_items, id, &Item::id);
    return found == m_items.end() ? nullptr : &*found;
}

const TransferModel::Item *TransferModel::item(int id) const
{
    const auto found = std::ranges::find(m_items, id, &Item::id);
    return found == m_items.end() ? nullptr : &*found;
}

int TransferModel::activeCount() const
{
    return static_cast<int>(
        std::ranges::count_if(m_items, [](const Item &item) { return !isFinal(item.state); }));
}

int TransferModel::start(const TransferRequest &request)
{
    Item item;
    item.id = m_nextId++;
    item.request = request;
    item.startedAt = QDateTime::currentDateTime();
    const auto row = static_cast<int>(m_items.size());
    beginInsertRows({}, row, row);
    m_items.push_back(item);
    endInsertRows();
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), item] { worker->start(item); },
        Qt::QueuedConnection);
    Q_EMIT transferStarted(item.id);
    announceActiveCount();
    return item.id;
}

void TransferModel::resolve(int id, TransferRequest::Conflict answer)
{
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id, answer] { worker->resolve(id, answer); },
        Qt::QueuedConnection);
}

void TransferModel::cancel(int id)
{
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id] { worker->cancel(id); },
        Qt::QueuedConnection);
}

void TransferModel::cancelAll()
{
    for (const Item &item : m_items) {
        if (!isFinal(item.state))
            cancel(item.id);
    }
}

void TransferModel::retry(int id)
{
    const Item *before = item(id);
    if (!before || (before->state != State::Failed && before->state != State::Cancelled))
        return;
    Item again;
    again.id = id;
    again.request = before->request;
    if (!again.request.staging)
        again.request.conflict = TransferRequest::Conflict::Ask;  // what is there now may differ
    again.results = before->results;
    again.startedAt = QDateTime::currentDateTime();
    update(again);
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), again] { worker->start(again); },
        Qt::QueuedConnection);
    announceActiveCount();
}

void TransferModel::clearFinished()
{
    QList<int> cleared;
    for (auto row = static_cast<int>(m_items.size()) - 1; row >= 0; --row) {
        const auto at = m_items.begin() + row;
        if (!isFinal(at->state))
            continue;
        cleared.append(at->id);
        beginRemoveRows({}, row, row);
        m_items.erase(at);
        endRemoveRows();
    }
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), cleared] { worker->forget(cleared); },
        Qt::QueuedConnection);
}

void TransferModel::updateProfile(const ConnectionProfile &profile)
{
    for (Item &item : m_items) {
        if (item.request.profile.id == profile.id)
            item.request.profile = profile;
    }
}

void TransferModel::takeUpdates(const QList<Item> &items)
{
    for (const Item &item : items)
        update(item);
    announceActiveCount();
}

void TransferModel::update(const Item &item)
{
    Item *known = find(item.id);
    if (!known)
        return;  // cleared meanwhile
    const State before = known->state;
    const ConnectionProfile profile = known->request.profile;
    *known = item;
    known->request.profile = profile;  // updateProfile() may know better than the worker
    const auto row = static_cast<int>(known - m_items.data());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    if (item.state == before)
        return;
    if (item.state == State::Asking)
        Q_EMIT conflictsFound(item.id, item.conflicts);
    else if (isFinal(item.state))
        Q_EMIT transferFinished(item.id);
}

void TransferModel::announceActiveCount()
{
    const int count = activeCount();
    if (std::exchange(m_announcedCount, count) != count)
        Q_EMIT activeCountChanged(count);
}

}  // namespace voidrun
