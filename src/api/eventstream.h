// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

#include "error.h"
#include "exectypes.h"

namespace voidrun
{

class Exchange;
class OutputDecoder;
class Transport;
struct Request;
struct Response;
enum class StreamFormat : int;

// The output of a command as it comes (contract section 3). Lives in its Client's thread, is owned
// by its caller, and holds nothing back: while the owner's thread is busy the server waits.
// Deleting it ends it in silence; what a command does then is the server's rule (exec-stream ends
// it, a command that was only attached to goes on).
class EventStream : public QObject
{
    Q_OBJECT

public:
    // For Client, which makes these.
    EventStream(Transport &transport, const Request &request, StreamFormat format);
    explicit EventStream(const Error &refusal);
    ~EventStream() override;

    // Lets go. finished() follows with Cancelled.
    void close();

Q_SIGNALS:
    // Bytes as the program wrote them, line ends included, in their order.
    void standardOutput(const QByteArray &bytes);
    void standardError(const QByteArray &bytes);
    // Once, after all output and never from inside a call: how the command ended, or why that is
    // not known (a cut is ConnectionLost; what the server says about itself is CommandFailed).
    void finished(const voidrun::Result<voidrun::ExitStatus> &result);

private:
    void onReceived(const QByteArray &bytes);
    void onAnswered();
    bool deliver(const QList<OutputEvent> &events);
    Error whyNoExit(const Response &response) const;
    void end(Result<ExitStatus> result);

    std::unique_ptr<OutputDecoder> m_decoder;
    Exchange *m_exchange = nullptr;  // until it has finished
    QTimer m_grace;                  // after the exit status
    QByteArray m_start;              // of the body, until an event has come
    std::optional<ExitStatus> m_exit;
    QByteArray m_problem;  // the text of an error event
    bool m_anyEvent = false;
    bool m_ended = false;
};

}  // namespace voidrun
