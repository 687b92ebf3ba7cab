// SPDX-License-Identifier: MIT
#pragma once

#include <QTcpSocket>

#include "engineundertest.h"

// One POST to a sandbox over a bare socket, whose answer is read only as far as the test wants. The
// chunked body is taken apart as it comes.
class GuestCall
{
public:
    GuestCall(const EngineUnderTest &engine, const QString &path, const QJsonObject &fields)
    {
        const QByteArray body = QJsonDocument(fields).toJson(QJsonDocument::Compact);
        m_socket.connectToHost(u"127.0.0.1"_s, engine.port());
        m_socket.write("POST /api" + path.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: " +
                       engine.key() + "\r\nContent-Type: application/json\r\nContent-Length: " +
                       QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }

    // From now on at most some kilobytes more are taken from the network, and little waits there.
    void stopReading()
    {
        m_socket.setSocketOption(QAbstractSocket::ReceiveBufferSizeSocketOption, 64 * 1024);
        m_socket.setReadBufferSize(1024);
    }
    void leave() { m_socket.abort(); }

    // Everything that has come so far.
    const QByteArray &body()
    {
        m_raw += m_socket.readAll();
        if (m_head.isEmpty()) {
            const qsizetype end = m_raw.indexOf("\r\n\r\n");
            if (end < 0)
                return m_body;
            m_head = m_raw.first(end);
            m_raw.remove(0, end + 4);
        }
        takeChunks();
        return m_body;
    }
    QByteArray head()
    {
        body();
        return m_head;
    }
    // The last chunk has come: nothing was cut off.
    bool isComplete()
    {
        body();
        return m_complete;
    }
    bool waitUntilComplete(int timeoutMs = 20'000)
    {
        return QTest::qWaitFor([this] { return isComplete(); }, timeoutMs);
    }

private:
    void takeChunks()
    {
        while (!m_complete) {
            const qsizetype line = m_raw.indexOf("\r\n");
            if (line < 0)
                return;
            const qsizetype size = m_raw.first(line).toLongLong(nullptr, 16);
            if (m_raw.size() < line + 2 + size + 2)
                return;
            m_body += m_raw.mid(line + 2, size);
            m_raw.remove(0, line + 2 + size + 2);
            m_complete = size == 0;
        }
    }

    QTcpSocket m_socket;
    QByteArray m_raw;
    QByteArray m_head;
    QByteArray m_body;
    bool m_complete = false;
};

// One server-sent event.
struct SentEvent {
    QByteArray name;
    QByteArray data;
    QByteArray id;
    bool operator==(const SentEvent &) const = default;
};

// The complete events of a text, by the rules of the WHATWG for text with line feeds only.
inline QList<SentEvent> sentEvents(const QByteArray &text)
{
    QList<SentEvent> events;
    SentEvent event;
    bool hasData = false;
    qsizetype at = 0;
    for (qsizetype end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        const QByteArray line = text.mid(at, end - at);
        at = end + 1;
        if (line.isEmpty()) {
            if (hasData)
                events << event;
            event = {{}, {}, event.id};
            hasData = false;
            continue;
        }
        const qsizetype colon = line.indexOf(':');
        const QByteArray field = line.first(colon);
        QByteArray value = line.sliced(colon + 1);
        if (value.startsWith(' '))
            value.remove(0, 1);
        if (field == "event") {
            event.name = value;
        } else if (field == "id") {
            event.id = value;
        } else if (field == "data") {
            event.data += (hasData ? "\n" : "") + value;
            hasData = true;
        }
    }
    return events;
}

// What the program printed, put together again byte for byte.
inline QByteArray printed(const QList<SentEvent> &events, const QByteArray &name = "stdout")
{
    QByteArray bytes;
    for (const SentEvent &event : events) {
        if (event.name != name)
            continue;
        const QByteArray end = event.id == "partial" ? ""
                               : event.id == "cr"    ? "\r"
                               : event.id == "crlf"  ? "\r\n"
                                                     : "\n";
        bytes += event.data + end;
    }
    return bytes;
}

// The data of the one exit event at the end; empty when there is none, or more, or it is not last.
inline QJsonObject exitOf(const QList<SentEvent> &events)
{
    const auto count = std::ranges::count(events, QByteArray("exit"), &SentEvent::name);
    if (count != 1 || events.last().name != "exit")
        return {};
    return QJsonDocument::fromJson(events.last().data).object();
}
