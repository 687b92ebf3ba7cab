// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QThread>

#include <memory>
#include <vector>

#include "api/error.h"
#include "api/profile.h"
#include "api/types.h"

namespace voidrun
{

class TransferWorker;

// What one drop or one Download asks for: any number of files and folders, one row in the list.
struct TransferRequest {
    enum class Direction { Upload, Download };
    // What happens to a top-level target that exists. Ask stops before anything is written.
    enum class Conflict { Ask, Overwrite, KeepBoth, Skip };

    Direction direction = Direction::Upload;
    Conflict conflict = Conflict::Ask;
    ConnectionProfile profile;
    QString sandboxId;
    QString sandboxName;
    QStringList sources;   // local paths (upload) or guest paths (download); absolute
    QString target;        // guest folder (upload) or local folder (download); absolute
    bool staging = false;  // fetched for a drag out; lists need not show it
};

// The transfers, newest last. Bytes and local files are handled in a worker thread with clients of
// its own, four calls at a time, so that neither the window nor small calls ever wait for them. The
// model lives in the GUI thread and is updated at most ten times a second.
//
// Safety: a download goes to a hidden temporary name beside its target and is renamed when its
// length is right; names from the server that would leave the folder are refused; links and
// devices are not followed. An upload makes the folder with everything in it, empty folders, odd
// names and executable bits included; a source that changes under it is an error. An error of one
// file does not stop the rest; the row then says how many failed and names the first.
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
    // Waiting: scanning or queued. Asking: conflicts wait for resolve().
    enum class State { Waiting, Asking, Running, Done, Failed, Cancelled };
    Q_ENUM(State)
    static bool isFinal(State state) { return state >= State::Done; }

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
        QStringList conflicts;      // names, while Asking
        bool kindsDiffer = false;   // one of them is a file where a folder goes, or the reverse
        QStringList results;        // top-level targets made
        QDateTime startedAt;
    };

    explicit TransferModel(QObject *parent = nullptr);
    ~TransferModel() override;  // cancels what runs, waits for the worker (bounded)

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const Item *item(int id) const;
    int activeCount() const;  // Waiting, Asking or Running

    int start(const TransferRequest &request);  // gives the id
    void resolve(int id, TransferRequest::Conflict answer);
    void cancel(int id);  // the file under way is dropped; what was complete stays
    void cancelAll();
    void retry(int id);  // the whole request again; what it made itself is replaced
    void clearFinished();
    // The connection has a new address or key: what is retried from now on uses it.
    void updateProfile(const ConnectionProfile &profile);

Q_SIGNALS:
    void transferStarted(int id);
    void conflictsFound(int id, const QStringList &names);
    void transferFinished(int id);  // Done, Failed or Cancelled
    // Files under this guest folder changed because of an upload that got on.
    void guestFolderChanged(const QString &sandboxId, const QString &path);
    void activeCountChanged(int count);

private:
    Item *find(int id);
    void takeUpdates(const QList<Item> &items);
    void update(const Item &item);
    void announceActiveCount();

    std::unique_ptr<QThread> m_thread;
    std::unique_ptr<TransferWorker> m_worker;  // lives in m_thread
    std::vector<Item> m_items;
    int m_nextId = 1;
    int m_announcedCount = 0;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::TransferModel::Item)
