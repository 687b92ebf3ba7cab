// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "sandboxprocess.h"

namespace voidrun
{

// One sandbox: its record, its folder and, while it is awake, its process. Owned by Sandboxes and
// by the calls that use it; engine thread.
class Sandbox : public std::enable_shared_from_this<Sandbox>
{
public:
    Sandbox(const asio::any_io_executor &executor, const Bubblewrap &bubblewrap,
            SandboxFolder folder, SandboxRecord record);

    const SandboxRecord &record() const { return m_record; }
    const SandboxFolder &folder() const { return m_folder; }
    // The contract's object, with the contract's word for the status.
    json::object toJson() const;

    // Returns when the sandbox runs. Throws HttpError: 404 when it has been deleted, 502.
    Awaitable<void> wake();
    // Ends its processes; files stay.
    Awaitable<void> sleep();
    // As sleep(), and for good: later calls get 404.
    Awaitable<void> retire();
    // A connection to its agent; wakes it first.
    Awaitable<Stream> connect();
    // Changes the record, on disk first.
    void update(const SandboxRecord &record);

private:
    enum class State { Asleep, Starting, Running, Stopping, Failed };

    Awaitable<void> untilSettled();
    Awaitable<void> followProcess(std::shared_ptr<SandboxProcess> process);
    void setState(State state);

    asio::any_io_executor m_executor;
    const Bubblewrap &m_bubblewrap;
    SandboxFolder m_folder;
    SandboxRecord m_record;
    State m_state = State::Asleep;
    bool m_retired = false;
    Notifier m_stateChanged;
    std::shared_ptr<SandboxProcess> m_process;
};

}  // namespace voidrun
