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
#include "transferstore.h"

namespace voidrun
{

class Client;

// Runs the transfers: owns the jobs and one client per profile, hands out the slots (so many file
// calls at a time over all transfers, in the order of the list) and reports what changed at most
// ten times a second. Made by the TransferModel; everything here happens in the transfers' thread.
class TransferWorker : public QObject
{
    Q_OBJECT

public:
    explicit TransferWorker(const QString &storeFile);
    ~TransferWorker() override;

    // What the last run did not finish; restored() follows where there is anything.
    void load();
    void save(const TransferContent &content);

    void start(const TransferModel::Item &item);
    void resolve(int id, TransferRequest::Conflict answer);
    void resolve(int id, const QHash<QString, TransferRequest::Conflict> &answers);
    void cancel(int id);
    void pause(int id);
    void setOrder(const QList<int> &ids);
    void setConcurrency(int calls) { m_concurrency = calls; }
    // Drops everything that belongs to this thread; the last call.
    void shutDown();

Q_SIGNALS:
    void restored(const voidrun::TransferContent &content);
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
    TransferStore m_store;
    PartTags m_tags;
    QTimer m_flushTimer;
    QElapsedTimer m_clock;
    QList<int> m_order;
    int m_concurrency = 4;
    bool m_turnRequested = false;
    bool m_isShutDown = false;
};

}  // namespace voidrun
