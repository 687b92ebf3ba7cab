// SPDX-License-Identifier: MIT
// How a terminal session outlives cuts, sleep and the application.
#include <QDeadlineTimer>

#include "api/client.h"
#include "api/retrypolicy.h"
#include "api/terminalstream.h"
#include "guestprograms.h"
#include "ownerror.h"
#include "sandboxmodel.h"
#include "terminalsession.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

void TerminalSession::setClient(Client *client)
{
    m_client = client;
    if (!client)
        return;
    connect(client, &QObject::destroyed, this, [this] {
        const bool wasOpen = m_state != State::Idle && m_state != State::Ended;
        dropStream();
        m_output.finish();
        if (wasOpen && m_state != State::Failed)
            setState(State::Failed, closedConnection());
    });
    const bool wasCut = m_state == State::Failed && m_error.reason == Error::Reason::Closed;
    if (wasCut && m_kind != Kind::Temporary && !m_sessionId.isEmpty())
        goOn();
}

void TerminalSession::followSandboxes(SandboxModel *sandboxes)
{
    if (m_sandboxes)
        m_sandboxes->disconnect(this);
    m_sandboxes = sandboxes;
    if (!sandboxes)
        return;
    connect(sandboxes, &SandboxModel::loadingFinished, this, &TerminalSession::considerSandbox);
    connect(sandboxes, &SandboxModel::sandboxGone, this, [this](const QString &id) {
        if (id != m_sandboxId || m_state == State::Idle || m_state == State::Ended)
            return;
        dropStream();
        m_output.finish();
        setState(State::Ended, {}, End::SandboxGone);
    });
    considerSandbox();
}

bool TerminalSession::waitsForKey() const
{
    if (m_state == State::Ended)
        return m_end != End::SandboxGone && m_kind != Kind::ReadOnly;
    return m_state == State::Asleep || m_state == State::Failed;
}

void TerminalSession::setSession(const QString &sessionId)
{
    m_sessionId = sessionId;
    m_isPlanned = true;
}

void TerminalSession::restore(const SavedTerminal &saved)
{
    m_connectionId = saved.connectionId;
    m_sessionId = saved.sessionId;
    m_kind = saved.isReadOnly ? Kind::ReadOnly : Kind::Persistent;
    m_isPlanned = true;
    m_isRestored = true;
    m_output.restore(saved.output, saved.sessionId.isEmpty() ? 0 : saved.ofSession);
}

SavedTerminal TerminalSession::saved() const
{
    SavedTerminal saved;
    saved.connectionId = m_connectionId;
    saved.sandboxId = m_sandboxId;
    const bool isOver = m_state == State::Ended;
    saved.sessionId = isOver ? QString() : m_sessionId;
    saved.isReadOnly = m_kind == Kind::ReadOnly;
    saved.output = m_output.kept();
    saved.outputNumber = m_output.number();
    saved.ofSession = isOver ? 0 : qMin(m_output.keptOfSession(), saved.output.size());
    return saved;
}

// Away until the list of sandboxes says how its own is.
void TerminalSession::goOn()
{
    dropStream();
    setState(State::Away);
    if (m_output.hasWaiting())
        Q_EMIT outputAvailable();
    considerSandbox();
}

// What the list of sandboxes says, which asks no guest.
void TerminalSession::considerSandbox()
{
    if (!m_sandboxes || m_sandboxes->loadState() != SandboxModel::LoadState::Loaded || !m_client)
        return;
    const std::optional<Sandbox> sandbox = m_sandboxes->sandbox(m_sandboxId);
    const bool isRunning = sandbox && sandbox->isRunning();
    switch (m_state) {
        case State::Away:
            if (!sandbox)
                setState(State::Ended, {}, End::SandboxGone);
            else if (!isRunning)
                fallAsleep(sandbox->isAsleep());
            else if (m_sessionId.isEmpty())
                setState(State::Ended, {}, End::SessionGone);
            else
                open();
            break;
        case State::Asleep:
            // Somebody else woke it.
            if (isRunning && std::exchange(m_seenAsleep, false) && !m_sessionId.isEmpty())
                open();
            else
                m_seenAsleep = sandbox && !isRunning;
            break;
        case State::Live:
            // The list may be older than the waking of the sandbox: only a change counts.
            if (sandbox && !isRunning && m_seenRunning)
                fallAsleep(sandbox->isAsleep());
            else
                m_seenRunning = isRunning;
            break;
        default:
            break;
    }
}

