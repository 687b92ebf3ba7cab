// SPDX-License-Identifier: MIT
#include "watchstream.h"

#include <QPointer>

#include "client.h"
#include "request.h"
#include "retrypolicy.h"
#include "streamcodec.h"
#include "websocketlink.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

WatchStream::WatchStream(Client &client, const QString &sandboxId, const WatchRequest &request,
                         const StreamOptions &options, std::function<QUrl(const QString &)> urlOf)
    : m_client(&client),
      m_sandboxId(sandboxId),
      m_request(request),
      m_urlOf(std::move(urlOf)),
      m_link(std::make_unique<WebSocketLink>(client.profile(), options, nullptr)),
      m_pauses(std::make_unique<ReconnectPauses>(options))
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &WatchStream::resume);
    connect(m_link.get(), &WebSocketLink::opened, this, &WatchStream::onOpened);
    connect(m_link.get(), &WebSocketLink::received, this,
            [this](const QByteArray &message) { Q_EMIT changed(codec::watchEvent(message)); });
    connect(m_link.get(), &WebSocketLink::ended, this,
            [this](const Error &error) { lose(error, m_link->heldFor()); });
    connect(m_client, &QObject::destroyed, this, [this] {
        m_client = nullptr;
        close();
    });
    if (m_request.mayWake)
        createSession();
    else
        resume();
}

WatchStream::~WatchStream() = default;

void WatchStream::createSession()
{
    m_client->createWatch(m_sandboxId, m_request)
        ->onFinished(this, [this](const Result<QString> &session) {
            if (m_state == State::Ended)
                return;
            if (session)
                onSession(*session);
            else
                lose(session.error(), 0);
        });
}

void WatchStream::onSession(const QString &sessionId)
{
    // The id becomes a part of an address.
    if (sessionId.isEmpty() || sessionId.contains(u'/'))
        end(makeError(Error::Kind::NotVoidRun, u"the id of the watch makes no sense"_s, sessionId));
    else
        m_link->open(m_urlOf(sessionId));
}

void WatchStream::onOpened()
{
    const bool again = std::exchange(m_wasLive, true);
    const QPointer<WatchStream> self(this);
    setState(State::Live);
    if (again && self && m_state == State::Live)
        Q_EMIT changed(WatchEvent{.type = WatchEvent::Type::Rescan, .path = m_request.path});
}

void WatchStream::lose(const Error &error, qint64 held)
{
    // A first try that fails is told: nobody has been promised anything yet.
    const bool closedByServer = error.kind == Error::Kind::Cancelled && m_wasLive;
    if (m_state == State::Ended)
        return;
    if (!m_wasLive || !(isPassing(error) || closedByServer)) {
        end(error);
        return;
    }
    m_retry.start(m_pauses->next(held));
    setState(State::Reconnecting);
}

// A new watch would wake a sandbox that fell asleep meanwhile; asking for its state does not.
void WatchStream::resume()
{
    m_client->sandbox(m_sandboxId)->onFinished(this, [this](const Result<Sandbox> &sandbox) {
        if (m_state == State::Ended)
            return;
        if (!sandbox)
            lose(sandbox.error(), 0);
        else if (sandbox->isRunning())
            createSession();
        else
            end(makeError(Error::Kind::Unavailable, u"the sandbox is not running"_s, m_sandboxId));
    });
}

void WatchStream::close()
{
    end(makeError(Error::Kind::Cancelled, u"closed"_s));
}

void WatchStream::end(const Error &error)
{
    if (m_state == State::Ended)
        return;
    m_retry.stop();
    m_link->close();
    const QPointer<WatchStream> self(this);
    setState(State::Ended);
    if (self)
        QMetaObject::invokeMethod(
            this, [this, error] { Q_EMIT finished(error); }, Qt::QueuedConnection);
}

void WatchStream::setState(State state)
{
    if (std::exchange(m_state, state) != state)
        Q_EMIT stateChanged(state);
}

}  // namespace voidrun
