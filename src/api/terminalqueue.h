// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <condition_variable>
#include <mutex>

namespace voidrun
{

// What waits between the socket of a terminal (worker thread) and its owner: output up to a high
// mark, above which the worker waits, and typed input. Every function may be called from either
// thread; only the worker may wait.
class TerminalQueue
{
public:
    static constexpr qsizetype highMark = 256LL * 1024;   // bytes of output
    static constexpr qsizetype maxInput = 1024LL * 1024;  // bytes of input

    enum class Wake { Room, Input, Closed };
    // Waits until output has room, or input came (if `orInput`), or close().
    Wake waitForRoom(bool orInput);
    // True where the owner has to be told.
    bool append(const QByteArray &output);
    // The owner was told and looks now.
    void noticed();
    struct Taken {
        QByteArray bytes;
        bool tellAgain = false;  // some is left and nobody was told
    };
    Taken read(qsizetype maxBytes);
    qsizetype bytesAvailable() const;

    enum class Written { Refused, Queued, QueuedFirst };  // First: the worker has to be told
    Written write(const QByteArray &input);
    // At most `maxBytes`, which then are the caller's to send.
    QByteArray takeInput(qsizetype maxBytes);

    // Drops the output, refuses input and wakes the worker for good.
    void close();

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    QByteArray m_output;
    qsizetype m_outputStart = 0;  // bytes of m_output that were read
    QByteArray m_input;
    bool m_told = false;
    bool m_closed = false;
};

}  // namespace voidrun
