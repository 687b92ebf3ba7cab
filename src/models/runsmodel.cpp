// SPDX-License-Identifier: MIT
#include "runsmodel.h"

#include <algorithm>

#include "api/client.h"
#include "visibletext.h"

namespace voidrun
{

RunsModel::RunsModel(Client *client, QObject *parent) : QAbstractListModel(parent), m_client(client)
{
}

RunsModel::~RunsModel() = default;

int RunsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_jobs.size());
}

QVariant RunsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    RunJob *job = m_jobs[index.row()];
    if (role == JobRole)
        return QVariant::fromValue(job);
    if (role == Qt::DisplayRole)
        return visibleText(job->request().text.trimmed().section(u'\n', 0, 0));
    return {};
}

RunJob *RunsModel::start(const RunRequest &request)
{
    return add(new RunJob(m_client, request, this));
}

RunJob *RunsModel::attach(const RunRequest &request, qint64 pid)
{
    return add(new RunJob(m_client, request, pid, this));
}

RunJob *RunsModel::add(RunJob *job)
{
    const int row = int(m_jobs.size());
    beginInsertRows({}, row, row);
    m_jobs.append(job);
    endInsertRows();
    connect(job, &RunJob::stateChanged, this, [this, job] {
        const QModelIndex changed = index(int(m_jobs.indexOf(job)));
        Q_EMIT dataChanged(changed, changed);
    });
    connect(job, &RunJob::ended, this, [this, job] { takeEnd(job); });
    // Whoever asked may connect to it first.
    QMetaObject::invokeMethod(job, &RunJob::start, Qt::QueuedConnection);
    Q_EMIT started(job);
    Q_EMIT liveChanged();
    return job;
}

void RunsModel::takeEnd(RunJob *job)
{
    Q_EMIT ended(job);
    Q_EMIT liveChanged();
    const auto isEnded = [](const RunJob *run) { return run->state() == RunJob::State::Ended; };
    while (std::ranges::count_if(m_jobs, isEnded) > MostEnded) {
        const int row = int(std::ranges::find_if(m_jobs, isEnded) - m_jobs.begin());
        beginRemoveRows({}, row, row);
        m_jobs.takeAt(row)->deleteLater();
        endRemoveRows();
    }
}

void RunsModel::abandonAll()
{
    for (const QPointer<RunJob> job : QList<RunJob *>(m_jobs)) {
        if (job)  // the end of one may delete others
            job->abandon();
    }
}

void RunsModel::giveAway(RunJob *job, QObject *owner)
{
    const int row = int(m_jobs.indexOf(job));
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_jobs.removeAt(row);
    endRemoveRows();
    job->disconnect(this);
    job->setParent(owner);
}

QList<RunJob *> RunsModel::live() const
{
    QList<RunJob *> live;
    std::ranges::copy_if(m_jobs, std::back_inserter(live), [](const RunJob *job) {
        return job->state() != RunJob::State::Ended && !job->isAttached();
    });
    return live;
}

int RunsModel::liveCount(const QString &sandboxId) const
{
    return int(std::ranges::count_if(
        live(), [&](const RunJob *job) { return job->request().sandboxId == sandboxId; }));
}

void RunsModel::stopAll()
{
    for (RunJob *job : live())
        job->stop();
}

}  // namespace voidrun
