// SPDX-License-Identifier: MIT
#include <algorithm>

#include "clientcalls.h"
#include "codeflow.h"
#include "eventstream.h"
#include "jsoncodec.h"
#include "outputdecoder.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Method = Request::Method;
using Action = codec::SessionRequest::Action;

namespace
{

constexpr int maxCommandLength = 100'000;  // characters, contract section 3
constexpr int maxExecTimeout = 300;        // s
constexpr int maxRunTimeout = 900;         // s
constexpr auto execGrace = 15s;            // beyond the command's own limit
constexpr auto sessionLimit = 315s;
constexpr auto longestWait = 24h;
constexpr int maxCols = 500;  // contract section 5
constexpr int maxRows = 200;

std::optional<Error> checkCommand(const QString &command, const QString &id)
{
    const QString trimmed = command.trimmed();
    if (trimmed.isEmpty())
        return check(false, u"the command is empty"_s, id);
    if (trimmed.size() > maxCommandLength)
        return check(false, u"the command is over 100,000 characters"_s, id);
    return check(!trimmed.contains(QChar(0)), u"the command holds a NUL character"_s, id);
}

std::optional<Error> checkExecTimeout(int timeout, const QString &id)
{
    return check(timeout >= 1 && timeout <= maxExecTimeout,
                 u"the time limit must be 1 to 300 seconds"_s, id);
}

Request execRequest(const QString &id, const QString &action, const ExecRequest &request)
{
    ExecRequest trimmed = request;
    trimmed.command = request.command.trimmed();
    Request call = sandboxRequest(Method::Post, id, {action});
    call.body = codec::toJson(trimmed);
    call.overallTimeout = std::chrono::seconds(request.timeout) + execGrace;
    call.answerTimeout = call.overallTimeout;
    return call;
}

Request streamRequest(Request request)
{
    request.expect = Request::Expect::Events;
    return request;
}

Request commandRequest(Method method, const QString &id, const QString &action,
                       const QByteArray &body = {})
{
    Request call = sandboxRequest(method, id, {u"commands"_s, action});
    call.body = body;
    return call;
}

Request sessionRequest(const QString &id, const codec::SessionRequest &request)
{
    Request call = sandboxRequest(Method::Post, id, {u"session-exec"_s});
    call.body = codec::toJson(request);
    call.overallTimeout = sessionLimit;
    call.answerTimeout = sessionLimit;
    return call;
}

}  // namespace

std::optional<Error> checkTerminalSize(int cols, int rows)
{
    return check(cols >= 1 && cols <= maxCols && rows >= 1 && rows <= maxRows,
                 u"a terminal has 1 to 500 columns and 1 to 200 rows"_s);
}

std::unique_ptr<EventStream> Client::stream(const Checks &checks, const Request &request,
                                            StreamFormat format)
{
    for (const std::optional<Error> &error : checks) {
        if (error)
            return std::make_unique<EventStream>(*error);
    }
    return std::make_unique<EventStream>(*m_transport, request, format);
}

Reply<ExecResult> *Client::exec(const QString &id, const ExecRequest &request)
{
    return call<ExecResult>(
        {checkId(id), checkCommand(request.command, id), checkExecTimeout(request.timeout, id)},
        execRequest(id, u"exec"_s, request), codec::execResult);
}

std::unique_ptr<EventStream> Client::execStream(const QString &id, const ExecRequest &request)
{
    return stream(
        {checkId(id), checkCommand(request.command, id), checkExecTimeout(request.timeout, id)},
        streamRequest(execRequest(id, u"exec-stream"_s, request)), StreamFormat::ServerEvents);
}

Reply<GuestCommand> *Client::runCommand(const QString &id, const CommandRequest &request)
{
    CommandRequest trimmed = request;
    trimmed.command = request.command.trimmed();
    return call<GuestCommand>({checkId(id), checkCommand(request.command, id),
                               check(request.timeout >= 0 && request.timeout <= maxRunTimeout,
                                     u"the time limit must be 0 to 900 seconds"_s, id)},
                              commandRequest(Method::Post, id, u"run"_s, codec::toJson(trimmed)),
                              codec::startedCommand);
}

