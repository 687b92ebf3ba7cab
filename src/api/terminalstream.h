// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

#include "error.h"
#include "options.h"
#include "profile.h"

namespace voidrun
{

// One attachment to a terminal of a sandbox (contract section 5). The object lives in its creator's
// thread; the socket lives in a worker thread of the stream's own, behind a bounded queue (256
// KiB), so that a flood is held back at the server and can never block the owner.
//
// Output: dataAvailable() says that read() has something; the owner takes as much as it wants per
// turn. Input: write() never waits; a byte is sent at most once, and what was typed while the
// connection was away is sent when it is back only if nothing was sent of it before.
// Re-attaching to a session loses nothing and doubles nothing, whether or not the server replays.
class TerminalStream : public QObject
{
    Q_OBJECT

public:
    enum class State { Connecting, Live, Reconnecting, Ended };
    Q_ENUM(State)

    TerminalStream(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                   QObject *parent = nullptr);
    TerminalStream(const ConnectionProfile &profile, const QUrl &url, bool persistent,
                   const StreamOptions &options, QObject *parent = nullptr);
    ~TerminalStream() override;

    // Asks the server what the session has printed last, in the stream's thread, and calls `done`
    // while `context` lives; nothing where there is no answer. Needed where a server replays
    // nothing: without it what such a session prints during a cut is lost.
    using BufferDone = std::function<void(const std::optional<QByteArray> &)>;
    using BufferSource = std::function<void(QObject *context, const BufferDone &done)>;
    void setBufferSource(const BufferSource &source);

    State state() const;
    // Takes at most `maxBytes` of the output that waits; empty when there is none.
    QByteArray read(qsizetype maxBytes);
    qsizetype bytesAvailable() const;
    // Raw bytes to the terminal. At most 1 MiB waits; more is refused (returns false).
    bool write(const QByteArray &bytes);
    // Attaches again at once; for StreamOptions::ownerReconnects, in State::Reconnecting.
    void reconnect();
    // Detaches. The session of a persistent terminal lives on.
    void close();

Q_SIGNALS:
    // At most one is pending at a time; read() until empty or wait for the next event-loop turn.
    void dataAvailable();
    void stateChanged(voidrun::TerminalStream::State state);
    // Once, after all output was read: the shell ended, close() was called, or `error` says why.
    // The first two are Cancelled; where the shell ended, `code` is the server's reason ("exit 0").
    void finished(const voidrun::Error &error);

private:
    class Worker;
    struct Shared;

    void setState(State state);
    void announce();
    void fetchBuffer(int attachment);
    void finishWhenRead();

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<Worker, void (*)(Worker *)> m_worker;
};

}  // namespace voidrun
