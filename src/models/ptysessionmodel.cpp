// SPDX-License-Identifier: MIT
#include "ptysessionmodel.h"

#include <QLocale>

#include <algorithm>

#include "api/client.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

PtySessionModel::PtySessionModel(Client *client, const QString &sandboxId, QObject *parent)
    : QAbstractTableModel(parent), m_client(client), m_sandboxId(sandboxId)
{
}

int PtySessionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_sessions.size());
}

int PtySessionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant PtySessionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == StartedColumn ? tr("Started") : tr("Shown in");
}

QVariant PtySessionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PtySession &session = m_sessions.at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            if (index.column() == ClientsColumn)
                return session.clients > 0 ? tr("%n window(s)", nullptr, session.clients)
                                           : tr("no window");
            return session.createdAt.isValid()
                       ? QLocale().toString(session.createdAt.toLocalTime(), QLocale::ShortFormat)
                       : tr("at an unknown time");
        case IdRole:
            return session.id;
        case StartedRole:
            return session.createdAt;
        case ClientsRole:
            return session.clients;
        default:
            return {};
    }
}

void PtySessionModel::refresh()
{
    if (!m_client || m_loadState == LoadState::Loading)
        return;
    m_loadState = LoadState::Loading;
    m_client->listPtySessions(m_sandboxId)
        ->onFinished(this, [this](const Result<QList<PtySession>> &result) {
            m_loadState = result ? LoadState::Loaded : LoadState::Failed;
            if (!result)
                return Q_EMIT loadingFailed(result.error());
            merge(*result);
            Q_EMIT loadingFinished();
        });
}

// A session never changes its place: what is new goes where it belongs.
void PtySessionModel::merge(const QList<PtySession> &sessions)
{
    const auto isIn = [](const QList<PtySession> &list, const QString &id) {
        return std::ranges::any_of(
            list, [&](const PtySession &one) { return one.alive && one.id == id; });
    };
    for (const PtySession &known : QList<PtySession>(m_sessions)) {
        if (!isIn(sessions, known.id))
            removeSession(known.id);
    }
    for (const PtySession &session : sessions) {
        if (!session.alive || session.id.isEmpty())
            continue;
        const auto known = std::ranges::find(m_sessions, session.id, &PtySession::id);
        if (known != m_sessions.end()) {
            known->clients = session.clients;
            const int row = int(known - m_sessions.begin());
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        const auto place =
            std::ranges::upper_bound(m_sessions, session.createdAt, {}, &PtySession::createdAt);
        const int row = int(place - m_sessions.begin());
        beginInsertRows({}, row, row);
        m_sessions.insert(row, session);
        endInsertRows();
    }
}

void PtySessionModel::end(const QString &sessionId)
{
    if (!m_client)
        return;
    m_client->deletePtySession(m_sandboxId, sessionId)
        ->onFinished(this, [this, sessionId](const Result<Done> &result) {
            if (result || result.error().kind == Error::Kind::NotFound)
                removeSession(sessionId);
            else
                Q_EMIT endingFailed(sessionId, result.error());
        });
}

void PtySessionModel::removeSession(const QString &sessionId)
{
    const auto known = std::ranges::find(m_sessions, sessionId, &PtySession::id);
    if (known == m_sessions.end())
        return;
    const int row = int(known - m_sessions.begin());
    beginRemoveRows({}, row, row);
    m_sessions.removeAt(row);
    endRemoveRows();
}

}  // namespace voidrun
