// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace voidrun
{

struct HttpHead;

// Finds where the body of an answer ends: after its length, after its last chunk, or with the
// connection (RFC 9112, 6). Whatever could be read in two ways is refused.
class BodyFramer
{
public:
    // Once, before anything is fed.
    void start(const HttpHead &head);

    // Appends what is body to `body` and says how many bytes were taken: fewer than all of them
    // where the body has ended, or is none.
    qsizetype feed(QByteArrayView bytes, QByteArray &body);

    bool isComplete() const { return m_state == State::Complete; }
    // The end of the connection is the end of the body.
    bool endsWithConnection() const { return m_state == State::UntilClose; }
    // Why this is no body; empty while it may be one.
    QString problem() const { return m_problem; }

private:
    enum class State {
        UntilClose,
        Length,
        // Of a chunked body, in their order.
        ChunkSize,
        ChunkExtension,
        ChunkSizeEnd,
        ChunkData,
        ChunkDataEnd,
        ChunkLineEnd,
        TrailerStart,
        TrailerLine,
        TrailerLineEnd,
        LastLineEnd,
        Complete,
    };

    void takeFraming(char c);
    void takeSize(char c);
    void expect(char c, char expected, State next);
    void fail(const QString &why) { m_problem = why; }

    State m_state = State::UntilClose;
    qint64 m_left = 0;     // of the body or the chunk
    int m_digits = 0;      // of the size of the chunk
    qint64 m_framing = 0;  // bytes since the last one of the body that were none
    QString m_problem;
};

}  // namespace voidrun
