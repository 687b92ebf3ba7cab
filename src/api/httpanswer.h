// SPDX-License-Identifier: MIT
#pragma once

#include "bodyframer.h"
#include "httphead.h"

namespace voidrun
{

// One answer as its bytes come in: head, body, end. Knows no network.
class HttpAnswer
{
public:
    explicit HttpAnswer(qint64 headLimit) : m_head(headLimit) {}

    // Appends what is body to `body` and says how many bytes were taken: fewer than all of them
    // where the answer has ended, or is none.
    qsizetype feed(QByteArrayView bytes, QByteArray &body);
    // The server will send no more.
    void close();

    bool isHeadComplete() const { return m_head.isComplete(); }
    const HttpHead &head() const { return m_head.head(); }
    bool isComplete() const { return m_isClosed || m_body.isComplete(); }
    // The connection can carry another call, once this answer is complete.
    bool keepsConnection() const;
    // Why this is no answer; empty while it may be one.
    QString problem() const;
    bool isHeadTooLong() const { return m_head.isTooLong(); }

private:
    HttpHeadParser m_head;
    BodyFramer m_body;
    bool m_isClosed = false;  // and so complete
};

}  // namespace voidrun
