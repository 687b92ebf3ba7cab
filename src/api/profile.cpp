// SPDX-License-Identifier: MIT
#include "profile.h"

#include <algorithm>

#include "proxy.h"
#include "request.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

namespace
{

QUrl withoutTrailingSlash(QUrl url)
{
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path, QUrl::TolerantMode);
    return url;
}

}  // namespace

QUrl ConnectionProfile::hostedBaseUrl()
{
    return QUrl(u"https://platform.void-run.com/api"_s);
}

Result<QUrl> ConnectionProfile::parseBaseUrl(const QString &typed)
{
    const auto refuse = [&typed](const QString &why) {
        return std::unexpected(makeError(Error::Kind::InvalidInput, why, typed.trimmed()));
    };
    QString text = typed.trimmed();
    if (text.isEmpty())
        return std::unexpected(
            makeError(Error::Kind::MissingBaseUrl, u"the address of the server is empty"_s));
    const bool hasScheme = text.contains("://"_L1);
    if (!hasScheme)
        text.prepend("https://"_L1);
    QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return refuse(u"this is not a web address"_s);
    if (url.scheme() != "https"_L1 && url.scheme() != "http"_L1)
        return refuse(u"only http and https addresses are possible"_s);
    if (!url.userInfo().isEmpty())
        return refuse(u"the address must not hold a user name or password"_s);
    if (url.hasQuery() || url.hasFragment())
        return refuse(u"the address must not hold a query or a fragment"_s);
    if (!hasScheme && isLoopbackHost(url.host()))
        url.setScheme(u"http"_s);
    return withoutTrailingSlash(url);
}

Result<QString> ConnectionProfile::parseApiKey(const QString &typed)
{
    // Blanks around a pasted key are harmless; a line end is refused wherever it is.
    QString key = typed.contains(u'\n') || typed.contains(u'\r') ? typed : typed.trimmed();
    if (key.trimmed().isEmpty())
        return std::unexpected(makeError(Error::Kind::MissingKey, u"no API key is configured"_s));
    // It travels as a header: ASCII, and nothing that could end one.
    const bool printable =
        std::ranges::all_of(key, [](QChar c) { return c > QChar(0x20) && c < QChar(0x7f); });
    if (!printable)
        return std::unexpected(
            makeError(Error::Kind::InvalidInput,
                      u"the API key holds white space or characters that no key has"_s));
    return key;
}

ConnectionProfile ConnectionProfile::fromEnvironment(const QProcessEnvironment &environment)
{
    ConnectionProfile profile;
    profile.id = u"environment"_s;
    profile.name = u"Environment"_s;
    for (const QString &name : {u"VR_API_KEY"_s, u"API_KEY"_s}) {
        if (profile.apiKey.isEmpty())
            profile.apiKey = environment.value(name).trimmed();
    }
    profile.baseUrl = hostedBaseUrl();
    for (const QString &name : {u"VR_API_URL"_s, u"API_URL"_s}) {
        if (!environment.contains(name))
            continue;
        // Set to nothing, or to no address at all: cleared, never silently the default.
        profile.baseUrl = parseBaseUrl(environment.value(name)).value_or(QUrl());
        break;
    }
    return profile;
}

}  // namespace voidrun
