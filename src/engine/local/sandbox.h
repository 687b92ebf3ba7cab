// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/turn.h"
#include "images.h"
#include "network.h"
#include "sandboxprocess.h"

namespace voidrun
{

// What all sandboxes of an engine share. Owned by main, outlives them.
struct SandboxHost {
    asio::any_io_executor executor;
    const StateDirectory &directory;
    const Bubblewrap &bubblewrap;
    const Images &images;
    std::chrono::seconds idleTimeout;
    asio::thread_pool &disk;  // for what waits for the disk
};

// One sandbox: its record, its folder and, while it is awake, its process and its network. Owned
// by Sandboxes and by the calls that use it; engine thread.
class Sandbox : public std::enable_shared_from_this<Sandbox>
{
public:
    Sandbox(const SandboxHost &host, SandboxFolder folder, SandboxRecord record);

    const SandboxRecord &record() const { return m_record; }
    const SandboxFolder &folder() const { return m_folder; }
    // The contract's object, with the contract's word for the status.
    json::object toJson() const;
    // Empty, or the sentence that says why the running sandbox has no network.
    std::string networkFailure() const;
    // [{"port","url"}] of what can be reached now.
    json::array publicUrls() const;
    // The first process of a running sandbox, else 0.
    pid_t guest() const;

    // Whether it has more on disk than it may: then nothing may be added.
    void setDiskFull(bool full) { m_diskFull = full; }
    bool isDiskFull() const { return m_diskFull; }

    // Returns when the sandbox runs. Throws HttpError: 404 when it has been deleted, 500, 502.
    Awaitable<void> wake();
    // Ends its processes; files stay.
    Awaitable<void> sleep();
    // As sleep(), and for good: later calls get 404.
    Awaitable<void> retire();
    // A connection to its agent; wakes it first.
    Awaitable<Stream> connect();
    // Changes the record, on disk first, one change after the other. Throws HttpError 500, 507.
    Awaitable<void> update(std::function<void(SandboxRecord &)> change);
    // Publishes what the record says now.
    Awaitable<void> publishPorts();

    // A call into the sandbox is under way while one of these lives: it does not fall asleep.
    class Call
    {
    public:
        explicit Call(std::shared_ptr<Sandbox> sandbox);
        Call(const Call &) = delete;
        Call &operator=(const Call &) = delete;
        ~Call();

    private:
        std::shared_ptr<Sandbox> m_sandbox;
    };

private:
    enum class State { Asleep, Starting, Running, Stopping, Failed };

    Awaitable<void> untilSettled();
    Awaitable<void> start(std::shared_ptr<SandboxProcess> process);
    std::filesystem::path imageRoot() const;
    Awaitable<void> followProcess(std::shared_ptr<SandboxProcess> process);
    Awaitable<void> followIdleness(std::shared_ptr<SandboxProcess> process);
    // The network of a sandbox in which nothing runs that could use it is given back until the next
    // call: pasta takes 16 MiB.
    Awaitable<void> followUse(std::shared_ptr<SandboxProcess> process);
    Awaitable<void> parkNetwork(std::shared_ptr<SandboxProcess> process);
    Awaitable<void> unparkNetwork();
    bool isUnused() const;
    std::chrono::milliseconds parkTime() const;
    Awaitable<void> followNetwork(std::shared_ptr<SandboxProcess> process);
    void setState(State state);

    const SandboxHost &m_host;
    SandboxFolder m_folder;
    SandboxRecord m_record;
    State m_state = State::Asleep;
    bool m_retired = false;
    bool m_diskFull = false;
    bool m_networkParked = false;
    Notifier m_stateChanged;
    std::shared_ptr<SandboxProcess> m_process;
    std::shared_ptr<Network> m_network;
    Turn m_recordTurn;
    Turn m_networkTurn;
    int m_calls = 0;
    std::chrono::steady_clock::time_point m_lastCall;
};

}  // namespace voidrun
