// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "markerscanner.h"
#include "ptysession.h"

namespace voidrun
{

// A shell that keeps its directory and variables from one command to the next. It has a terminal
// for what it runs and gets its commands apart from that, so input and commands never mix. One
// command at a time. Owned by ShellSessions and by calls; main thread.
class ShellSession : public std::enable_shared_from_this<ShellSession>
{
public:
    ShellSession(Guest &guest, std::string id);
    ~ShellSession();
    ShellSession(const ShellSession &) = delete;
    ShellSession &operator=(const ShellSession &) = delete;

    // Throws std::system_error. It is ready when drain() returns.
    void start(const std::string &shell, TerminalSize size);
    const std::string &id() const { return m_pty->id(); }

    // A command is running, or its output has not been read to its end.
    bool isBusy() const { return m_scanner.has_value(); }
    bool hasEnded() const { return !m_pty->isAlive(); }
    // Starts a command; only when not busy.
    void begin(const std::string &line);
    // The next output of the command; empty once it has ended. One reader at a time.
    Awaitable<std::string> nextOutput();
    // Of the command that has ended last; of the shell when that has ended.
    int exitCode() const { return m_exitCode; }
    bool hasReader() const { return m_hasReader; }
    // Reads the command's output to its end and drops it.
    Awaitable<void> drain();
    // Interrupts the command and drops what is left of its output.
    void abandon();

    Awaitable<void> type(std::string input) { return m_pty->write(std::move(input)); }
    void resize(TerminalSize size) { m_pty->resize(size); }
    // Ends the shell and what it runs.
    void close();

private:
    asio::any_io_executor m_executor;
    std::shared_ptr<PtySession> m_pty;
    PtySession::ClientPtr m_client;
    asio::posix::stream_descriptor m_script;
    std::optional<MarkerScanner> m_scanner;
    int m_exitCode = 0;
    bool m_hasReader = false;
};

}  // namespace voidrun
