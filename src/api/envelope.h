// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>

#include "error.h"
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

}  // namespace voidrun::codec