Reply<QList<GuestCommand>> *Client::listCommands(const QString &id)
{
    return call<QList<GuestCommand>>({checkId(id)}, commandRequest(Method::Get, id, u"list"_s),
                                     codec::commands);
}

std::unique_ptr<EventStream> Client::attachCommand(const QString &id, qint64 pid)
{
    Request request = commandRequest(Method::Post, id, u"attach"_s, codec::pidJson(pid));
    request.overallTimeout = longestWait;
    return stream({checkId(id)}, streamRequest(request), StreamFormat::ServerEvents);
}

Reply<ExitStatus> *Client::waitCommand(const QString &id, qint64 pid, std::chrono::seconds limit)
{
    Request request = commandRequest(Method::Post, id, u"wait"_s, codec::pidJson(pid));
    request.overallTimeout = std::min<std::chrono::milliseconds>(limit, longestWait);
    request.answerTimeout = request.overallTimeout;
    return call<ExitStatus>({checkId(id), check(limit > 0s, u"there is no time to wait"_s, id)},
                            request, codec::commandExit);
}

Reply<Done> *Client::killCommand(const QString &id, qint64 pid)
{
    return doneCall({checkId(id)},
                    commandRequest(Method::Post, id, u"kill"_s, codec::pidJson(pid)));
}

Reply<SessionAnswer> *Client::createShellSession(const QString &id, const QString &shell)
{
    return call<SessionAnswer>({checkId(id)},
                               sessionRequest(id, {.action = Action::Create, .shell = shell}),
                               codec::sessionAnswer);
}

Reply<SessionAnswer> *Client::execInShellSession(const QString &id, const QString &sessionId,
                                                 const QString &command)
{
    return call<SessionAnswer>(
        {checkId(id), checkId(sessionId), checkCommand(command, id)},
        sessionRequest(id, {.action = Action::Exec, .sessionId = sessionId, .command = command}),
        codec::sessionAnswer);
}

Reply<SessionAnswer> *Client::inputToShellSession(const QString &id, const QString &sessionId,
                                                  const QString &input)
{
    return call<SessionAnswer>(
        {checkId(id), checkId(sessionId)},
        sessionRequest(id, {.action = Action::Input, .sessionId = sessionId, .input = input}),
        codec::sessionAnswer);
}

Reply<SessionAnswer> *Client::resizeShellSession(const QString &id, const QString &sessionId,
                                                 int cols, int rows)
{
    return call<SessionAnswer>(
        {checkId(id), checkId(sessionId), checkTerminalSize(cols, rows)},
        sessionRequest(
            id, {.action = Action::Resize, .sessionId = sessionId, .cols = cols, .rows = rows}),
        codec::sessionAnswer);
}

Reply<SessionAnswer> *Client::closeShellSession(const QString &id, const QString &sessionId)
{
    return call<SessionAnswer>(
        {checkId(id), checkId(sessionId)},
        sessionRequest(id, {.action = Action::Close, .sessionId = sessionId}),
        codec::sessionAnswer);
}

std::unique_ptr<EventStream> Client::execInShellSessionStream(const QString &id,
                                                              const QString &sessionId,
                                                              const QString &command)
{
    Request request = sandboxRequest(Method::Post, id, {u"session-exec-stream"_s});
    request.body = codec::sessionCommandJson(sessionId, command);
    request.overallTimeout = sessionLimit;
    request.answerTimeout = sessionLimit;
    return stream({checkId(id), checkId(sessionId), checkCommand(command, id)},
                  streamRequest(request), StreamFormat::JsonLines);
}

Reply<CodeResult> *Client::runCode(const QString &id, const CodeRequest &request)
{
    for (const auto &error :
         {checkId(id), checkCode(request.code), checkExecTimeout(request.timeout, id)}) {
        if (error)
            return refused<CodeResult>(this, *error);
    }
    return (new CodeFlow(*this, id, request))->reply();
}

}  // namespace voidrun
