// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace voidrun
{

struct ServerEvent {
    QByteArray type = QByteArrayLiteral("message");
    QByteArray data;
    QByteArray lastEventId;  // kept from event to event

    bool operator==(const ServerEvent &) const = default;
};

// Server-sent events by the WHATWG rules (contract section 3) from pieces cut anywhere. Bytes stay
// bytes: nothing is decoded, so a cut UTF-8 character is no matter. Pure, any one thread.
class SseParser
{
public:
    static constexpr qsizetype maxEvent = 16LL * 1024 * 1024;  // bytes of one event

    // The events that `bytes` completes. After an event over maxEvent nothing more comes.
    QList<ServerEvent> feed(QByteArrayView bytes);
    bool isTooLong() const { return m_tooLong; }

private:
    void skipByteOrderMark();
    void takeLine(QByteArrayView line, QList<ServerEvent> &events);
    void takeField(QByteArrayView name, QByteArrayView value);
    void dispatch(QList<ServerEvent> &events);

    QByteArray m_rest;  // of an unfinished line
    QByteArray m_type;
    QByteArray m_data;
    QByteArray m_lastEventId;
    bool m_atStart = true;
    bool m_afterCr = false;  // an LF that comes now belongs to the CR before it
    bool m_tooLong = false;
};

}  // namespace voidrun
