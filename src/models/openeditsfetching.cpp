// SPDX-License-Identifier: MIT
// How OpenEdits brings files here and says that they can be edited.
#include <algorithm>

#include "api/client.h"
#include "editdesk.h"
#include "editfetchflow.h"
#include "mimeprograms.h"
#include "openedits.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

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

}  // namespace voidrun
