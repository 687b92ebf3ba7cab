// SPDX-License-Identifier: MIT
#include "client.h"

#include <QRegularExpression>

#include "clientcalls.h"
#include "jsoncodec.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Method = Request::Method;

namespace
{

constexpr auto createLimit = 120s;
constexpr int maxCommandLength = 100'000;  // characters, contract section 3
constexpr int maxExecTimeout = 300;        // s
constexpr auto execGrace = 15s;            // beyond the command's own limit

Request serviceRequest(Method method, const QStringList &path)
{
    Request request;
    request.method = method;
    request.path = path;
    request.repeatable = method == Method::Get || method == Method::Delete;
    return request;
}

}  // namespace

std::optional<Error> checkId(const QString &id)
{
    static const QRegularExpression allowed(u"\\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\\z"_s);
    if (allowed.match(id).hasMatch())
        return std::nullopt;
    return makeError(Error::Kind::InvalidInput, u"this is no id of a sandbox or session"_s, id);
}

Request sandboxRequest(Method method, const QString &id, const QStringList &below)
{
    Request request = serviceRequest(method, QStringList{u"sandboxes"_s, id} + below);
    request.sandboxId = id;
    request.subject = id;
    return request;
}

Client::Client(const ConnectionProfile &profile, QObject *parent)
    : Client(profile, TransportOptions(), parent)
{
}

Client::Client(const ConnectionProfile &profile, const TransportOptions &options, QObject *parent)
    : QObject(parent), m_transport(std::make_unique<Transport>(profile, options))
{
}

Client::~Client()
{
    // Each caller hears of it, while the transport still lives.
    const QList<QPointer<ReplyBase>> replies = [this] {
        QList<QPointer<ReplyBase>> list;
        for (ReplyBase *reply : findChildren<ReplyBase *>(Qt::FindDirectChildrenOnly))
            list.append(reply);
        return list;
    }();
    for (const QPointer<ReplyBase> &reply : replies) {
        if (reply)
            reply->abort();
    }
}

const ConnectionProfile &Client::profile() const
{
    return m_transport->profile();
}

void Client::rememberNode(const QString &sandboxId, const QString &nodeId)
{
    m_transport->rememberNode(sandboxId, nodeId);
}

Reply<ServerVersion> *Client::version()
{
    Request request = serviceRequest(Method::Get, {u"version"_s});
    request.needsKey = false;
    return startCall<ServerVersion>(this, *m_transport, request, codec::serverVersion);
}

Reply<QList<Image>> *Client::images()
{
    return startCall<QList<Image>>(this, *m_transport, serviceRequest(Method::Get, {u"images"_s}),
                                   codec::images);
}

Reply<SandboxPage> *Client::listSandboxes(int page, int limit, const QMap<QString, QString> &labels)
{
    if (page < 1 || limit < 1 || limit > 100)
        return refused<SandboxPage>(this, makeError(Error::Kind::InvalidInput,
                                                    u"a page counts from 1 and holds 1 to 100"_s));
    Request request = serviceRequest(Method::Get, {u"sandboxes"_s});
    request.query = {{u"page"_s, QString::number(page)}, {u"limit"_s, QString::number(limit)}};
    QStringList pairs;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        pairs.append(it.key() + u'=' + it.value());
    if (!pairs.isEmpty())
        request.query.append({u"labels"_s, pairs.join(u',')});
    auto *reply = startCall<SandboxPage>(this, *m_transport, request, codec::sandboxPage);
    reply->onFinished(this, [this](const Result<SandboxPage> &result) {
        if (!result)
            return;
        for (const Sandbox &sandbox : result->sandboxes)
            rememberNode(sandbox.id, sandbox.nodeId);
    });
    return reply;
}

Reply<Sandbox> *Client::withNode(Reply<Sandbox> *reply)
{
    reply->onFinished(this, [this](const Result<Sandbox> &result) {
        if (result)
            rememberNode(result->id, result->nodeId);
    });
    return reply;
}

Reply<Sandbox> *Client::createSandbox(const SandboxSpec &spec)
{
    Request request = serviceRequest(Method::Post, {u"sandboxes"_s});
    request.body = codec::toJson(spec);
    request.subject = spec.name;
    request.answerTimeout = createLimit;
    request.overallTimeout = createLimit;
    return withNode(startCall<Sandbox>(this, *m_transport, request, codec::sandbox));
}

Reply<Sandbox> *Client::sandbox(const QString &id)
{
    if (const auto error = checkId(id))
        return refused<Sandbox>(this, *error);
    return withNode(startCall<Sandbox>(this, *m_transport, sandboxRequest(Method::Get, id, {}),
                                       codec::sandbox));
}

Reply<Done> *Client::deleteSandbox(const QString &id)
{
    if (const auto error = checkId(id))
        return refused<Done>(this, *error);
    Request request = sandboxRequest(Method::Delete, id, {});
    request.expect = Request::Expect::JsonOrText;
    request.answerTimeout = createLimit;
    return startCall<Done>(this, *m_transport, request, codec::done);
}

Reply<ExecResult> *Client::exec(const QString &id, const ExecRequest &request)
{
    if (const auto error = checkId(id))
        return refused<ExecResult>(this, *error);
    ExecRequest checked = request;
    checked.command = request.command.trimmed();
    const auto refuse = [this, &id](const QString &why) {
        return refused<ExecResult>(this, makeError(Error::Kind::InvalidInput, why, id));
    };
    if (checked.command.isEmpty())
        return refuse(u"the command is empty"_s);
    if (checked.command.size() > maxCommandLength)
        return refuse(u"the command is over 100,000 characters"_s);
    if (checked.command.contains(QChar(0)))
        return refuse(u"the command holds a NUL character"_s);
    if (checked.timeout < 1 || checked.timeout > maxExecTimeout)
        return refuse(u"the time limit must be 1 to 300 seconds"_s);
    Request call = sandboxRequest(Method::Post, id, {u"exec"_s});
    call.body = codec::toJson(checked);
    call.overallTimeout = std::chrono::seconds(checked.timeout) + execGrace;
    call.answerTimeout = call.overallTimeout;
    return startCall<ExecResult>(this, *m_transport, call, codec::execResult);
}

}  // namespace voidrun
