// SPDX-License-Identifier: MIT
#pragma once

#include <QNetworkReply>

#include <optional>
#include <utility>

#include "error.h"
#include "options.h"
#include "request.h"

namespace voidrun
{

// Takes the answer of one attempt from the network: head, body, their caps, and the length. What it
// returns ends the call. Internal; lives beside its Exchange.
class AnswerReader
{
public:
    AnswerReader(const Request &request, const TransportOptions &options, const QString &address);

    // Bytes that may wait in the network layer; 0 = no limit.
    static qint64 bufferFor(const Request &request);

    std::optional<Error> readHead(const QNetworkReply &reply);
    std::optional<Error> readBody(QNetworkReply &reply);
    // The body has ended: did all of it come?
    std::optional<Error> checkLength();

    bool headSeen() const { return m_headSeen; }
    bool isSuccess() const { return m_response.status >= 200 && m_response.status < 300; }
    // The text of an error is long enough; the rest is not read.
    bool hasEnough() const { return m_hasEnough; }
    qint64 announced() const { return m_announced; }  // Content-Length, or -1
    const Response &response() const { return m_response; }
    // What came of a stream of events since the last time.
    QByteArray takeEvents() { return std::exchange(m_response.body, {}); }

private:
    std::optional<Error> keep(const QByteArray &piece);

    const Request &m_request;
    const TransportOptions &m_options;
    Response m_response;
    qint64 m_announced = -1;
    bool m_headSeen = false;
    bool m_hasEnough = false;
};

}  // namespace voidrun
