// SPDX-License-Identifier: MIT
#include "httprequest.h"

#include <QHttp1Configuration>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include "uploadbody.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int waitingConnections = 64;  // calls that wait or stream take one each

QByteArray acceptedTypes(Request::Expect expect)
{
    if (expect == Request::Expect::Events)
        return "text/event-stream, application/x-ndjson, application/json;q=0.5"_ba;
    return "application/json, */*;q=0.5"_ba;
}

QNetworkRequest httpRequest(const Request &request, const QUrl &url, const QByteArray &key)
{
    QNetworkRequest http(url);
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    http.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    http.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    http.setRawHeader("Accept-Encoding", "identity");
    http.setRawHeader("Accept", acceptedTypes(request.expect));
    if (!key.isEmpty())
        http.setRawHeader("X-API-Key", key);
    // Over HTTP/2 Qt heaps up what comes faster than it is taken, and takes an early answer to an
    // upload for the end of it. Calls of the other kinds are small.
    const bool isLong = request.source || request.sink || request.expect == Request::Expect::Events;
    http.setAttribute(QNetworkRequest::Http2AllowedAttribute, !isLong);
    if (request.lane() == Request::Lane::Waiting) {
        QHttp1Configuration configuration;
        configuration.setNumberOfConnectionsPerHost(waitingConnections);
        http.setHttp1Configuration(configuration);
    }
    return http;
}

}  // namespace

QNetworkReply *sendHttp(QNetworkAccessManager &network, const Request &request, const QUrl &url,
                        const QByteArray &key, UploadBody *body)
{
    QNetworkRequest http = httpRequest(request, url, key);
    if (request.method == Request::Method::Get)
        return network.get(http);
    if (request.method == Request::Method::Delete)
        return network.deleteResource(http);
    http.setHeader(QNetworkRequest::ContentTypeHeader,
                   request.source ? u"application/octet-stream"_s : u"application/json"_s);
    http.setHeader(QNetworkRequest::ContentLengthHeader, body->announcedSize());
    http.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    QNetworkReply *reply = network.sendCustomRequest(http, request.verb(), body);
    body->setParent(reply);
    return reply;
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool isSameOrigin(const QUrl &from, const QUrl &to)
{
    const auto port = [](const QUrl &url) {
        return url.port(url.scheme() == "https"_L1 ? 443 : 80);
    };
    return from.scheme() == to.scheme() && from.host() == to.host() && port(from) == port(to) &&
           to.userInfo().isEmpty();
}

}  // namespace voidrun
