// SPDX-License-Identifier: MIT
#include "envelope.h"

#include <QJsonDocument>

#include "errorcodec.h"
#include "jsontext.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

Result<Envelope> unwrap(const Response &response)
{
    const auto document = parseJson(response.body);
    if (!document)
        return withAddress(document.error(), response);
    if (document->isArray())
        return Envelope{document->array(), {}};
    const QJsonObject object = document->object();
    if (const auto failed = failedEnvelope(object))
        return std::unexpected(*failed);
    if (object.contains("data"_L1))
        return Envelope{object.value("data"_L1), object.value("meta"_L1).toObject()};
    return Envelope{object, {}};
}

Result<QJsonObject> unwrapObject(const Response &response)
{
    auto envelope = unwrap(response);
    if (!envelope)
        return std::unexpected(envelope.error());
    if (!envelope->data.isObject())
        return std::unexpected(
            notVoidRun(response, u"the field \"data\" of the answer is not an object"_s));
    return envelope->data.toObject();
}

Result<QJsonArray> unwrapList(const Response &response, QLatin1StringView name)
{
    auto envelope = unwrap(response);
    if (!envelope)
        return std::unexpected(envelope.error());
    QJsonValue list = envelope->data;
    if (list.isObject() && !name.isEmpty()) {
        const QJsonObject object = list.toObject();
        if (const auto failed = toolFailure(object))
            return std::unexpected(*failed);
        list = object.value(name);
        if (list.isUndefined())
            return std::unexpected(
                notVoidRun(response, u"the field \"%1\" is missing in the answer"_s.arg(name)));
    }
    if (!list.isArray() && !list.isNull())
        return std::unexpected(
            notVoidRun(response, u"the field \"%1\" of the answer is not a list"_s.arg(
                                     name.isEmpty() ? "data"_L1 : name)));
    return list.toArray();
}

std::unexpected<Error> withAddress(Error error, const Response &response)
{
    error.httpStatus = response.status;
    if (error.subject.isEmpty())
        error.subject = response.address;
    return std::unexpected(std::move(error));
}

QJsonObject toObject(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

}  // namespace voidrun::codec
