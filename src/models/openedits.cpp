// SPDX-License-Identifier: MIT
#include "openedits.h"

#include <algorithm>

#include "api/client.h"
#include "editcomparison.h"
#include "editdesk.h"
#include "transfermodel.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto FirstRetry = 5s;

bool isSameServer(const ConnectionProfile &left, const ConnectionProfile &right)
{
    return left.baseUrl == right.baseUrl && left.apiKey == right.apiKey &&
           left.pinNodes == right.pinNodes;
}

}  // namespace

OpenEdits::OpenEdits(const QString &folder, TransferModel *transfers, QObject *parent)
    : QAbstractTableModel(parent),
      m_transfers(transfers),
      m_desk(std::make_unique<EditDesk>(folder))
{
    m_retryTimer.setSingleShot(true);
    m_retryTimer.setInterval(FirstRetry);
    connect(&m_retryTimer, &QTimer::timeout, this, &OpenEdits::retry);
    connect(m_desk.get(), &EditDesk::settled, this, &OpenEdits::takeLocal);
    connect(m_desk.get(), &EditDesk::vanished, this, &OpenEdits::takeLoss);
    m_desk->ask(
        this, [](EditWorker *worker) { return worker->takeUp(); },
        [this](const QList<OpenEdit> &edits) { takeUp(edits); });
}

OpenEdits::~OpenEdits()
{
    qDeleteAll(m_flows);  // before what they use
}

OpenEdit *OpenEdits::find(int id)
{
    const auto found = std::ranges::find(m_edits, id, &OpenEdit::id);
    return found == m_edits.end() ? nullptr : &*found;
}

const OpenEdit *OpenEdits::edit(int id) const
{
    const auto found = std::ranges::find(m_edits, id, &OpenEdit::id);
    return found == m_edits.end() ? nullptr : &*found;
}

int OpenEdits::unsentCount() const
{
    return static_cast<int>(std::ranges::count_if(m_edits, &OpenEdit::hasUnsent));
}

QList<OpenEdit> OpenEdits::editsIn(const QString &connectionId, const QString &sandboxId) const
{
    QList<OpenEdit> edits;
    std::ranges::copy_if(m_edits, std::back_inserter(edits), [&](const OpenEdit &edit) {
        return edit.profile.id == connectionId && edit.sandboxId == sandboxId;
    });
    return edits;
}

Client *OpenEdits::clientFor(const ConnectionProfile &profile)
{
    if (profile.baseUrl.isEmpty())
        return nullptr;
    std::unique_ptr<Client> &client = m_clients[profile.id];
    if (!client)
        client = std::make_unique<Client>(profile);
    return client.get();
}

void OpenEdits::takeUp(const QList<OpenEdit> &edits)
{
    for (OpenEdit edit : edits) {
        edit.id = m_nextId++;
        edit.state = OpenEdit::State::Unchanged;
        const auto row = static_cast<int>(m_edits.size());
        beginInsertRows({}, row, row);
        m_edits.push_back(edit);
        endInsertRows();
        m_desk->tell([edit](EditWorker *worker) { worker->watch(edit); });
    }
    if (!edits.isEmpty())
        Q_EMIT restored(static_cast<int>(edits.size()));
}

void OpenEdits::stop(int id, bool evenUnsent)
{
    const OpenEdit *known = edit(id);
    if (!known)
        return;
    endFlow(id);
    m_desk->ask(
        this,
        [edit = *known, evenUnsent](EditWorker *worker) {
            return worker->remove(edit, evenUnsent);
        },
        [this, id](const std::optional<QByteArray> &unsent) {
            if (!find(id))
                return;
            if (unsent) {
                takeLocal(id, *unsent);
                Q_EMIT stopRefused(id);
                return;
            }
            removeRow(id);
            Q_EMIT stopped(id);
        });
}

EditComparison *OpenEdits::createComparison(int id, QObject *parent)
{
    const OpenEdit *known = edit(id);
    Client *client = known ? clientFor(known->profile) : nullptr;
    return client ? new EditComparison(client, m_desk.get(), *known, parent) : nullptr;
}

void OpenEdits::updateProfile(const ConnectionProfile &profile)
{
    const auto client = m_clients.find(profile.id);
    const bool isOther =
        client != m_clients.end() && !isSameServer(client->second->profile(), profile);
    QList<int> ours;
    for (OpenEdit &edit : m_edits) {
        if (edit.profile.id != profile.id)
            continue;
        edit.profile = profile;
        ours.append(edit.id);
        if (isOther)
            endFlow(edit.id);
    }
    if (isOther)
        m_clients.erase(client);
    for (const int id : ours) {
        const OpenEdit *known = edit(id);
        if (!known || m_flows.contains(id))
            continue;
        if (!known->isFetched() && !known->folder.isEmpty())
            fetch(id);
        else if (known->hasUnsent() && known->state != OpenEdit::State::Conflict)
            save(id);
    }
}

void OpenEdits::endFlow(int id)
{
    QObject *flow = m_flows.take(id);
    if (!flow)
        return;
    flow->disconnect(this);
    flow->deleteLater();
}

void OpenEdits::keep(const OpenEdit &edit)
{
    // Where it cannot be written the next run finds by the hashes what is sent.
    m_desk->tell([edit](EditWorker *worker) { std::ignore = worker->save(edit); });
}

void OpenEdits::change(OpenEdit *edit, OpenEdit::State state)
{
    edit->state = state;
    const auto row = static_cast<int>(edit - m_edits.data());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    announceUnsent();
}

void OpenEdits::removeRow(int id)
{
    const OpenEdit *known = edit(id);
    if (!known)
        return;
    endFlow(id);
    m_again.remove(id);
    m_wanted.remove(id);
    const auto row = static_cast<int>(known - m_edits.data());
    beginRemoveRows({}, row, row);
    m_edits.erase(m_edits.begin() + row);
    endRemoveRows();
    announceUnsent();
}

void OpenEdits::announceUnsent()
{
    const int count = unsentCount();
    if (std::exchange(m_announcedUnsent, count) != count)
        Q_EMIT unsentCountChanged(count);
}

}  // namespace voidrun
