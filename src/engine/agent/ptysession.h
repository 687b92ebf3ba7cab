// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "common/notifier.h"
#include "guest.h"
#include "terminalsize.h"

namespace voidrun
{

// What runs in a terminal: a login shell unless told. With a script, a descriptor, the shell reads
// its commands from there and the terminal neither echoes nor changes what is printed.
struct ShellProgram {
    std::string path;
    int script = -1;
};

// One terminal: a login shell on a pty, what it printed last, and who is attached. Output waits for
// the slowest client; input is queued on its own. Owned by PtySessions and by attached sockets;
// main thread.
class PtySession : public std::enable_shared_from_this<PtySession>
{
public:
    // One attached socket's share of the output.
    struct Client {
        explicit Client(const asio::any_io_executor &executor) : changed(executor) {}
        std::string pending;
        Notifier changed;
    };
    using ClientPtr = std::shared_ptr<Client>;

    PtySession(Guest &guest, std::string id);

    // Throws std::system_error.
    void start(TerminalSize size, const ShellProgram &program = {});

    const std::string &id() const { return m_id; }
    const std::string &createdAt() const { return m_createdAt; }
    std::size_t clientCount() const { return m_clients.size(); }
    // Ended: the shell has exited and its output is complete.
    bool isAlive() const { return !m_ended; }
    int exitCode() const { return m_exitCode.value_or(0); }
    // The last 256 KiB of output.
    std::string replay() const;

    // What the client gets starts with replay(), without a gap to what follows.
    ClientPtr attach();
    void detach(const ClientPtr &client);
    // At most `limit` bytes of what waits for the client; empty only when the session has ended.
    Awaitable<std::string> nextOutput(ClientPtr client, std::size_t limit);

    // Returns when the queue of input is short again.
    Awaitable<void> write(std::string bytes);
    void resize(TerminalSize size);
    // Ends the shell and what runs in its foreground.
    void hangUp();
    Awaitable<void> untilEnded();

private:
    Awaitable<void> readOutput();
    Awaitable<void> writeInput();
    bool isClientFull() const;
    void handleOutput(std::string_view bytes);
    void handleExit(int status);
    void finish();

    Guest &m_guest;
    std::string m_id;
    std::string m_createdAt;
    asio::posix::stream_descriptor m_master;
    pid_t m_pid = -1;
    std::string m_ring;
    std::list<ClientPtr> m_clients;
    Notifier m_roomMade;
    std::string m_input;
    Notifier m_inputChanged;
    Notifier m_exited;
    std::optional<int> m_exitCode;
    bool m_ended = false;
};

}  // namespace voidrun
