// SPDX-License-Identifier: MIT
#pragma once

#include <QList>

#include <optional>

#include "error.h"
#include "exectypes.h"
#include "ndjsonparser.h"
#include "sseparser.h"

namespace voidrun
{

enum class StreamFormat : int { ServerEvents, JsonLines };

// The bytes of an output stream, in either of its two formats, to its events. Pure, any one thread.
class OutputDecoder
{
public:
    explicit OutputDecoder(StreamFormat format) : m_format(format) {}

    QList<OutputEvent> feed(QByteArrayView bytes);
    // The body has ended; a last line of JSON may come without its line end.
    QList<OutputEvent> finish();
    // Why nothing more can be read, once that is so. Errors: TooLarge, NotVoidRun.
    const std::optional<Error> &error() const { return m_error; }

private:
    void takeLine(const QByteArray &line, QList<OutputEvent> &events);

    StreamFormat m_format;
    SseParser m_events;
    NdjsonParser m_lines;
    std::optional<Error> m_error;
};

}  // namespace voidrun
