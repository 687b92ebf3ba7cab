// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <QTimer>

#include <map>
#include <memory>
#include <vector>

#include "openedit.h"

namespace voidrun
{

class Client;
class EditComparison;
class EditDesk;
class EditFetchFlow;
class TransferModel;

// The files of sandboxes that are edited on this computer, with any program. Each has a private
// folder with a copy; what a program saves there gets into the sandbox by itself, when its content
// is another and the sandbox's file is still the one that was fetched. Where it is not, nothing
// happens before a person has decided. A server that is away is tried again, at most once a
// minute; what was not sent when the application ended is sent by the next run. Nothing here is
// removed while it holds what the sandbox does not have, unless a person says so. Lives in the GUI
// thread; files are read and written in a thread of their own.
class OpenEdits : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, SandboxColumn, FolderColumn, StateColumn, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, EditRole };
    static constexpr int MaxEdits = 100;

    // `folder` is made where it is missing. `transfers` outlives the model.
    OpenEdits(const QString &folder, TransferModel *transfers, QObject *parent = nullptr);
    ~OpenEdits() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const OpenEdit *edit(int id) const;
    int unsentCount() const;
    // Those of a sandbox.
    QList<OpenEdit> editsIn(const QString &connectionId, const QString &sandboxId) const;

    // Fetches a file, at most 64 MiB, or brings up to date the copy that there is; opened() or
    // openFailed() follows. Gives the id; 0 when there are MaxEdits.
    int open(const ConnectionProfile &profile, const QString &sandboxId, const QString &sandboxName,
             const QString &path);
    void reopen(int id);   // likewise
    void saveNow(int id);  // does not wait for the next look or attempt
    // Removes the copy; stopped() follows. With changes that were not sent it refuses, by
    // stopRefused(), unless `evenUnsent`.
    void stop(int id, bool evenUnsent);

    // Answers to a conflict. Mine replaces the sandbox's file as it was seen in the conflict; one
    // that changed again asks again.
    void keepMine(int id);
    void keepTheirs(int id);
    // As another file beside it, which is edited from then on; replaces nothing.
    void saveUnder(int id, const QString &newName);

    // Both sides of one; owned by `parent`. Null while its connection is not open.
    EditComparison *createComparison(int id, QObject *parent);

    // The connection has a new address or key: what waits is tried with it.
    void updateProfile(const ConnectionProfile &profile);

Q_SIGNALS:
    // The copy is here, and `program` of the edit is known.
    void opened(int id);
    void openFailed(const voidrun::OpenEdit &edit, const voidrun::Error &error);
    void saved(int id);
    void saveFailed(int id);  // the edit says why; once for each outage
    void conflictFound(int id);
    void refreshed(int id);  // by keepTheirs()
    void copyLost(int id);   // something removed it
    void stopped(int id);
    void stopRefused(int id);
    void unsentCountChanged(int count);
    void restored(int count);  // that the last run left

private:
    OpenEdit *find(int id);
    Client *clientFor(const ConnectionProfile &profile);
    void takeUp(const QList<OpenEdit> &edits);
    void fetch(int id);
    void takeFetched(int id, const OpenEdit &fetched);
    void failFetch(int id, const Error &error);
    void announceOpened(int id);
    void takeLocal(int id, const QByteArray &hash);
    void takeLoss(int id);
    void save(int id, const QString &newName = {});
    void takeSaved(int id, const OpenEdit &sent);
    void failSave(int id, const Error &error);
    void retry();
    void endFlow(int id);
    void keep(const OpenEdit &edit);
    void change(OpenEdit *edit, OpenEdit::State state);
    void removeRow(int id);
    void announceUnsent();

    TransferModel *m_transfers;
    std::unique_ptr<EditDesk> m_desk;
    std::vector<OpenEdit> m_edits;
    std::map<QString, std::unique_ptr<Client>> m_clients;  // by profile
    QHash<int, QObject *> m_flows;                         // the one under way for an edit
    QSet<int> m_again;                                     // changed while one was
    QSet<int> m_wanted;                                    // opened() is owed
    QTimer m_retryTimer;
    int m_nextId = 1;
    int m_announcedUnsent = 0;
};

}  // namespace voidrun
