// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "childprocess.h"
#include "sandboxfolder.h"

namespace voidrun
{

// One sandbox's way out: pasta, which copies packets between the sandbox's own network and this
// computer's ordinary sockets. This computer's loopback, and so the engine, cannot be reached
// through it; published ports are taken on 127.0.0.1 only. Without pasta there is no network.
// Owned by Sandbox; engine thread.
class Network : public std::enable_shared_from_this<Network>
{
public:
    // Port inside, port on 127.0.0.1 out here.
    using Ports = std::map<std::uint16_t, std::uint16_t>;

    explicit Network(const asio::any_io_executor &executor);

    // Connects the network of process `guest`, whose sandbox has this folder, and returns when it
    // is ready, after 5 s at most for each of three attempts. Afterwards failure() says whether it
    // worked; the sandbox's log says why not.
    Awaitable<void> open(const GuestAccount &account, pid_t guest,
                         const std::vector<std::int64_t> &ports, SandboxFolder folder);
    // Ends it and waits for that.
    Awaitable<void> close();

    // Returns when a network that worked has ended by itself; without one, never by itself.
    Awaitable<void> untilLost();

    // Empty while there is a network, else the sentence for the person.
    const std::string &failure() const { return m_failure; }
    // What is published now.
    Ports ports() const { return m_failure.empty() ? m_ports : Ports(); }

private:
    Awaitable<void> follow(std::shared_ptr<ChildProcess> pasta);
    Awaitable<bool> attempt(const GuestAccount &account, pid_t guest,
                            const std::filesystem::path &program, SandboxFolder folder);

    asio::any_io_executor m_executor;
    std::shared_ptr<ChildProcess> m_pasta;
    Notifier m_lostNotifier;
    bool m_lost = false;
    Ports m_ports;
    std::string m_failure = "The sandbox has no network: it is asleep.";
};

}  // namespace voidrun
