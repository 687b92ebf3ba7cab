// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSet>

#include "api/client.h"
#include "guestcheck.h"
#include "partname.h"
#include "transfermodel.h"

namespace voidrun
{

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

    // `client` and `tags` outlive it.
    TransferJob(Client *client, const Item &item, const PartTags *tags);
    ~TransferJob() override;

    const Item &item() const { return m_item; }
    Item &item() { return m_item; }
    int active() const { return m_active; }

    virtual void begin() = 0;
    // Starts the next file or folder; false when there is nothing to start (now).
    virtual bool startNext() = 0;
    void resolve(Conflict answer);
    void resolve(const QHash<QString, Conflict> &answers);
    void cancel();
    void pause();
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

    bool isStopped() const { return m_cancelled || m_paused || m_hopeless; }
    void ask(const QList<TransferConflict> &conflicts);
    void fail(const Error &error);  // of one file or folder
    void failForGood(const Error &error);
    void addBytes(qint64 bytes);
    void addResult(const QString &source, const QString &name, const QString &path);

    const QHash<QString, QString> &made() const { return m_item.made; }
    // Whether a copy's time is the original's; who made the copy may know whole seconds only.
    static bool isSameTime(const QDateTime &copy, const QDateTime &original);
    QString tag() const { return m_item.tags.last(); }
    const PartTags &tags() const { return *m_tags; }
    // Removes what is left over among the entries of a folder of the sandbox.
    void sweep(const QString &folder, const QList<FileEntry> &entries);
    // Nobody waits for it, and it does not matter when it fails.
    void removeLater(const QString &path);
    using CheckAnswer = std::function<void(const QList<GuestCheck::Found> &)>;
    // Asks once for many files; the answer is empty where the sandbox has no such tools.
    void ask(const GuestCheck &check, const CheckAnswer &answer);

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
        if (m_cancelled || m_paused)
            reply->abort();
        return reply;
    }
    // The same, counting the body's bytes. `counted` is what went into bytesDone.
    void follow(ReplyBase *reply, const std::shared_ptr<qint64> &counted);

    Client *m_client;

private:
    void abortAll();

    Item m_item;
    const PartTags *m_tags;
    QSet<ReplyBase *> m_replies;
    int m_active = 0;
    bool m_cancelled = false;
    bool m_paused = false;
    bool m_hopeless = false;
};

}  // namespace voidrun
