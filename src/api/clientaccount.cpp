// SPDX-License-Identifier: MIT
#include "clientcalls.h"
#include "jsoncodec.h"

namespace voidrun
{

using namespace Qt::StringLiterals;
using Method = Request::Method;

namespace
{

Request keyRequest(Method method, const QStringList &below = {})
{
    return serviceRequest(method, QStringList{u"orgs"_s, u"apikeys"_s} + below);
}

}  // namespace

Reply<ServerVersion> *Client::version()
{
    Request request = serviceRequest(Method::Get, {u"version"_s});
    request.needsKey = false;
    return call<ServerVersion>({}, request, codec::serverVersion);
}

Reply<User> *Client::me()
{
    return call<User>({}, serviceRequest(Method::Get, {u"users"_s, u"me"_s}), codec::user);
}

Reply<QList<User>> *Client::orgUsers()
{
    return call<QList<User>>({}, serviceRequest(Method::Get, {u"orgs"_s, u"users"_s}),
                             codec::users);
}

Reply<QList<ApiKey>> *Client::apiKeys()
{
    return call<QList<ApiKey>>({}, keyRequest(Method::Get), codec::apiKeys);
}

Reply<NewApiKey> *Client::createApiKey(const QString &name)
{
    Request request = keyRequest(Method::Post);
    request.body = codec::keyNameJson(name);
    request.subject = name;
    return call<NewApiKey>({check(!name.trimmed().isEmpty(), u"the key has no name"_s)}, request,
                           codec::newApiKey);
}

Reply<Done> *Client::deleteApiKey(const QString &keyId)
{
    return doneCall({checkId(keyId)}, keyRequest(Method::Delete, {keyId}));
}

Reply<Done> *Client::setApiKeyActive(const QString &keyId, bool active)
{
    Request request = keyRequest(Method::Post, {keyId, u"activate"_s});
    request.body = codec::isActiveJson(active);
    return doneCall({checkId(keyId)}, request);
}

Reply<Done> *Client::touchApiKey(const QString &keyId)
{
    return doneCall({checkId(keyId)}, keyRequest(Method::Patch, {keyId, u"touch"_s}));
}

Reply<QList<Image>> *Client::images()
{
    return call<QList<Image>>({}, serviceRequest(Method::Get, {u"images"_s}), codec::images);
}

Reply<Image> *Client::image(const QString &imageId)
{
    return call<Image>({checkId(imageId)}, serviceRequest(Method::Get, {u"images"_s, imageId}),
                       codec::image);
}

Reply<Image> *Client::imageByName(const QString &name)
{
    return call<Image>({check(!name.isEmpty(), u"the image has no name"_s)},
                       serviceRequest(Method::Get, {u"images"_s, u"name"_s, name}), codec::image);
}

}  // namespace voidrun
