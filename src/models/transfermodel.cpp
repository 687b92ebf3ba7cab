// SPDX-License-Identifier: MIT
#include "transfermodel.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QThreadPool>

#include <algorithm>

#include "outages.h"
#include "ownerror.h"
#include "passingfolder.h"
#include "transferworker.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

QString passingFolderBeside(const QString &storeFile)
{
    const QString folder =
        storeFile.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)
                            : QFileInfo(storeFile).absolutePath();
    return folder % u"/passing"_s;
}

// What another attempt starts with.
TransferModel::Item another(const TransferModel::Item &before)
{
    TransferModel::Item item;
    item.id = before.id;
    item.request = before.request;
    item.results = before.results;
    item.made = before.made;
    item.tags = before.tags;
    item.isContinued = true;
    return item;
}

}  // namespace

TransferModel::TransferModel(const QString &storeFile, QObject *parent)
    : QAbstractTableModel(parent),
      m_passingFolder(passingFolderBeside(storeFile)),
      m_thread(std::make_unique<QThread>()),
      m_worker(std::make_unique<TransferWorker>(storeFile))
{
    qRegisterMetaType<QList<Item>>();
    qRegisterMetaType<TransferContent>();
    m_thread->setObjectName(QStringLiteral("transfers"));
    m_worker->moveToThread(m_thread.get());
    connect(m_worker.get(), &TransferWorker::itemsChanged, this, &TransferModel::takeUpdates);
    connect(m_worker.get(), &TransferWorker::guestFolderChanged, this,
            &TransferModel::guestFolderChanged);
    connect(m_worker.get(), &TransferWorker::restored, this, &TransferModel::restore);
    m_thread->start();
    QThreadPool::globalInstance()->start(
        [folder = m_passingFolder] { PassingFolder::sweep(folder); });
    if (!storeFile.isEmpty())
        QMetaObject::invokeMethod(m_worker.get(), &TransferWorker::load, Qt::QueuedConnection);
}

TransferModel::~TransferModel()
{
    constexpr int Patience = 5000;  // ms; a local file system that hangs must not hold us
    if (m_isKept)
        save();
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
        std::ranges::count_if(m_items, [](const Item &item) { return isActive(item.state); }));
}

int TransferModel::start(const TransferRequest &request)
{
    Item item;
    item.id = m_nextId++;
    item.request = request;
    const auto row = static_cast<int>(m_items.size());
    beginInsertRows({}, row, row);
    m_items.push_back(item);
    endInsertRows();
    begin(item);
    Q_EMIT transferStarted(item.id);
    return item.id;
}

// The first or another attempt.
void TransferModel::begin(Item item)
{
    constexpr qsizetype MaxTags = 8;
    item.state = State::Waiting;
    item.tags.append(partname::newTag());
    item.tags = item.tags.last(std::min(MaxTags, item.tags.size()));
    item.startedAt = QDateTime::currentDateTime();
    update(item);
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), item] { worker->start(item); },
        Qt::QueuedConnection);
    announceOrder();
    announceActiveCount();
}

void TransferModel::resolve(int id, TransferRequest::Conflict answer)
{
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id, answer] { worker->resolve(id, answer); },
        Qt::QueuedConnection);
}

void TransferModel::resolve(int id, const QHash<QString, TransferRequest::Conflict> &answers)
{
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id, answers] { worker->resolve(id, answers); },
        Qt::QueuedConnection);
}

void TransferModel::cancel(int id)
{
    const Item *known = item(id);
    if (known && (known->state == State::Paused || known->waitsForServer)) {
        Item cancelled = *known;  // the worker has forgotten it
        cancelled.state = State::Cancelled;
        cancelled.waitsForServer = false;
        return update(cancelled);
    }
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id] { worker->cancel(id); },
        Qt::QueuedConnection);
}

void TransferModel::cancelAll()
{
    for (size_t i = 0; i < m_items.size(); ++i) {
        if (!isFinal(m_items[i].state) || m_items[i].waitsForServer)
            cancel(m_items[i].id);
    }
}

void TransferModel::pause(int id)
{
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), id] { worker->pause(id); }, Qt::QueuedConnection);
}

void TransferModel::pauseAll()
{
    for (const Item &item : m_items) {
        if (isActive(item.state) && item.state != State::Asking && !item.request.staging)
            pause(item.id);
    }
}

void TransferModel::resume(int id)
{
    const Item *before = item(id);
    if (!before || before->state != State::Paused)
        return;
    Item again = another(*before);
    if (again.request.profile.baseUrl.isEmpty()) {
        again = *before;
        again.error = ownError(Error::Kind::InvalidInput, Error::Reason::NotConnected,
                               again.request.profile.name);
        return update(again);
    }
    begin(again);
}

void TransferModel::resumeAll()
{
    for (size_t i = 0; i < m_items.size(); ++i)
        resume(m_items[i].id);
}

void TransferModel::retry(int id)
{
    const Item *before = item(id);
    if (!before || (before->state != State::Failed && before->state != State::Cancelled))
        return;
    Item again = another(*before);
    if (!again.request.staging) {  // what is there now may differ
        again.request.conflict = TransferRequest::Conflict::Ask;
        again.request.answers.clear();
    }
    begin(again);
}

// A drag's or an edit's files are asked for anew by who wants them.
bool TransferModel::isLost(const Item &item)
{
    return item.state == State::Failed && !item.request.staging &&
           !item.request.profile.baseUrl.isEmpty() &&
           (Outages::isOutage(item.error) ||
            std::ranges::any_of(item.failures, &Outages::isOutage));
}

