// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>

#include "api/reply.h"
#include "transfermodel.h"

namespace voidrun
{

class Client;

// One transfer under way: what uploads and downloads have in common. It moves one file or folder
// per slot; the TransferWorker hands out the slots, owns the job and reads item() when progressed()
// was emitted. Lives in the transfers' worker thread.
class TransferJob : public QObject
{
    Q_OBJECT

public:
    using Item = TransferModel::Item;
    using State = TransferModel::State;
    using Conflict = TransferRequest::Conflict;
    // The top-level names that this transfer made, by source: its own to replace in a retry.
    using Made = QHash<QString, QString>;

    TransferJob(Client *client, const Item &item, const Made &made);
    ~TransferJob() override;

    const Item &item() const { return m_item; }
    Item &item() { return m_item; }
    const Made &made() const { return m_made; }
    int active() const { return m_active; }

    virtual void begin() = 0;
    // Starts the next file or folder; false when there is nothing to start (now).
    virtual bool startNext() = 0;
    void resolve(Conflict answer);
    void cancel();
    // Gives the item its final state once nothing is left to do. Called by the worker.
    void settle();

Q_SIGNALS:
    void progressed();
    void guestFolderChanged(const QString &sandboxId, const QString &path);

protected:
    // Everything was started; only meaningful while nothing failed for good.
    virtual bool isThrough() const = 0;
    // Looks for conflicts (again) with the answer that the request now holds.
    virtual void check() = 0;
    virtual void afterEnd() {}

    bool isStopped() const { return m_cancelled || m_hopeless; }
    void ask(const QStringList &names);
    void fail(const Error &error);  // of one file or folder
    void failForGood(const Error &error);
    void addBytes(qint64 bytes);
    void addResult(const QString &source, const QString &name, const QString &path);

    // A slot is taken from startNext() until release().
    void occupy() { ++m_active; }
    void release();

    // Asks the server, can be cancelled (or is already); the callback then gets Cancelled.
    template<class T, class Callback>
    Reply<T> *call(Reply<T> *reply, const Callback &callback)
    {
        m_replies.insert(reply);
        reply->onFinished(this, [this, reply, callback](const Result<T> &result) {
            m_replies.remove(reply);
            callback(result);
        });
        if (m_cancelled)
            reply->abort();
        return reply;
    }
    // The same, counting the body's bytes. `counted` is what went into bytesDone.
    void follow(ReplyBase *reply, const std::shared_ptr<qint64> &counted);

    Client *m_client;

private:
    Item m_item;
    Made m_made;
    QSet<ReplyBase *> m_replies;
    int m_active = 0;
    bool m_cancelled = false;
    bool m_hopeless = false;
};

}  // namespace voidrun
