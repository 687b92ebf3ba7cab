// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonObject>

#include <optional>

#include "error.h"
#include "request.h"

namespace voidrun::codec
{

// True for an HTML page, by its type or by its first bytes: a captive portal or a wrong address.
bool isHtml(const QByteArray &contentType, const QByteArray &body);

Error::Kind kindOfStatus(int status);

// The error of an answer whose status is not 2xx (contract section 1): `error`/`message` become
// code, `details` detail; plain text and empty bodies are fine; HTML is never shown.
Error errorOf(const Response &response, const QString &subject);

// The error of an envelope that says it failed although the status was 2xx, if it does.
std::optional<Error> failedEnvelope(const QJsonObject &object);

// The failure of a tool in the guest inside a 200: exitCode is not 0 and stderr says why.
std::optional<Error> toolFailure(const QJsonObject &object);

Error notVoidRun(const Response &response, const QString &why);

}  // namespace voidrun::codec
