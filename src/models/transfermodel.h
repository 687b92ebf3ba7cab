// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QThread>

#include <memory>
#include <vector>

#include "api/error.h"
#include "transferrequest.h"

namespace voidrun
{

class TransferWorker;
struct TransferContent;

// The transfers, in the order of their turns. Bytes and local files are handled in a worker thread
// with clients of its own, four calls at a time unless told otherwise, so that neither the window
// nor small calls ever wait for them. The model lives in the GUI thread and is updated at most ten
// times a second. What is not done is kept in a file and is listed as paused by the next run.
//
// Safety: what is under way has a hidden temporary name on the side it goes to and gets its own
// when the server has confirmed it and its size, and the hash of its content up to 1 MiB, are
// right. Names from the server that would leave the folder are refused; links and devices are not
// followed. Empty folders, odd names, executable bits and times are kept; a source that changes
// meanwhile is an error. An error of one file does not stop the rest.
class TransferModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        NameColumn,
        SandboxColumn,
        ProgressColumn,
        SpeedColumn,
        StateColumn,
        ColumnCount
    };
    enum Role { IdRole = Qt::UserRole + 1, ItemRole };
    // Waiting: scanning or queued. Asking: conflicts wait for resolve(). Paused: resume() goes on.
    enum class State { Waiting, Asking, Running, Paused, Done, Failed, Cancelled };
    Q_ENUM(State)
    static bool isActive(State state) { return state < State::Paused; }
    static bool isFinal(State state) { return state >= State::Done; }
    static constexpr int MaxFailures = 1000;  // that are listed; the rest are counted
    static constexpr int MaxConcurrency = 6;  // one server's connections

    struct Item {
        int id = 0;
        TransferRequest request;
        State state = State::Waiting;
        qint64 bytesDone = 0;
        qint64 bytesTotal = 0;  // grows while folders are scanned
        int filesDone = 0;
        int filesTotal = 0;
        int filesFailed = 0;
        int linksSkipped = 0;       // found inside downloaded folders
        double bytesPerSecond = 0;  // over the last few seconds
        Error error;                // of the first failure
        QList<Error> failures;
        QStringList conflicts;                // names, while Asking
        QList<TransferConflict> comparisons;  // the same names
        bool kindsDiffer = false;  // one of them is a file where a folder goes, or the reverse
        QStringList results;       // top-level targets made
        QDateTime startedAt;
        // For a later attempt: what exists whole already is not moved again, the names that this
        // transfer gave its sources are its own, and hidden names with these tags are left over.
        bool isContinued = false;
        bool wasInterrupted = false;  // by the end of the application
        bool waitsForServer = false;  // failed, and goes on by itself when that answers again
        QHash<QString, QString> made;
        QStringList tags;  // the current attempt's is the last
    };

    // `storeFile` keeps what is not done; empty = nothing is kept.
    explicit TransferModel(const QString &storeFile = {}, QObject *parent = nullptr);
    // Of this computer: where files are on their way from one sandbox to another. Beside the store.
    const QString &passingFolder() const { return m_passingFolder; }
    ~TransferModel() override;  // cancels what runs, waits for the worker (bounded)

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Item *item(int id) const;
    int activeCount() const;  // Waiting, Asking or Running
    int concurrency() const { return m_concurrency; }
    void setConcurrency(int calls);  // at a time, 1 to MaxConcurrency

    int start(const TransferRequest &request);  // gives the id
    void resolve(int id, TransferRequest::Conflict answer);
    void resolve(int id, const QHash<QString, TransferRequest::Conflict> &answers);
    void cancel(int id);  // the file under way is dropped; what was complete stays
    void cancelAll();
    void pause(int id);  // as cancel(), but resume() takes up what is missing
    void pauseAll();
    void resume(int id);
    void resumeAll();
    void retry(int id);  // what failed or is missing; what changed since is replaced
    // One that failed because its server was lost: until takeUp() it is shown as waiting for that.
    static bool isLost(const Item &item);
    void waitForServer(int id);
    void takeUp(int id);
    bool isUnfinished(const QString &connectionId) const;  // any that is active or waits for it
    void move(int id, int by);  // up (-1) or down (1) in the order of turns
    void clearFinished();
    void forget(int id);  // that is finished
    // The connection has a new address or key: what is tried from now on uses it. What the old one
    // was lost for is taken up again by itself.
    void updateProfile(const ConnectionProfile &profile);

Q_SIGNALS:
    void transferStarted(int id);
    void conflictsFound(int id, const QStringList &names);
    void transferFinished(int id);  // Done, Failed or Cancelled
    void transferPaused(int id);
    // Files under this guest folder changed because of an upload that got on.
    void guestFolderChanged(const QString &sandboxId, const QString &path);
    void activeCountChanged(int count);
    void transfersRestored(int count);  // that the last run left

private:
    Item *find(int id);
    void restore(const TransferContent &content);
    void takeUpdates(const QList<Item> &items);
    void update(const Item &item);
    void begin(Item item);
    void announceActiveCount();
    void announceOrder();
    void saveSoon();
    void save();

    QString m_passingFolder;
    std::unique_ptr<QThread> m_thread;
    std::unique_ptr<TransferWorker> m_worker;  // lives in m_thread
    std::vector<Item> m_items;
    int m_nextId = 1;
    int m_announcedCount = 0;
    int m_concurrency = 4;
    bool m_isKept = false;  // what the last run left was read
    bool m_isConcurrencyChosen = false;
    bool m_saveRequested = false;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::TransferModel::Item)
