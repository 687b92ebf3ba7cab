// SPDX-License-Identifier: MIT
#include "errorcodec.h"

#include <QJsonDocument>

#include "jsonreader.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

constexpr qsizetype maxTextLength = 2000;  // characters of a server's text that we keep

QString oneLine(const QString &text)
{
    return text.left(maxTextLength).simplified();
}

// `error` may be a text or, at some proxies, an object with a message.
QString textOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isObject())
        return value.toObject().value("message"_L1).toString();
    return {};
}

void readEnvelope(const QJsonObject &object, Error &error)
{
    QString code = textOf(object.value("error"_L1));
    const QString message = textOf(object.value("message"_L1));
    QString details = textOf(object.value("details"_L1));
    if (code.isEmpty())
        code = message;
    else if (details.isEmpty() && message != code)
        details = message;
    error.code = oneLine(code);
    error.detail = details.left(maxTextLength).trimmed();
}

}  // namespace

bool isHtml(const QByteArray &contentType, const QByteArray &body)
{
    if (contentType == "text/html" || contentType == "application/xhtml+xml")
        return true;
    const QByteArray start = body.left(512).trimmed().left(16).toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

Error::Kind kindOfStatus(int status)
{
    using Kind = Error::Kind;
    switch (status) {
        case 400:
        case 422:
            return Kind::BadRequest;
        case 401:
        case 403:
            return Kind::Unauthorized;
        case 404:
        case 410:
            return Kind::NotFound;
        case 408:
            return Kind::Timeout;
        case 409:
            return Kind::Conflict;
        case 413:
            return Kind::TooLarge;
        case 429:
        case 529:
            return Kind::Overloaded;
        case 502:
        case 503:
        case 504:
            return Kind::Unavailable;
        default:
            return Kind::Server;
    }
}

Error notVoidRun(const Response &response, const QString &why)
{
    // The address in both: a caller may have a better subject, such as a file.
    const QString detail = response.address.isEmpty() ? why : response.address % u": "_s % why;
    Error error = makeError(Error::Kind::NotVoidRun, detail, response.address);
    error.httpStatus = response.status;
    return error;
}

Error errorOf(const Response &response, const QString &subject)
{
    if (response.status < 200 || response.status > 599)
        return notVoidRun(response,
                          u"the answer has a status of %1, which is none"_s.arg(response.status));
    Error error = makeError(kindOfStatus(response.status), {}, subject);
    error.httpStatus = response.status;
    if (isHtml(response.contentType, response.body)) {
        // A proxy in front of the service also speaks HTML when it is tired (5xx) or wants a key.
        if (error.kind == Error::Kind::NotFound || error.kind == Error::Kind::Server ||
            error.kind == Error::Kind::BadRequest)
            return notVoidRun(response, u"the server answered with a web page"_s);
        return error;
    }
    const QJsonDocument document = QJsonDocument::fromJson(response.body);
    if (document.isObject())
        readEnvelope(document.object(), error);
    else
        error.code = oneLine(QString::fromUtf8(response.body));
    return error;
}

std::optional<Error> failedEnvelope(const QJsonObject &object)
{
    const bool failed = object.value("success"_L1) == QJsonValue(false) ||
                        object.value("status"_L1) == "error"_L1 ||
                        object.value("status"_L1) == "fail"_L1;
    // A sandbox also has a status "error": that is its state, not the answer's. And an exit status
    // other than 0 speaks for itself: the command ran, which is what was asked for.
    if (!failed || object.contains("id"_L1) || object.value("exitCode"_L1).toInt() != 0)
        return std::nullopt;
    Error error = makeError(Error::Kind::CommandFailed, {});
    error.httpStatus = 200;
    readEnvelope(object, error);
    return error;
}

std::optional<Error> toolFailure(const QJsonObject &object)
{
    const JsonReader reader(object, "result"_L1);
    if (reader.number("exitCode"_L1) == 0)
        return failedEnvelope(object);
    Error error = makeError(Error::Kind::CommandFailed, reader.string("stderr"_L1).trimmed());
    error.httpStatus = 200;
    error.code = u"exit status %1"_s.arg(reader.number("exitCode"_L1));
    if (error.detail.isEmpty())
        error.detail = reader.string("stdout"_L1).trimmed();
    return error;
}

}  // namespace voidrun::codec
