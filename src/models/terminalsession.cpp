// SPDX-License-Identifier: MIT
#include "terminalsession.h"

#include <algorithm>

#include "api/client.h"
#include "api/terminalstream.h"
#include "guestpath.h"
#include "ownerror.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

// Contract section 5.
QSize allowedSize(int cols, int rows)
{
    return {std::clamp(cols, 1, 500), std::clamp(rows, 1, 200)};
}

}  // namespace

TerminalSession::TerminalSession(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_sandboxId(sandboxId)
{
    setClient(client);
}

bool TerminalSession::hasClient() const
{
    return m_client;
}

void TerminalSession::setClient(Client *client)
{
    m_client = client;
    if (!client)
        return;
    connect(client, &QObject::destroyed, this, [this] {
        const bool wasOpen = m_state != State::Idle && m_state != State::Ended;
        dropStream();
        if (wasOpen && m_state != State::Failed)
            setState(State::Failed, closedConnection());
    });
}

TerminalSession::~TerminalSession() = default;

Error TerminalSession::closedConnection() const
{
    return ownError(Error::Kind::Cancelled, Error::Reason::Closed, m_sandboxId);
}

void TerminalSession::start(int cols, int rows)
{
    dropStream();
    if (!m_client)
        return setState(State::Failed, closedConnection());
    m_sessionId.clear();
    m_wantedSize = allowedSize(cols, rows);
    m_sentSize = m_wantedSize;
    setState(State::Starting);
    // The client is the context: a session that nobody waits for any more must be ended, also
    // when this object is gone by then.
    const QPointer<TerminalSession> self(this);
    const int attempt = m_attempt;
    m_client->createPtySession(m_sandboxId, m_wantedSize.width(), m_wantedSize.height())
        ->onFinished(m_client, [self, attempt, client = m_client.data(),
                                sandboxId = m_sandboxId](const Result<PtySession> &result) {
            const bool wanted = self && self->m_attempt == attempt;
            if (result && !wanted)
                client->deletePtySession(sandboxId, result->id);
            if (!wanted)
                return;
            if (!result)
                return self->setState(State::Failed, result.error());
            self->m_sessionId = result->id;
            self->m_isNew = true;
            self->open();
        });
}

TerminalSession *TerminalSession::makeSibling() const
{
    auto *sibling = new TerminalSession(m_client, m_sandboxId);
    sibling->setConnectionId(m_connectionId);
    return sibling;
}

void TerminalSession::attach(const QString &sessionId, int cols, int rows)
{
    dropStream();
    if (!m_client)
        return setState(State::Failed, closedConnection());
    m_sessionId = sessionId;
    m_wantedSize = allowedSize(cols, rows);
    m_sentSize = {};
    setState(State::Starting);
    open();
}

void TerminalSession::open()
{
    m_stream.reset(m_client->openTerminal(m_sandboxId, m_sessionId));
    connect(m_stream.get(), &TerminalStream::dataAvailable, this,
            &TerminalSession::outputAvailable);
    connect(m_stream.get(), &TerminalStream::stateChanged, this, &TerminalSession::followStream);
    connect(m_stream.get(), &TerminalStream::finished, this, &TerminalSession::finish);
}

void TerminalSession::followStream()
{
    const TerminalStream::State state = m_stream->state();
    if (state == TerminalStream::State::Live) {
        setState(State::Live);
        sendSize();
        if (std::exchange(m_isNew, false) && !m_startFolder.isEmpty())
            write(" cd " + guestpath::shellQuoted(m_startFolder).toUtf8() + '\r');
    } else if (state == TerminalStream::State::Reconnecting) {
        setState(State::Reconnecting);
    }
}

void TerminalSession::finish(const Error &error)
{
    // No error: the shell ended. A session that the server does not know any more has ended too.
    const bool ended = error == Error{} || error.kind == Error::Kind::NotFound ||
                       error.kind == Error::Kind::Cancelled;
    setState(ended ? State::Ended : State::Failed, error);
}

void TerminalSession::resize(int cols, int rows)
{
    m_wantedSize = allowedSize(cols, rows);
    if (m_state == State::Live)
        sendSize();
}

void TerminalSession::sendSize()
{
    if (m_resizing || !m_client || m_sessionId.isEmpty() || m_wantedSize == m_sentSize)
        return;
    m_resizing = true;
    const QSize size = m_wantedSize;
    m_client->resizePtySession(m_sandboxId, m_sessionId, size.width(), size.height())
        ->onFinished(this, [this, size, attempt = m_attempt](const Result<Done> &result) {
            if (attempt != m_attempt)
                return;
            m_resizing = false;
            if (result)
                m_sentSize = size;
            // After a failure the next resize, or the next attachment, tries again.
            if (m_state == State::Live && (result || m_wantedSize != size))
                sendSize();
        });
}

QByteArray TerminalSession::read(qsizetype maxBytes)
{
    return m_stream ? m_stream->read(maxBytes) : QByteArray();
}

bool TerminalSession::write(const QByteArray &bytes)
{
    return m_stream && m_state != State::Ended && m_state != State::Failed &&
           m_stream->write(bytes);
}

void TerminalSession::end()
{
    if (m_client && !m_sessionId.isEmpty() && m_state != State::Ended)
        m_client->deletePtySession(m_sandboxId, m_sessionId);
    dropStream();
    setState(State::Ended);
}

void TerminalSession::dropStream()
{
    ++m_attempt;
    m_resizing = false;
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream->close();
    m_stream.release()->deleteLater();  // we may be called from one of its signals
}

void TerminalSession::setState(State state, const Error &error)
{
    if (m_state == state && m_error == error)
        return;
    m_state = state;
    m_error = error;
    Q_EMIT stateChanged(state);
}

}  // namespace voidrun