void TerminalSession::fallAsleep(bool isAsleep)
{
    dropStream();
    m_output.finish();
    m_sleeps = isAsleep;
    m_seenAsleep = false;
    setState(State::Asleep);
    considerSandbox();
}

// After a cut: the server is asked about the sandbox before anything that would wake it.
void TerminalSession::lookLater()
{
    const qint64 held =
        m_liveSince > 0 ? QDeadlineTimer::current().deadline() - m_liveSince : qint64(0);
    m_liveSince = 0;
    m_lookTimer.start(m_pauses->next(held));
}

void TerminalSession::look()
{
    if (!m_client || m_state != State::Reconnecting)
        return;
    m_client->sandbox(m_sandboxId)
        ->onFinished(this, [this, attempt = m_attempt](const Result<Sandbox> &result) {
            if (attempt != m_attempt || m_state != State::Reconnecting || !m_stream)
                return;
            if (result && result->isRunning())
                return m_stream->reconnect();
            if (result && !result->isGone())
                return fallAsleep(result->isAsleep());
            const bool isGone = result || result.error().kind == Error::Kind::NotFound;
            if (!isGone && isPassing(result.error()))
                return lookLater();
            dropStream();
            m_output.finish();
            if (isGone)
                setState(State::Ended, {}, End::SandboxGone);
            else
                setState(State::Failed, result.error());
        });
}

// The session is over; whether that is because of its sandbox is asked first.
void TerminalSession::finishWhenSandboxIsKnown(const Error &error, End end)
{
    if (!m_client)
        return setState(State::Ended, error, end);
    m_client->sandbox(m_sandboxId)
        ->onFinished(this, [this, error, end, attempt = m_attempt](const Result<Sandbox> &result) {
            if (attempt != m_attempt)
                return;
            const bool isGone =
                result ? result->isGone() : result.error().kind == Error::Kind::NotFound;
            if (isGone)
                setState(State::Ended, error, End::SandboxGone);
            else if (result && !result->isRunning())
                fallAsleep(result->isAsleep());
            else
                setState(State::Ended, error, end);
        });
}

void TerminalSession::resume(int cols, int rows)
{
    m_wantedSize = allowedSize(cols, rows);
    if (!waitsForKey())
        return;
    if (!m_client)
        return setState(State::Failed, closedConnection());
    if (m_state != State::Asleep) {
        const bool isThere =
            m_state == State::Failed && m_kind != Kind::Temporary && !m_sessionId.isEmpty();
        m_newWhenGone = isThere;
        return isThere ? open() : start(cols, rows);
    }
    dropStream();
    setState(State::Starting);
    Reply<Done> *reply = m_sleeps ? m_client->wake(m_sandboxId) : m_client->start(m_sandboxId);
    reply->onFinished(this, [this, attempt = m_attempt](const Result<Done> &result) {
        if (attempt != m_attempt)
            return;
        if (!result)
            return setState(State::Failed, result.error());
        if (m_sandboxes)
            m_sandboxes->refresh();
        m_newWhenGone = true;
        if (m_sessionId.isEmpty() || m_kind == Kind::Temporary)
            start(m_wantedSize.width(), m_wantedSize.height());
        else
            open();
    });
}

void TerminalSession::lookForPrograms()
{
    if (!m_client || m_state != State::Live)
        return Q_EMIT programsFound({}, false);
    m_client->listPtySessions(m_sandboxId)
        ->onFinished(this, [this](const Result<QList<PtySession>> &sessions) {
            QDateTime createdAt;
            for (const PtySession &session : sessions.value_or(QList<PtySession>())) {
                if (session.id == m_sessionId)
                    createdAt = session.createdAt;
            }
            if (!createdAt.isValid() || !m_client)
                return Q_EMIT programsFound({}, false);
            ExecRequest request;
            request.command = guestprograms::command();
            request.timeout = 5;
            m_client->exec(m_sandboxId, request)
                ->onFinished(this, [this, createdAt](const Result<ExecResult> &result) {
                    const auto names =
                        result ? guestprograms::parse(result->stdOut, createdAt) : std::nullopt;
                    Q_EMIT programsFound(names.value_or(QStringList()), names.has_value());
                });
        });
}

}  // namespace voidrun
