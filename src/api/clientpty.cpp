// SPDX-License-Identifier: MIT
#include "clientcalls.h"
#include "jsoncodec.h"
#include "terminalstream.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using Method = Request::Method;

namespace
{

Request ptyRequest(Method method, const QString &id, const QStringList &below = {})
{
    Request request = sandboxRequest(method, id, QStringList{u"pty"_s, u"sessions"_s} + below);
    request.answerTimeout = std::chrono::seconds(60);  // it may wake the sandbox
    return request;
}

}  // namespace

Reply<PtySession> *Client::createPtySession(const QString &id, int cols, int rows)
{
    Request request = ptyRequest(Method::Post, id);
    request.body = codec::terminalSizeJson(cols, rows);
    return call<PtySession>({checkId(id), checkTerminalSize(cols, rows)}, request,
                            codec::ptySession);
}

Reply<QList<PtySession>> *Client::listPtySessions(const QString &id)
{
    return call<QList<PtySession>>({checkId(id)}, ptyRequest(Method::Get, id), codec::ptySessions);
}

Reply<Done> *Client::deletePtySession(const QString &id, const QString &sessionId)
{
    return doneCall({checkId(id), checkId(sessionId)}, ptyRequest(Method::Delete, id, {sessionId}));
}

Reply<Done> *Client::resizePtySession(const QString &id, const QString &sessionId, int cols,
                                      int rows)
{
    Request request = ptyRequest(Method::Post, id, {sessionId, u"resize"_s});
    request.body = codec::terminalSizeJson(cols, rows);
    return doneCall({checkId(id), checkId(sessionId), checkTerminalSize(cols, rows)}, request);
}

Reply<Done> *Client::executeInPty(const QString &id, const QString &sessionId,
                                  const QString &command)
{
    Request request = ptyRequest(Method::Post, id, {sessionId, u"execute"_s});
    request.body = codec::commandJson(command);
    return doneCall({checkId(id), checkId(sessionId)}, request);
}

Reply<QString> *Client::ptyBuffer(const QString &id, const QString &sessionId)
{
    return call<QString>({checkId(id), checkId(sessionId)},
                         ptyRequest(Method::Get, id, {sessionId, u"buffer"_s}), codec::ptyBuffer);
}

TerminalStream *Client::openTerminal(const QString &id, const QString &sessionId)
{
    return openTerminal(id, sessionId, StreamOptions());
}

TerminalStream *Client::openTerminal(const QString &id, const QString &sessionId,
                                     const StreamOptions &options)
{
    QStringList below{u"pty"_s};
    if (!sessionId.isEmpty())
        below += {u"sessions"_s, sessionId};
    const bool valid = !checkId(id) && (sessionId.isEmpty() || !checkId(sessionId));
    const QUrl url = valid && m_transport->checkedKey() ? socketUrl(id, below) : QUrl();
    auto *stream = new TerminalStream(profile(), url, !sessionId.isEmpty(), options);
    if (!sessionId.isEmpty()) {
        stream->setBufferSource([client = QPointer<Client>(this), id, sessionId](
                                    QObject *context, const TerminalStream::BufferDone &done) {
            if (!client)
                return done(std::nullopt);
            client->ptyBuffer(id, sessionId)
                ->onFinished(context, [done](const Result<QString> &buffer) {
                    done(buffer ? std::optional(buffer->toUtf8()) : std::nullopt);
                });
        });
    }
    return stream;
}

}  // namespace voidrun
