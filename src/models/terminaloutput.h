// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

namespace voidrun
{

class ReplayFilter;

// The output of one terminal on its way to the view. Keeps its end, so that the next run of the
// application can show it again, and takes out what a server sends again when a new stream attaches
// to the same session. Raw bytes; memory is bounded. GUI thread.
class TerminalOutput : public QObject
{
    Q_OBJECT

public:
    // Bytes that are kept: more than a server replays (256 KiB).
    static constexpr qsizetype MaxKept = 512LL * 1024;

    explicit TerminalOutput(QObject *parent = nullptr);
    ~TerminalOutput() override;

    // What is shown first: the end of an earlier run, of which the last `ofSession` bytes came from
    // the session that is attached to next.
    void restore(const QByteArray &kept, qsizetype ofSession);
    // What comes from here on is another session's; `text`, ours, is shown before it.
    void startSession(const QByteArray &text = {});
    // A new stream has attached to the same session.
    void attachAgain();

    // True while output has to be given to collect(): it may be a replay.
    bool isCollecting() const { return m_filter != nullptr; }
    void collect(const QByteArray &bytes);
    // Output that goes to the view directly.
    void pass(const QByteArray &bytes) { keep(bytes); }
    // The answer to bufferWanted(): what the server says that the session printed last.
    void takeBuffer(const std::optional<QByteArray> &buffer);
    // Nothing more comes of this stream.
    void finish();

    bool hasWaiting() const { return !m_waiting.isEmpty(); }
    QByteArray take(qsizetype maxBytes);

    QByteArray kept() const;
    qsizetype keptOfSession() const { return m_ofSession; }
    quint64 number() const { return m_number; }  // another one after any change of kept()

Q_SIGNALS:
    void available();
    // The server replays nothing: what was printed meanwhile?
    void bufferWanted();

private:
    void settle();
    void decide(const QByteArray &fresh);
    void show(const QByteArray &bytes);
    void keep(const QByteArray &bytes);

    QByteArray m_kept;
    qsizetype m_ofSession = 0;  // bytes at the end of m_kept
    quint64 m_number = 1;
    QByteArray m_waiting;
    std::unique_ptr<ReplayFilter> m_filter;
    QTimer m_quiet;
    QElapsedTimer m_lastBytes;
    std::optional<QByteArray> m_buffer;
    qsizetype m_collectedThen = 0;  // when the buffer was asked for
    bool m_isAsking = false;
};

}  // namespace voidrun
