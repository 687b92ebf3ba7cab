// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractListModel>
#include <QPointer>

#include "runjob.h"

namespace voidrun
{

// The runs of one connection: those that live and the last ones that ended, oldest first. Owns them
// and their output. GUI thread.
class RunsModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { JobRole = Qt::UserRole + 1 };
    static constexpr int MostEnded = 20;

    explicit RunsModel(Client *client, QObject *parent = nullptr);
    ~RunsModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    // A run that has begun; it stays until MostEnded others have ended after it.
    RunJob *start(const RunRequest &request);
    RunJob *attach(const RunRequest &request, qint64 pid);
    void stopAll();
    // Before the connection is deleted: see RunJob::abandon().
    void abandonAll();
    // One that has ended belongs to `owner` from now on, with its output.
    void giveAway(RunJob *job, QObject *owner);

    QList<RunJob *> live() const;  // without those that are only attached to
    int liveCount(const QString &sandboxId) const;

Q_SIGNALS:
    void started(voidrun::RunJob *job);
    void ended(voidrun::RunJob *job);
    void liveChanged();

private:
    RunJob *add(RunJob *job);
    void takeEnd(RunJob *job);

    QPointer<Client> m_client;
    QList<RunJob *> m_jobs;
};

}  // namespace voidrun
