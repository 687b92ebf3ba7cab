// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QPointer>

#include "api/error.h"
#include "api/types.h"

namespace voidrun
{

class Client;

// The terminal sessions that run in one sandbox, the oldest first. Asks the guest, so it is asked
// only when a person wants to see them, and never by a timer. Diffs, not resets. GUI thread.
class PtySessionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { StartedColumn, ClientsColumn, ColumnCount };
    enum Role { IdRole = Qt::UserRole + 1, StartedRole, ClientsRole };
    enum class LoadState { Never, Loading, Loaded, Failed };
    Q_ENUM(LoadState)

    PtySessionModel(Client *client, const QString &sandboxId, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    const QString &sandboxId() const { return m_sandboxId; }
    LoadState loadState() const { return m_loadState; }
    // Wakes a sandbox that sleeps.
    void refresh();
    // Ends a session and its programs; the row goes when the server has said so.
    void end(const QString &sessionId);

Q_SIGNALS:
    void loadingFinished();
    void loadingFailed(const voidrun::Error &error);
    void endingFailed(const QString &sessionId, const voidrun::Error &error);

private:
    void merge(const QList<PtySession> &sessions);
    void removeSession(const QString &sessionId);

    QPointer<Client> m_client;
    QString m_sandboxId;
    QList<PtySession> m_sessions;
    LoadState m_loadState = LoadState::Never;
};

}  // namespace voidrun
