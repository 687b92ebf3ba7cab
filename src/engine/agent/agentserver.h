// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/local/stream_protocol.hpp>

#include "commands.h"
#include "common/exchange.h"
#include "ptysessions.h"
#include "shellsessions.h"
#include "watchsessions.h"

namespace voidrun
{

// Serves the engine's calls, one a connection: terminals and commands on the main thread, files on
// the file threads, watches on a thread of their own. Owned by main.
class AgentServer
{
public:
    AgentServer(asio::io_context &context, int listener, Guest &guest);

    Awaitable<void> run();

private:
    Awaitable<void> serve(Stream stream);
    Awaitable<void> handle(Exchange &exchange);
    Awaitable<void> handleExecution(Exchange &exchange, std::string_view name);

    asio::io_context &m_context;
    asio::local::stream_protocol::acceptor m_acceptor;
    Guest &m_guest;
    PtySessions m_ptySessions;
    Commands m_commands;
    ShellSessions m_shellSessions;
    asio::thread_pool m_fileThreads{3};
    asio::thread_pool m_watchThread{1};
    WatchSessions m_watches;
};

}  // namespace voidrun
