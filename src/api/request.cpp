// SPDX-License-Identifier: MIT
#include "request.h"

#include <QUrl>

namespace voidrun
{

QByteArray strictlyEncoded(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

Request::Lane Request::lane() const
{
    constexpr auto quick = std::chrono::seconds(60);
    if (source || sink)
        return Lane::Transfers;
    return expect == Expect::Events || answerTimeout > quick ? Lane::Waiting : Lane::Calls;
}

QByteArray Request::verb() const
{
    switch (method) {
        case Method::Get:
            return QByteArrayLiteral("GET");
        case Method::Post:
            return QByteArrayLiteral("POST");
        case Method::Patch:
            return QByteArrayLiteral("PATCH");
        case Method::Delete:
            return QByteArrayLiteral("DELETE");
    }
    Q_UNREACHABLE_RETURN({});
}

QByteArray Request::encodedTarget() const
{
    QByteArray target;
    for (const QString &segment : path) {
        target += '/';
        target += strictlyEncoded(segment);
    }
    char separator = '?';
    for (const auto &[name, value] : query) {
        target += separator;
        target += strictlyEncoded(name);
        target += '=';
        target += strictlyEncoded(value);
        separator = '&';
    }
    return target;
}

Error makeError(Error::Kind kind, const QString &detail, const QString &subject)
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    error.subject = subject;
    return error;
}

}  // namespace voidrun
