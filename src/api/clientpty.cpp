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

constexpr int maxCols = 500;  // contract section 5
constexpr int maxRows = 200;

Request ptyRequest(Method method, const QString &id, const QStringList &below = {})
{
    Request request = sandboxRequest(method, id, QStringList{u"pty"_s, u"sessions"_s} + below);
    request.answerTimeout = std::chrono::seconds(60);  // it may wake the sandbox
    return request;
}

std::optional<Error> checkSize(int cols, int rows)
{
    if (cols >= 1 && cols <= maxCols && rows >= 1 && rows <= maxRows)
        return std::nullopt;
    return makeError(Error::Kind::InvalidInput,
                     u"a terminal has 1 to 500 columns and 1 to 200 rows"_s);
}

}  // namespace

Reply<PtySession> *Client::createPtySession(const QString &id, int cols, int rows)
{
    for (const auto &error : {checkId(id), checkSize(cols, rows)}) {
        if (error)
            return refused<PtySession>(this, *error);
    }
    Request request = ptyRequest(Method::Post, id);
    request.body = codec::terminalSizeJson(cols, rows);
    return startCall<PtySession>(this, *m_transport, request, codec::ptySession);
}

Reply<QList<PtySession>> *Client::listPtySessions(const QString &id)
{
    if (const auto error = checkId(id))
        return refused<QList<PtySession>>(this, *error);
    return startCall<QList<PtySession>>(this, *m_transport, ptyRequest(Method::Get, id),
                                        codec::ptySessions);
}

Reply<Done> *Client::ptyCall(const QString &id, const QString &sessionId, const Request &request)
{
    for (const auto &error : {checkId(id), checkId(sessionId)}) {
        if (error)
            return refused<Done>(this, *error);
    }
    Request call = request;
    call.expect = Request::Expect::JsonOrText;
    return startCall<Done>(this, *m_transport, call, codec::done);
}

Reply<Done> *Client::deletePtySession(const QString &id, const QString &sessionId)
{
    return ptyCall(id, sessionId, ptyRequest(Method::Delete, id, {sessionId}));
}

Reply<Done> *Client::resizePtySession(const QString &id, const QString &sessionId, int cols,
                                      int rows)
{
    if (const auto error = checkSize(cols, rows))
        return refused<Done>(this, *error);
    Request request = ptyRequest(Method::Post, id, {sessionId, u"resize"_s});
    request.body = codec::terminalSizeJson(cols, rows);
    return ptyCall(id, sessionId, request);
}

Reply<Done> *Client::executeInPty(const QString &id, const QString &sessionId,
                                  const QString &command)
{
    Request request = ptyRequest(Method::Post, id, {sessionId, u"execute"_s});
    request.body = codec::commandJson(command);
    return ptyCall(id, sessionId, request);
}

Reply<QString> *Client::ptyBuffer(const QString &id, const QString &sessionId)
{
    for (const auto &error : {checkId(id), checkId(sessionId)}) {
        if (error)
            return refused<QString>(this, *error);
    }
    return startCall<QString>(this, *m_transport,
                              ptyRequest(Method::Get, id, {sessionId, u"buffer"_s}),
                              codec::ptyBuffer);
}

TerminalStream *Client::openTerminal(const QString &id, const QString &sessionId)
{
    return openTerminal(id, sessionId, StreamOptions());
}

TerminalStream *Client::openTerminal(const QString &id, const QString &sessionId,
                                     const StreamOptions &options)
{
    Request request = sandboxRequest(Method::Get, id, {u"pty"_s});
    if (!sessionId.isEmpty())
        request.path += {u"sessions"_s, sessionId};
    QUrl url;
    const bool valid = !checkId(id) && (sessionId.isEmpty() || !checkId(sessionId));
    if (valid && m_transport->checkedKey()) {
        url = m_transport->urlFor(request);
        url.setScheme(url.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    }
    return new TerminalStream(profile(), url, !sessionId.isEmpty(), options);
}

}  // namespace voidrun
