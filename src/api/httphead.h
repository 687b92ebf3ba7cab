// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHttpHeaders>
#include <QString>

namespace voidrun
{

// What is said of a head that is too long, whoever notices it.
QString headersTooLong();

// The start of an answer: its status line and its headers.
struct HttpHead {
    int status = 0;
    int minorVersion = 1;  // of HTTP/1
    QByteArray reason;
    QHttpHeaders headers;

    // The comma-separated words of that header have this one, in any case.
    bool hasWord(QAnyStringView name, QByteArrayView word) const;
};

// Reads one head, line by line, however its bytes are cut (RFC 9112). Strict: what two readers
// could take for two things (folded lines, a bare CR or LF, control characters, a blank before a
// colon) is refused. Announcements (1xx) are skipped and count for the limit.
class HttpHeadParser
{
public:
    // `limit`: bytes of all lines together.
    explicit HttpHeadParser(qint64 limit) : m_limit(limit) {}

    // Takes what belongs to the head and says how many bytes that was.
    qsizetype feed(QByteArrayView bytes);

    bool isComplete() const { return m_isComplete; }
    const HttpHead &head() const { return m_head; }
    // Why this is no head; empty while it may be one.
    QString problem() const { return m_problem; }
    bool isTooLong() const { return m_taken > m_limit; }

private:
    bool mayStart(QByteArrayView part) const;
    void takeLine(QByteArrayView line);
    void takeStatus(QByteArrayView line);
    void takeHeader(QByteArrayView line);
    void end();

    const qint64 m_limit;
    qint64 m_taken = 0;
    QByteArray m_line;  // the start of a line whose end has not come
    HttpHead m_head;
    bool m_isComplete = false;
    QString m_problem;
};

}  // namespace voidrun
