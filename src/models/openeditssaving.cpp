// SPDX-License-Identifier: MIT
// How OpenEdits gets what was changed here into the sandbox.
#include <algorithm>

#include "api/client.h"
#include "editdesk.h"
#include "editsaveflow.h"
#include "openedits.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace voidrun
{

namespace
{

constexpr auto FirstRetry = 5s;
constexpr std::chrono::milliseconds LastRetry = 60s;

// What passes by itself: nothing is wrong with the file.
bool isAway(const Error &error)
{
    switch (error.kind) {
        case Error::Kind::Unreachable:
        case Error::Kind::ConnectionLost:
        case Error::Kind::Timeout:
        case Error::Kind::Overloaded:
        case Error::Kind::Unavailable:
            return true;
        default:
            return error.reason == Error::Reason::NotConnected ||
                   error.reason == Error::Reason::Closed ||
                   error.reason == Error::Reason::ChangedMeanwhile;
    }
}

}  // namespace

void OpenEdits::takeLocal(int id, const QByteArray &hash)
{
    OpenEdit *known = find(id);
    if (!known || !known->isFetched())
        return;
    known->localHash = hash;
    if (known->hasUnsent()) {
        if (m_flows.contains(id)) {
            m_again.insert(id);
            return change(known, known->state);
        }
        return save(id);
    }
    known->isWaiting = false;
    known->error = {};
    if (m_flows.contains(id))
        return;
    change(known, known->savedAt.isValid() ? OpenEdit::State::Saved : OpenEdit::State::Unchanged);
}

// There is nothing to send, and nothing to lose any more.
void OpenEdits::takeLoss(int id)
{
    OpenEdit *known = find(id);
    if (!known || m_flows.contains(id))
        return;
    known->localHash.clear();
    known->error = ownError(Error::Kind::LocalFile, Error::Reason::Gone, known->localFile());
    change(known, OpenEdit::State::Failed);
    Q_EMIT copyLost(id);
}

void OpenEdits::saveNow(int id)
{
    const OpenEdit *known = edit(id);
    if (!known || !known->isFetched())
        return;
    m_desk->ask(
        this, [edit = *known](EditWorker *worker) { return worker->hash(edit); },
        [this, id](const Result<QByteArray> &hash) {
            if (hash)
                takeLocal(id, *hash);
            else
                failSave(id, hash.error());
        });
}

void OpenEdits::save(int id, const QString &newName)
{
    OpenEdit *known = find(id);
    if (!known)
        return;
    Client *client = clientFor(known->profile);
    if (!client)
        return failSave(id, ownError(Error::Kind::InvalidInput, Error::Reason::NotConnected,
                                     known->profile.name));
    auto *flow = new EditSaveFlow(client, m_transfers, m_desk.get(), *known, newName, this);
    m_flows.insert(id, flow);
    m_again.remove(id);
    connect(flow, &EditSaveFlow::uploadStarted, this, [this, id] {
        if (OpenEdit *sent = find(id))
            change(sent, OpenEdit::State::Uploading);
    });
    connect(flow, &EditSaveFlow::finished, this, [this, id](const OpenEdit &sent) {
        endFlow(id);
        takeSaved(id, sent);
    });
    connect(flow, &EditSaveFlow::conflictFound, this, [this, id](const RemoteFile &theirs) {
        endFlow(id);
        OpenEdit *asked = find(id);
        asked->theirs = theirs;
        asked->error = {};
        asked->isWaiting = false;
        change(asked, OpenEdit::State::Conflict);
        Q_EMIT conflictFound(id);
    });
    connect(flow, &EditSaveFlow::failed, this, [this, id](const Error &error) {
        endFlow(id);
        failSave(id, error);
    });
    if (known->state != OpenEdit::State::Changed || !known->isWaiting)
        change(known, OpenEdit::State::Changed);
    flow->start();
}

void OpenEdits::takeSaved(int id, const OpenEdit &sent)
{
    OpenEdit *known = find(id);
    known->path = sent.path;
    known->remote = sent.remote;
    known->savedAt = sent.savedAt.isValid() ? sent.savedAt : QDateTime::currentDateTime();
    known->error = {};
    known->isWaiting = false;
    m_retryTimer.setInterval(FirstRetry);
    keep(*known);
    m_again.remove(id);
    if (known->hasUnsent())
        return save(id);  // the editor has saved once more
    change(known, OpenEdit::State::Saved);
    Q_EMIT saved(id);
}

void OpenEdits::failSave(int id, const Error &error)
{
    OpenEdit *known = find(id);
    if (!known)
        return;
    // A connection that was not opened yet is no news: nobody has been told that it is.
    const bool isNew = (!known->isWaiting || known->error.kind != error.kind) &&
                       error.reason != Error::Reason::NotConnected;
    known->error = error;
    known->isWaiting = isAway(error);
    change(known, known->isWaiting ? OpenEdit::State::Changed : OpenEdit::State::Failed);
    if (known->isWaiting && !m_retryTimer.isActive())
        m_retryTimer.start();
    if (m_again.remove(id) && !known->isWaiting)
        return save(id);  // that was about what the copy was before
    if (isNew)
        Q_EMIT saveFailed(id);
}

void OpenEdits::retry()
{
    m_retryTimer.setInterval(std::min(2 * m_retryTimer.intervalAsDuration(), LastRetry));
    QList<int> waiting;
    for (const OpenEdit &edit : m_edits) {
        if (edit.isWaiting && !m_flows.contains(edit.id) && !edit.profile.baseUrl.isEmpty())
            waiting.append(edit.id);
    }
    for (const int id : waiting)
        save(id);
}

void OpenEdits::keepMine(int id)
{
    OpenEdit *known = find(id);
    if (!known || known->state != OpenEdit::State::Conflict || m_flows.contains(id))
        return;
    known->remote = known->theirs;
    save(id);
}

void OpenEdits::keepTheirs(int id)
{
    const OpenEdit *known = edit(id);
    if (!known || known->state != OpenEdit::State::Conflict || m_flows.contains(id))
        return;
    if (known->theirs.exists)
        fetch(id);
    else
        stop(id, true);
}

void OpenEdits::saveUnder(int id, const QString &newName)
{
    const OpenEdit *known = edit(id);
    if (known && known->isFetched() && !m_flows.contains(id))
        save(id, newName);
}

}  // namespace voidrun
