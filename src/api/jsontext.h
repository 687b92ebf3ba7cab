// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonDocument>

#include "error.h"

namespace voidrun
{

// The document that a server's text holds. Qt needs 16 bytes for each value and ten times that for
// each list or object, so that "[[],[],[],…" of 60 MiB would take gigabytes: a text with more than
// about four million values is refused before it is read. Pure, any thread. Errors: NotVoidRun,
// TooLarge.
Result<QJsonDocument> parseJson(const QByteArray &text);
// The same for a small part of a stream: an empty object where it is none.
QJsonObject parseJsonObject(const QByteArray &text);

}  // namespace voidrun
