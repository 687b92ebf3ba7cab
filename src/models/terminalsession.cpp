// SPDX-License-Identifier: MIT
#include "terminalsession.h"

#include <QDeadlineTimer>

#include <algorithm>

#include "api/client.h"
#include "api/retrypolicy.h"
#include "api/terminalstream.h"
#include "guestpath.h"
#include "ownerror.h"
#include "sandboxmodel.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr qsizetype Piece = 64LL * 1024;  // bytes
constexpr int FirstSignal = 128;          // exit codes above it: ended by a signal
constexpr int HangUp = 129;               // by SIGHUP, as when a session is deleted

// What a program that is gone may have left switched on: another screen, mouse, paste, keys.
constexpr auto Reset =
    "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1l\x1b>\x1b[?25h"
    "\x1b[r\x1b[0m\x1b[999B\r\n";

qint64 monotonic()
{
    return QDeadlineTimer::current().deadline();
}

}  // namespace

TerminalSession::TerminalSession(Client *client, const QString &sandboxId, QObject *parent)
    : QObject(parent), m_sandboxId(sandboxId), m_pauses(new ReconnectPauses(StreamOptions()))
{
    m_lookTimer.setSingleShot(true);
    connect(&m_lookTimer, &QTimer::timeout, this, &TerminalSession::look);
    connect(&m_output, &TerminalOutput::available, this, &TerminalSession::outputAvailable);
    connect(&m_output, &TerminalOutput::bufferWanted, this, &TerminalSession::askForBuffer);
    setClient(client);
}

TerminalSession::~TerminalSession() = default;

// Contract section 5.
QSize TerminalSession::allowedSize(int cols, int rows)
{
    return {std::clamp(cols, 1, 500), std::clamp(rows, 1, 200)};
}

bool TerminalSession::hasClient() const
{
    return m_client;
}

Error TerminalSession::closedConnection() const
{
    return ownError(Error::Kind::Cancelled, Error::Reason::Closed, m_sandboxId);
}

TerminalSession *TerminalSession::makeSibling() const
{
    auto *sibling = new TerminalSession(m_client, m_sandboxId);
    sibling->setConnectionId(m_connectionId);
    sibling->followSandboxes(m_sandboxes);
    return sibling;
}

