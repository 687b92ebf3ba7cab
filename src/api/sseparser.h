// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qxpfunctional.h>
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

    // An event where it lies, for as long as the call that gets it.
    struct View {
        QByteArrayView type;
        QByteArrayView data;
        QByteArrayView lastEventId;
    };
    using Sink = qxp::function_ref<void(const View &)>;

    // The events that `bytes` completes. After an event over maxEvent nothing more comes.
    QList<ServerEvent> feed(QByteArrayView bytes);
    // The same without a copy of each: a program writes a million of them in a fraction of a
    // second.
    void feed(QByteArrayView bytes, Sink sink);
    bool isTooLong() const { return m_tooLong; }

private:
    void skipByteOrderMark();
    void takeLines(qsizetype searched, Sink sink);
    void takeLine(QByteArrayView line, Sink sink);
    void takeField(QByteArrayView name, QByteArrayView value);
    void addData(QByteArrayView value);
    void keepData();
    void dispatch(Sink sink);

    QByteArray m_rest;  // of an unfinished line
    QByteArray m_type;
    QByteArrayView m_oneLine;  // the data as long as it is one line that lies in m_rest
    QByteArray m_data;         // else
    qsizetype m_dataSize = 0;  // with an LF for each line
    QByteArray m_lastEventId;
    bool m_atStart = true;
    bool m_afterCr = false;  // an LF that comes now belongs to the CR before it
    bool m_tooLong = false;
};

}  // namespace voidrun
