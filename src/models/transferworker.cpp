// SPDX-License-Identifier: MIT
#include "transferworker.h"

#include <algorithm>

#include "api/client.h"
#include "downloadjob.h"
#include "localtarget.h"
#include "uploadjob.h"

namespace voidrun
{

namespace
{

constexpr int FlushInterval = 100;    // ms
constexpr qint64 SpeedWindow = 3000;  // ms

bool isSameServer(const ConnectionProfile &left, const ConnectionProfile &right)
{
    return left.baseUrl == right.baseUrl && left.apiKey == right.apiKey &&
           left.pinNodes == right.pinNodes;
}

}  // namespace

TransferWorker::TransferWorker(const QString &storeFile) : m_store(storeFile), m_flushTimer(this)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(FlushInterval);
    connect(&m_flushTimer, &QTimer::timeout, this, &TransferWorker::flush);
    m_clock.start();
}

TransferWorker::~TransferWorker() = default;

Client *TransferWorker::clientFor(const ConnectionProfile &profile)
{
    if (m_jobs.empty())
        m_clients.clear();  // nobody uses them
    for (const auto &client : m_clients) {
        if (isSameServer(client->profile(), profile))
            return client.get();
    }
    return m_clients.emplace_back(std::make_unique<Client>(profile)).get();
}

TransferJob *TransferWorker::find(int id) const
{
    const auto found = std::ranges::find(
        m_jobs, id, [](const Running &running) { return running.job->item().id; });
    return found == m_jobs.end() ? nullptr : found->job.get();
}

void TransferWorker::start(const TransferModel::Item &item)
{
    if (find(item.id))
        return;
    Client *client = clientFor(item.request.profile);
    m_tags.learn(item.tags);
    m_tags.begin(item.tags.last());
    Running running;
    if (item.request.direction == TransferRequest::Direction::Upload)
        running.job = std::make_unique<UploadJob>(client, item, &m_tags);
    else
        running.job = std::make_unique<DownloadJob>(client, item, &m_tags);
    TransferJob *job = running.job.get();
    m_jobs.push_back(std::move(running));
    connect(job, &TransferJob::progressed, this, [this, id = item.id] { noteProgress(id); });
    connect(job, &TransferJob::guestFolderChanged, this, &TransferWorker::guestFolderChanged);
    job->begin();
    noteProgress(item.id);
}

void TransferWorker::resolve(int id, TransferRequest::Conflict answer)
{
    if (TransferJob *job = find(id))
        job->resolve(answer);
}

void TransferWorker::resolve(int id, const QHash<QString, TransferRequest::Conflict> &answers)
{
    if (TransferJob *job = find(id))
        job->resolve(answers);
}

void TransferWorker::cancel(int id)
{
    if (TransferJob *job = find(id))
        job->cancel();
}

void TransferWorker::pause(int id)
{
    if (TransferJob *job = find(id))
        job->pause();
}

void TransferWorker::load()
{
    const TransferContent content = m_store.load();
    for (const TransferModel::Item &item : content.items) {
        m_tags.learn(item.tags);
        if (item.request.direction == TransferRequest::Direction::Download)
            LocalTarget::sweep(item.request.target, item.made.values());
    }
    Q_EMIT restored(content);
}

void TransferWorker::save(const TransferContent &content)
{
    m_store.save(content);
}

void TransferWorker::setOrder(const QList<int> &ids)
{
    m_order = ids;
    std::ranges::stable_sort(m_jobs, {}, [this](const Running &running) {
        return m_order.indexOf(running.job->item().id);
    });
}

void TransferWorker::noteProgress(int id)
{
    const auto found = std::ranges::find(
        m_jobs, id, [](const Running &running) { return running.job->item().id; });
    if (found != m_jobs.end())
        found->isChanged = true;
    requestTurn();
}

void TransferWorker::requestTurn()
{
    if (m_isShutDown || std::exchange(m_turnRequested, true))
        return;
    QMetaObject::invokeMethod(this, &TransferWorker::turn, Qt::QueuedConnection);
}

void TransferWorker::turn()
{
    m_turnRequested = false;
    if (m_isShutDown)
        return;
    hand();
    for (const Running &running : m_jobs)
        running.job->settle();
    const bool urgent = std::ranges::any_of(m_jobs, [](const Running &running) {
        const TransferModel::State state = running.job->item().state;
        return running.isChanged &&
               (!TransferModel::isActive(state) || state == TransferModel::State::Asking);
    });
    if (urgent) {
        flush();
        retire();
    } else if (!m_flushTimer.isActive()) {
        m_flushTimer.start();
    }
}

// In the order of the list; the first leaves one slot to the others, so that a large one never
// keeps a small one waiting.
void TransferWorker::hand()
{
    int active = 0;
    for (const Running &running : m_jobs)
        active += running.job->active();
    bool isFirst = m_jobs.size() > 1 && m_concurrency > 1;
    for (const Running &running : m_jobs) {
        const int kept = std::exchange(isFirst, false) ? 1 : 0;
        while (active < m_concurrency && running.job->active() < m_concurrency - kept &&
               running.job->startNext())
            ++active;
    }
    // What the others do not need.
    while (!m_jobs.empty() && active < m_concurrency && m_jobs.front().job->startNext())
        ++active;
}

void TransferWorker::retire()
{
    std::erase_if(m_jobs, [this](Running &running) {
        const TransferModel::Item &item = running.job->item();
        if (TransferModel::isActive(item.state))
            return false;
        m_tags.end(item.tags.last());
        running.job.release()->deleteLater();
        return true;
    });
    requestTurn();  // its slots are free
}

void TransferWorker::measure(Running *running)
{
    const qint64 now = m_clock.elapsed();
    TransferModel::Item &item = running->job->item();
    running->samples.enqueue({now, item.bytesDone});
    while (running->samples.size() > 2 && now - running->samples.head().time > SpeedWindow)
        running->samples.dequeue();
    const Sample &oldest = running->samples.head();
    const qint64 elapsed = now - oldest.time;
    const bool runs = item.state == TransferModel::State::Running;
    item.bytesPerSecond =
        runs && elapsed > 0
            ? std::max(0.0, 1000.0 * static_cast<double>(item.bytesDone - oldest.bytes) /
                                static_cast<double>(elapsed))
            : 0;
}

void TransferWorker::flush()
{
    m_flushTimer.stop();
    QList<TransferModel::Item> changed;
    for (Running &running : m_jobs) {
        if (!std::exchange(running.isChanged, false))
            continue;
        measure(&running);
        changed.append(running.job->item());
    }
    if (!changed.isEmpty())
        Q_EMIT itemsChanged(changed);
}

void TransferWorker::shutDown()
{
    m_isShutDown = true;
    m_flushTimer.stop();
    // The clients first: what is under way ends with them and uses the jobs' files until then.
    for (const Running &running : m_jobs)
        running.job->cancel();
    m_clients.clear();
    m_jobs.clear();
}

}  // namespace voidrun
