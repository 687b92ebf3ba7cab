// SPDX-License-Identifier: MIT
#include "sseparser.h"

#include <algorithm>
#include <utility>

namespace voidrun
{

namespace
{

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";

}  // namespace

QList<ServerEvent> SseParser::feed(QByteArrayView bytes)
{
    QList<ServerEvent> events;
    if (m_tooLong)
        return events;
    // What is left of the last piece has no line end: only the new bytes are searched.
    qsizetype searched = m_rest.size();
    m_rest.append(bytes);
    if (m_atStart) {
        if (m_rest.size() < byteOrderMark.size() && byteOrderMark.startsWith(m_rest))
            return events;
        skipByteOrderMark();
        searched = 0;
    }
    const QByteArrayView all = m_rest;
    const auto isLineEnd = [](char c) { return c == '\n' || c == '\r'; };
    qsizetype start = 0;
    for (qsizetype at = searched; !m_tooLong; start = ++at) {
        if (m_afterCr && at == start && at < all.size()) {
            m_afterCr = false;
            if (all[at] == '\n')
                continue;
        }
        at = std::find_if(all.begin() + at, all.end(), isLineEnd) - all.begin();
        if (at == all.size())
            break;
        m_afterCr = all[at] == '\r';
        takeLine(all.sliced(start, at - start), events);
    }
    m_rest.remove(0, std::min(start, m_rest.size()));
    m_tooLong = m_tooLong || m_rest.size() > maxEvent;
    if (m_tooLong) {
        m_rest.clear();
        m_data.clear();
    }
    return events;
}

void SseParser::skipByteOrderMark()
{
    m_atStart = false;
    if (m_rest.startsWith(byteOrderMark))
        m_rest.remove(0, byteOrderMark.size());
}

void SseParser::takeLine(QByteArrayView line, QList<ServerEvent> &events)
{
    if (line.isEmpty()) {
        dispatch(events);
        return;
    }
    const qsizetype colon = line.indexOf(':');
    if (colon == 0)
        return;  // a comment
    if (colon < 0) {
        takeField(line, {});
        return;
    }
    QByteArrayView value = line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    takeField(line.first(colon), value);
}

void SseParser::takeField(QByteArrayView name, QByteArrayView value)
{
    if (name == "data") {
        m_data.append(value).append('\n');
        m_tooLong = m_data.size() > maxEvent;
    } else if (name == "event") {
        m_type = value.toByteArray();
    } else if (name == "id" && !value.contains('\0')) {
        m_lastEventId = value.toByteArray();
    }
}

void SseParser::dispatch(QList<ServerEvent> &events)
{
    ServerEvent event;
    if (!m_type.isEmpty())
        event.type = std::exchange(m_type, {});
    event.data = std::exchange(m_data, {});
    if (event.data.isEmpty())
        return;
    event.data.chop(1);  // the last line's LF
    event.lastEventId = m_lastEventId;
    events.append(std::move(event));
}

}  // namespace voidrun
