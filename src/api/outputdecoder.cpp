// SPDX-License-Identifier: MIT
#include "outputdecoder.h"

#include "request.h"
#include "streamcodec.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

QList<OutputEvent> OutputDecoder::feed(QByteArrayView bytes)
{
    QList<OutputEvent> events;
    if (m_error)
        return events;
    if (m_format == StreamFormat::ServerEvents) {
        m_events.feed(bytes, [&events](const SseParser::View &event) {
            codec::appendOutput(event, &events);
        });
    } else {
        for (const QByteArray &line : m_lines.feed(bytes))
            takeLine(line, events);
    }
    if (m_events.isTooLong() || m_lines.isTooLong())
        m_error = makeError(Error::Kind::TooLarge, u"an event of the stream is over 16 MiB"_s);
    return events;
}

QList<OutputEvent> OutputDecoder::finish()
{
    QList<OutputEvent> events;
    const QByteArray rest = m_lines.finish();
    if (!rest.isEmpty() && !m_error)
        takeLine(rest, events);
    return events;
}

void OutputDecoder::takeLine(const QByteArray &line, QList<OutputEvent> &events)
{
    if (m_error)
        return;
    const Result<std::optional<OutputEvent>> event = codec::outputEvent(line);
    if (!event)
        m_error = event.error();
    else if (*event)
        events.append(**event);
}

}  // namespace voidrun