bool TransferModel::isUnfinished(const QString &connectionId) const
{
    return std::ranges::any_of(m_items, [&connectionId](const Item &item) {
        return item.request.profile.id == connectionId &&
               (isActive(item.state) || item.waitsForServer);
    });
}

void TransferModel::waitForServer(int id)
{
    Item *known = find(id);
    if (!known || !isLost(*known))
        return;
    known->waitsForServer = true;
    const auto row = static_cast<int>(known - m_items.data());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void TransferModel::takeUp(int id)
{
    const Item *before = item(id);
    if (before && isLost(*before))
        begin(another(*before));
}

void TransferModel::move(int id, int by)
{
    const Item *moved = item(id);
    if (!moved || (by != 1 && by != -1))
        return;
    const auto row = static_cast<int>(moved - m_items.data());
    const int other = row + by;
    if (other < 0 || other >= rowCount())
        return;
    beginMoveRows({}, row, row, {}, by < 0 ? other : other + 1);
    std::swap(m_items[static_cast<size_t>(row)], m_items[static_cast<size_t>(other)]);
    endMoveRows();
    announceOrder();
}

void TransferModel::announceOrder()
{
    QList<int> order;
    for (const Item &item : m_items)
        order.append(item.id);
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), order] { worker->setOrder(order); },
        Qt::QueuedConnection);
    saveSoon();
}

void TransferModel::setConcurrency(int calls)
{
    m_concurrency = std::clamp(calls, 1, MaxConcurrency);
    m_isConcurrencyChosen = true;
    QMetaObject::invokeMethod(
        m_worker.get(),
        [worker = m_worker.get(), count = m_concurrency] { worker->setConcurrency(count); },
        Qt::QueuedConnection);
    saveSoon();
}

void TransferModel::clearFinished()
{
    for (auto row = static_cast<int>(m_items.size()) - 1; row >= 0; --row) {
        const auto at = m_items.begin() + row;
        if (!isFinal(at->state))
            continue;
        beginRemoveRows({}, row, row);
        m_items.erase(at);
        endRemoveRows();
    }
    saveSoon();
}

void TransferModel::forget(int id)
{
    const Item *known = item(id);
    if (!known || !isFinal(known->state))
        return;
    const auto row = static_cast<int>(known - m_items.data());
    beginRemoveRows({}, row, row);
    m_items.erase(m_items.begin() + row);
    endRemoveRows();
    saveSoon();
}

void TransferModel::updateProfile(const ConnectionProfile &profile)
{
    QList<int> lost;
    for (Item &item : m_items) {
        ConnectionProfile &known = item.request.profile;
        if (known.id != profile.id)
            continue;
        const bool isOther = known.baseUrl != profile.baseUrl || known.apiKey != profile.apiKey;
        // What this run knew; what an earlier one left waits for a person.
        if (isOther && isLost(item))
            lost.append(item.id);
        known = profile;
    }
    for (int id : lost) {
        const Item *before = item(id);
        begin(another(*before));
    }
}

// Rows that the last run left go before those that this one has already.
void TransferModel::restore(const TransferContent &content)
{
    m_isKept = true;
    if (!m_isConcurrencyChosen)
        setConcurrency(content.concurrency);
    if (content.items.isEmpty())
        return;
    beginInsertRows({}, 0, static_cast<int>(content.items.size()) - 1);
    for (qsizetype i = 0; i < content.items.size(); ++i) {
        Item item = content.items[i];
        item.id = m_nextId++;
        item.state = State::Paused;
        item.wasInterrupted = true;
        m_items.insert(m_items.begin() + i, item);
    }
    endInsertRows();
    announceOrder();
    Q_EMIT transfersRestored(static_cast<int>(content.items.size()));
}

void TransferModel::saveSoon()
{
    if (m_isKept && !std::exchange(m_saveRequested, true))
        QMetaObject::invokeMethod(this, &TransferModel::save, Qt::QueuedConnection);
}

void TransferModel::save()
{
    m_saveRequested = false;
    TransferContent content;
    content.concurrency = m_concurrency;
    for (const Item &item : m_items) {
        const bool isOwn = item.request.staging || item.request.isBetweenSandboxes;
        if (item.state != State::Done && item.state != State::Cancelled && !isOwn)
            content.items.append(item);
    }
    QMetaObject::invokeMethod(
        m_worker.get(), [worker = m_worker.get(), content] { worker->save(content); },
        Qt::QueuedConnection);
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
    const bool isWorthKeeping = before != item.state || known->made.size() != item.made.size();
    const ConnectionProfile profile = known->request.profile;
    const bool waits = known->waitsForServer && before == item.state;
    *known = item;
    known->request.profile = profile;  // updateProfile() may know better than the worker
    known->waitsForServer = waits;     // as it does not know of that
    if (isWorthKeeping)
        saveSoon();
    const auto row = static_cast<int>(known - m_items.data());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    if (item.state == before)
        return;
    if (item.state == State::Asking)
        Q_EMIT conflictsFound(item.id, item.conflicts);
    else if (isFinal(item.state))
        Q_EMIT transferFinished(item.id);
    else if (item.state == State::Paused)
        Q_EMIT transferPaused(item.id);
}

void TransferModel::announceActiveCount()
{
    const int count = activeCount();
    if (std::exchange(m_announcedCount, count) != count)
        Q_EMIT activeCountChanged(count);
}

}  // namespace voidrun
