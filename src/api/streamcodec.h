// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

#include "error.h"
#include "exectypes.h"
#include "sseparser.h"
#include "watchtypes.h"

// What streams carry, from its JSON. With jsoncodec.h the only place that knows names of fields.
// Pure functions, any thread.
namespace voidrun::codec
{

// One event of exec-stream and commands/attach; nothing for one that is not of the contract. The
// line end that the event leaves out is put back: none after `id: partial` (section 7), CR after
// `id: cr`, CR LF after `id: crlf`, else LF.
std::optional<OutputEvent> outputEvent(const ServerEvent &event);
// The same, added to `events`; output of the kind that the last one has goes on there.
void appendOutput(const SseParser::View &event, QList<OutputEvent> *events);
// One line of session-exec-stream. Errors: NotVoidRun.
Result<std::optional<OutputEvent>> outputEvent(const QByteArray &line);
// One message of a watch, in either vocabulary. What makes no sense counts as Rescan: something
// happened, and it is not known what.
WatchEvent watchEvent(const QByteArray &message);

}  // namespace voidrun::codec
