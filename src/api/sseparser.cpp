// SPDX-License-Identifier: MIT
#include "sseparser.h"

#include <cstring>

namespace voidrun
{

namespace
{

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";

}  // namespace

QList<ServerEvent> SseParser::feed(QByteArrayView bytes)
{
    QList<ServerEvent> events;
    feed(bytes, [&events](const View &event) {
        events.append(
            {event.type.toByteArray(), event.data.toByteArray(), event.lastEventId.toByteArray()});
    });
    return events;
}

void SseParser::feed(QByteArrayView bytes, Sink sink)
{
    if (m_tooLong)
        return;
    // What is left of the last piece has no line end: only the new bytes are searched.
    qsizetype searched = m_rest.size();
    m_rest.append(bytes);
    if (m_atStart) {
        if (m_rest.size() < byteOrderMark.size() && byteOrderMark.startsWith(m_rest))
            return;
        skipByteOrderMark();
        searched = 0;
    }
    takeLines(searched, sink);
    m_tooLong = m_tooLong || m_rest.size() > maxEvent;
    if (m_tooLong) {
        m_rest.clear();
        m_data.clear();
    }
}

void SseParser::takeLines(qsizetype searched, Sink sink)
{
    const QByteArrayView all = m_rest;
    const auto find = [&all](char c, qsizetype from, qsizetype end) {
        const void *found = std::memchr(all.data() + from, c, static_cast<std::size_t>(end - from));
        return found ? static_cast<const char *>(found) - all.data() : end;
    };
    qsizetype start = 0;
    qsizetype at = searched;
    while (!m_tooLong && at < all.size()) {
        if (m_afterCr && at == start) {
            m_afterCr = false;
            if (all[at] == '\n') {
                start = ++at;
                continue;
            }
        }
        const qsizetype newline = find('\n', at, all.size());
        const qsizetype end = find('\r', at, newline);
        if (end == all.size())
            break;
        m_afterCr = end < newline;
        takeLine(all.sliced(start, end - start), sink);
        start = at = end + 1;
    }
    keepData();
    m_rest.remove(0, start);
}

void SseParser::skipByteOrderMark()
{
    m_atStart = false;
    if (m_rest.startsWith(byteOrderMark))
        m_rest.remove(0, byteOrderMark.size());
}

void SseParser::takeLine(QByteArrayView line, Sink sink)
{
    if (line.isEmpty()) {
        dispatch(sink);
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
        addData(value);
    } else if (name == "event") {
        m_type.assign(value);
    } else if (name == "id" && !value.contains('\0')) {
        m_lastEventId.assign(value);
    }
}

void SseParser::addData(QByteArrayView value)
{
    if (m_dataSize == 0) {
        m_oneLine = value;
    } else {
        keepData();
        m_data.append('\n').append(value);
    }
    m_dataSize += value.size() + 1;
    m_tooLong = m_dataSize > maxEvent;
}

// m_rest is about to change.
void SseParser::keepData()
{
    if (!m_oneLine.isNull())
        m_data.assign(m_oneLine);
    m_oneLine = {};
}

void SseParser::dispatch(Sink sink)
{
    if (m_dataSize > 0) {
        const QByteArrayView type = m_type.isEmpty() ? QByteArrayView("message") : m_type;
        sink({type, m_oneLine.isNull() ? QByteArrayView(m_data) : m_oneLine, m_lastEventId});
    }
    m_type.truncate(0);
    m_data.truncate(0);
    m_oneLine = {};
    m_dataSize = 0;
}

}  // namespace voidrun
