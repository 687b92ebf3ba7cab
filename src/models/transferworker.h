// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QQueue>
#include <QSet>
#include <QTimer>

#include <memory>
#include <vector>

#include "transferjob.h"

namespace voidrun
{

class Client;

// Runs the transfers: owns the jobs and one client per profile, hands out the slots (four file
// calls at a time over all transfers, turn and turn about) and reports what changed at most ten
// times a second. Made by the TransferModel; everything here happens in the transfers' thread.
class TransferWorker : public QObject
{
    Q_OBJECT

public:
    TransferWorker();
    ~TransferWorker() override;

    void start(const TransferModel::Item &item);
    void resolve(int id, TransferRequest::Conflict answer);
    void cancel(int id);
    void forget(const QList<int> &ids);
    // Drops everything that belongs to this thread; the last call.
    void shutDown();

Q_SIGNALS:
    void itemsChanged(const QList<voidrun::TransferModel::Item> &items);
    void guestFolderChanged(const QString &sandboxId, const QString &path);

private:
    struct Sample {
        qint64 time = 0;  // ms
        qint64 bytes = 0;
    };
    struct Running {
        std::unique_ptr<TransferJob> job;
        QQueue<Sample> samples;
        bool isChanged = false;
    };

    Client *clientFor(const ConnectionProfile &profile);
    TransferJob *find(int id) const;
    void noteProgress(int id);
    void requestTurn();
    void turn();
    void hand();
    void retire();
    void flush();
    void measure(Running *running);

    std::vector<std::unique_ptr<Client>> m_clients;
    std::vector<Running> m_jobs;
    QHash<int, TransferJob::Made> m_made;  // by transfer, until it is forgotten
    QTimer m_flushTimer;
    QElapsedTimer m_clock;
    size_t m_turn = 0;  // whose turn it is
    bool m_turnRequested = false;
    bool m_isShutDown = false;
};

}  // namespace voidrun