void TerminalSession::start(int cols, int rows)
{
    m_wantedSize = allowedSize(cols, rows);
    if (std::exchange(m_isPlanned, false))
        return m_isRestored ? goOn() : attach(m_sessionId, cols, rows);
    dropStream();
    if (!m_client)
        return setState(State::Failed, closedConnection());
    const bool hadSession = !m_sessionId.isEmpty() || m_output.keptOfSession() > 0;
    m_sessionId.clear();
    m_newWhenGone = false;
    m_sentSize = m_wantedSize;
    if (hadSession || m_isRestored)
        m_output.startSession(Reset);
    setState(State::Starting);
    if (m_kind == Kind::Temporary) {
        m_isNew = true;
        return open();
    }
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

void TerminalSession::attach(const QString &sessionId, int cols, int rows)
{
    dropStream();
    m_isPlanned = false;
    if (!m_client)
        return setState(State::Failed, closedConnection());
    m_sessionId = sessionId;
    m_wantedSize = allowedSize(cols, rows);
    setState(State::Starting);
    open();
}

void TerminalSession::open()
{
    dropStream();
    if (m_state != State::Reconnecting)
        setState(State::Starting);
    if (!m_isNew) {
        m_sentSize = {};
        m_output.attachAgain();
    }
    StreamOptions options;
    options.ownerReconnects = true;
    m_stream.reset(m_client->openTerminal(m_sandboxId, m_sessionId, options));
    connect(m_stream.get(), &TerminalStream::dataAvailable, this, &TerminalSession::onStreamData);
    connect(m_stream.get(), &TerminalStream::stateChanged, this, &TerminalSession::followStream);
    connect(m_stream.get(), &TerminalStream::finished, this, &TerminalSession::finish);
}

void TerminalSession::onStreamData()
{
    while (m_stream && m_output.isCollecting()) {
        const QByteArray bytes = m_stream->read(Piece);
        if (bytes.isEmpty())
            return;
        m_output.collect(bytes);
    }
    Q_EMIT outputAvailable();
}

void TerminalSession::askForBuffer()
{
    if (!m_client || m_sessionId.isEmpty())
        return m_output.takeBuffer(std::nullopt);
    m_client->ptyBuffer(m_sandboxId, m_sessionId)
        ->onFinished(this, [this, attempt = m_attempt](const Result<QString> &buffer) {
            if (attempt == m_attempt)
                m_output.takeBuffer(buffer ? std::optional(buffer->toUtf8()) : std::nullopt);
        });
}

void TerminalSession::followStream()
{
    const TerminalStream::State state = m_stream->state();
    if (state == TerminalStream::State::Live) {
        m_liveSince = monotonic();
        m_seenRunning = false;
        m_newWhenGone = false;
        setState(State::Live);
        sendSize();
        if (std::exchange(m_isNew, false))
            typeStart();
    } else if (state == TerminalStream::State::Reconnecting) {
        setState(State::Reconnecting);
        lookLater();
    }
}

void TerminalSession::typeStart()
{
    // The contract has no other way to tell a temporary terminal its size.
    if (m_kind == Kind::Temporary)
        write(" stty cols %1 rows %2\r"_L1.toString()
                  .arg(m_wantedSize.width())
                  .arg(m_wantedSize.height())
                  .toLatin1());
    if (!m_startFolder.isEmpty())
        write(" cd " + guestpath::shellQuoted(m_startFolder).toUtf8() + '\r');
    if (!m_startCommand.isEmpty())
        write(std::exchange(m_startCommand, {}).toUtf8() + '\r');
}

void TerminalSession::finish(const Error &error)
{
    m_output.finish();
    const bool isOver = error == Error{} || error.kind == Error::Kind::Cancelled;
    if (error.kind == Error::Kind::NotFound && m_newWhenGone && m_kind != Kind::ReadOnly)
        return start(m_wantedSize.width(), m_wantedSize.height());
    if (error.kind == Error::Kind::NotFound)
        return finishWhenSandboxIsKnown(error, End::SessionGone);
    if (!isOver)
        return setState(State::Failed, error);
    // "exit 0" from servers that say it.
    const int code = error.code.startsWith("exit "_L1) ? error.code.sliced(5).toInt() : 0;
    const End end = code == HangUp ? End::Elsewhere : End::Exited;
    if (code > FirstSignal)
        return finishWhenSandboxIsKnown(error, end);  // or everything in it was ended
    setState(State::Ended, error, end);
}

void TerminalSession::resize(int cols, int rows)
{
    m_wantedSize = allowedSize(cols, rows);
    if (m_state == State::Live)
        sendSize();
}

void TerminalSession::sendSize()
{
    if (m_kind != Kind::Persistent || m_resizing || !m_client || m_sessionId.isEmpty() ||
        m_wantedSize == m_sentSize)
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
    if (m_output.hasWaiting())
        return m_output.take(maxBytes);
    if (!m_stream || m_output.isCollecting())
        return {};
    const QByteArray bytes = m_stream->read(maxBytes);
    m_output.pass(bytes);
    return bytes;
}

bool TerminalSession::write(const QByteArray &bytes)
{
    const bool isOpen = isLive() || m_state == State::Starting;
    return m_kind != Kind::ReadOnly && isOpen && m_stream && m_stream->write(bytes);
}

void TerminalSession::end()
{
    const bool isOurs = m_kind == Kind::Persistent && !m_sessionId.isEmpty();
    const bool isReachable = m_state != State::Asleep && m_state != State::Away;
    if (m_client && isOurs && isReachable && m_state != State::Ended)
        m_client->deletePtySession(m_sandboxId, m_sessionId);
    detach();
}

void TerminalSession::detach()
{
    dropStream();
    setState(State::Ended);
}

void TerminalSession::dropStream()
{
    ++m_attempt;
    m_resizing = false;
    m_lookTimer.stop();
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream->close();
    m_stream.release()->deleteLater();  // we may be called from one of its signals
}

void TerminalSession::setState(State state, const Error &error, End end)
{
    if (m_state == state && m_error == error && m_end == end)
        return;
    m_state = state;
    m_error = error;
    m_end = end;
    Q_EMIT stateChanged(state);
}

}  // namespace voidrun
