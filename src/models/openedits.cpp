// SPDX-License-Identifier: MIT
#include "openedits.h"

#include <algorithm>

#include "api/client.h"
#include "editcomparison.h"
#include "editdesk.h"
#include "editfetchflow.h"
#include "mimeprograms.h"
#include "ownerror.h"
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

int OpenEdits::open(const ConnectionProfile &profile, const QString &sandboxId,
                    const QString &sandboxName, const QString &path)
{
    const auto known = std::ranges::find_if(m_edits, [&](const OpenEdit &edit) {
        return edit.profile.id == profile.id && edit.sandboxId == sandboxId && edit.path == path;
    });
    if (known != m_edits.end()) {
        const int id = known->id;
        if (known->profile.baseUrl.isEmpty())
            updateProfile(profile);
        reopen(id);
        return id;
    }
    OpenEdit edit;
    edit.profile = profile;
    edit.sandboxId = sandboxId;
    edit.sandboxName = sandboxName;
    edit.path = path;
    if (m_edits.size() >= MaxEdits) {
        const Error error = ownError(Error::Kind::TooLarge, Error::Reason::TooManyEdits, path);
        QMetaObject::invokeMethod(
            this, [this, edit, error] { Q_EMIT openFailed(edit, error); }, Qt::QueuedConnection);
        return 0;
    }
    edit.id = m_nextId++;
    const auto row = static_cast<int>(m_edits.size());
    beginInsertRows({}, row, row);
    m_edits.push_back(edit);
    endInsertRows();
    m_wanted.insert(edit.id);
    m_desk->ask(
        this, [edit](EditWorker *worker) { return worker->create(edit); },
        [this, id = edit.id](const Result<OpenEdit> &created) {
            OpenEdit *known = find(id);
            if (known && created) {
                known->folder = created->folder;
                fetch(id);
            } else if (known) {
                failFetch(id, created.error());
            }
        });
    return edit.id;
}

void OpenEdits::reopen(int id)
{
    const OpenEdit *known = edit(id);
    if (!known)
        return;
    m_wanted.insert(id);
    if (m_flows.contains(id) && !known->isFetched())
        return;  // soon
    // A copy with changes is what the person wants to go on with; so is any while the server that
    // knows a newer one cannot be asked.
    const bool canAsk = known->isFetched() && !known->hasUnsent() && !m_flows.contains(id) &&
                        clientFor(known->profile);
    if (canAsk)
        return fetch(id);
    m_wanted.remove(id);
    announceOpened(id);
}

void OpenEdits::announceOpened(int id)
{
    const OpenEdit *known = edit(id);
    m_desk->ask(
        this,
        [file = known->localFile(), isExecutable = known->isExecutable](EditWorker *) {
            return mimeprograms::programFor(file, isExecutable);
        },
        [this, id](const QString &program) {
            OpenEdit *shown = find(id);
            if (!shown)
                return;
            shown->program = program;
            Q_EMIT opened(id);
        });
}

void OpenEdits::fetch(int id)
{
    const OpenEdit *known = edit(id);
    Client *client = known ? clientFor(known->profile) : nullptr;
    if (!client)
        return failFetch(id, ownError(Error::Kind::InvalidInput, Error::Reason::NotConnected));
    auto *flow = new EditFetchFlow(client, m_transfers, m_desk.get(), *known, this);
    m_flows.insert(id, flow);
    connect(flow, &EditFetchFlow::finished, this, [this, id](const OpenEdit &fetched) {
        endFlow(id);
        takeFetched(id, fetched);
    });
    connect(flow, &EditFetchFlow::failed, this, [this, id](const Error &error) {
        endFlow(id);
        failFetch(id, error);
    });
    flow->start();
}

void OpenEdits::takeFetched(int id, const OpenEdit &fetched)
{
    OpenEdit *known = find(id);
    const auto twin = std::ranges::find_if(m_edits, [&](const OpenEdit &other) {
        return other.id != id && other.isFetched() && other.profile.id == fetched.profile.id &&
               other.sandboxId == fetched.sandboxId && other.path == fetched.path;
    });
    if (twin != m_edits.end() && !known->isFetched()) {  // by way of a link
        const int other = twin->id;
        stop(id, true);
        return reopen(other);
    }
    const bool wasConflict = known->state == OpenEdit::State::Conflict;
    known->path = fetched.path;
    known->name = fetched.name;
    known->isExecutable = fetched.isExecutable;
    known->remote = fetched.remote;
    known->localHash = fetched.localHash;
    known->error = {};
    known->isWaiting = false;
    keep(*known);
    change(known, OpenEdit::State::Unchanged);
    if (m_again.remove(id))
        saveNow(id);  // what was changed while it was asked for
    if (m_wanted.remove(id))
        announceOpened(id);
    else if (wasConflict)
        Q_EMIT refreshed(id);
}

void OpenEdits::failFetch(int id, const Error &error)
{
    OpenEdit *known = find(id);
    if (!known)
        return;
    if (known->isFetched()) {
        // The copy is as it was, and good for what a person wants with it.
        if (m_wanted.remove(id)) {
            announceOpened(id);
        } else {
            known->error = error;
            change(known, known->hasUnsent() ? OpenEdit::State::Conflict : OpenEdit::State::Failed);
            Q_EMIT saveFailed(id);
        }
        return;
    }
    const OpenEdit lost = *known;
    m_wanted.remove(id);
    if (!lost.folder.isEmpty())
        m_desk->tell([lost](EditWorker *worker) { worker->remove(lost, true); });
    removeRow(id);
    Q_EMIT openFailed(lost, error);
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
    m_desk->tell([edit](EditWorker *worker) { worker->save(edit); });
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
