// SPDX-License-Identifier: MIT
#include "client.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

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
constexpr int maxPublishedPorts = 4;

// A call that makes, ends or moves a whole machine.
Request lifeRequest(Method method, const QString &id, const QStringList &below)
{
    Request request = sandboxRequest(method, id, below);
    request.answerTimeout = createLimit;
    return request;
}

std::optional<Error> checkPorts(const QList<int> &ports)
{
    const bool inRange =
        std::ranges::all_of(ports, [](int port) { return port >= 1 && port <= 65535; });
    const bool unique = QSet<int>(ports.begin(), ports.end()).size() == ports.size();
    return check(inRange && unique && ports.size() <= maxPublishedPorts,
                 u"at most 4 different ports, 1 to 65535, can be published"_s);
}

}  // namespace

std::optional<Error> check(bool holds, const QString &said, const QString &subject)
{
    if (holds)
        return std::nullopt;
    return makeError(Error::Kind::InvalidInput, said, subject);
}

std::optional<Error> checkId(const QString &id)
{
    static const QRegularExpression allowed(u"\\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\\z"_s);
    return check(allowed.match(id).hasMatch(), u"this is no id of the server"_s, id);
}

Request serviceRequest(Method method, const QStringList &path)
{
    Request request;
    request.method = method;
    request.path = path;
    request.repeatable = method == Method::Get || method == Method::Delete;
    return request;
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
    connect(m_transport.get(), &Transport::reachableChanged, this, &Client::reachableChanged);
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

bool Client::isReachable() const
{
    return m_transport->isReachable();
}

Reply<Done> *Client::doneCall(const Checks &checks, const Request &request)
{
    Request call = request;
    call.expect = Request::Expect::JsonOrText;
    return this->call<Done>(checks, call, codec::done);
}

QUrl Client::socketUrl(const QString &id, const QStringList &below) const
{
    QUrl url = m_transport->urlFor(sandboxRequest(Method::Get, id, below));
    url.setScheme(url.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    return url;
}

Reply<SandboxPage> *Client::listSandboxes(int page, int limit, const QMap<QString, QString> &labels)
{
    Request request = serviceRequest(Method::Get, {u"sandboxes"_s});
    request.query = {{u"page"_s, QString::number(page)}, {u"limit"_s, QString::number(limit)}};
    QStringList pairs;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        pairs.append(it.key() + u'=' + it.value());
    if (!pairs.isEmpty())
        request.query.append({u"labels"_s, pairs.join(u',')});
    auto *reply = call<SandboxPage>({check(page >= 1 && limit >= 1 && limit <= 100,
                                           u"a page counts from 1 and holds 1 to 100"_s)},
                                    request, codec::sandboxPage);
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
    SandboxSpec named = spec;
    if (named.name.isEmpty())
        named.name = "sdbx-"_L1 + QString::number(QDateTime::currentMSecsSinceEpoch());
    Request request = serviceRequest(Method::Post, {u"sandboxes"_s});
    request.body = codec::toJson(named);
    request.subject = named.name;
    request.answerTimeout = createLimit;
    request.overallTimeout = createLimit;
    return withNode(call<Sandbox>({checkPorts(spec.publishPorts)}, request, codec::sandbox));
}

Reply<Sandbox> *Client::sandbox(const QString &id)
{
    return withNode(
        call<Sandbox>({checkId(id)}, sandboxRequest(Method::Get, id, {}), codec::sandbox));
}

Reply<Sandbox> *Client::setAutoSleep(const QString &id, bool autoSleep)
{
    Request request = sandboxRequest(Method::Patch, id, {});
    request.body = codec::autoSleepJson(autoSleep);
    request.repeatable = true;
    return withNode(call<Sandbox>({checkId(id)}, request, codec::sandbox));
}

Reply<Done> *Client::deleteSandbox(const QString &id)
{
    return doneCall({checkId(id)}, lifeRequest(Method::Delete, id, {}));
}

Reply<Done> *Client::sleep(const QString &id)
{
    return doneCall({checkId(id)}, lifeRequest(Method::Post, id, {u"sleep"_s}));
}

Reply<Done> *Client::wake(const QString &id)
{
    return doneCall({checkId(id)}, lifeRequest(Method::Post, id, {u"wake"_s}));
}

Reply<Done> *Client::start(const QString &id)
{
    return doneCall({checkId(id)}, lifeRequest(Method::Post, id, {u"start"_s}));
}

Reply<QList<PublicUrl>> *Client::publicUrls(const QString &id)
{
    return call<QList<PublicUrl>>(
        {checkId(id)}, sandboxRequest(Method::Get, id, {u"public-urls"_s}), codec::publicUrls);
}

Reply<Done> *Client::setPublishPorts(const QString &id, const QList<int> &ports)
{
    Request request = sandboxRequest(Method::Patch, id, {u"publish-ports"_s});
    request.body = codec::publishPortsJson(ports);
    request.repeatable = true;
    return doneCall({checkId(id), checkPorts(ports)}, request);
}

}  // namespace voidrun
