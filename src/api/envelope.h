// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QList>
#include <QMap>

#include <type_traits>

#include "error.h"
#include "jsonreader.h"
#include "request.h"

// The envelope of an answer (contract section 1): status/data/meta, success/data, or bare.
namespace voidrun::codec
{

struct Envelope {
    QJsonValue data;
    QJsonObject meta;
};

// Takes the envelope off, where there is one. Errors: NotVoidRun, or what the envelope says.
Result<Envelope> unwrap(const Response &response);
Result<QJsonObject> unwrapObject(const Response &response);
// The list called `name` in the envelope's data, or the bare list; null counts as empty.
Result<QJsonArray> unwrapList(const Response &response, QLatin1StringView name);

// `error` with the status and, where it has no subject, the address of the answer.
std::unexpected<Error> withAddress(Error error, const Response &response);

// The object of an answer through `read(JsonReader &)`; `what` names it in errors.
template<class Read>
auto decodeObject(const Response &response, QLatin1StringView what, Read read)
    -> Result<std::invoke_result_t<Read, JsonReader &>>
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object, what);
    auto value = read(reader);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return value;
}

// The same for each object of a list; see unwrapList().
template<class Read>
auto decodeList(const Response &response, QLatin1StringView name, QLatin1StringView what, Read read)
    -> Result<QList<std::invoke_result_t<Read, JsonReader &>>>
{
    const auto list = unwrapList(response, name);
    if (!list)
        return std::unexpected(list.error());
    QList<std::invoke_result_t<Read, JsonReader &>> values;
    values.reserve(list->size());
    for (const QJsonValueConstRef entry : *list) {
        const QJsonObject object = entry.toObject();
        JsonReader reader(object, what);
        values.append(read(reader));
        if (reader.error())
            return withAddress(*reader.error(), response);
    }
    return values;
}

// What a request says, as bytes.
QByteArray compact(const QJsonObject &object);
QJsonObject toObject(const QMap<QString, QString> &map);

}  // namespace voidrun::codec
