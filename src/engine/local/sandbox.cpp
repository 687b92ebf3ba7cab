// SPDX-License-Identifier: MIT
#include "sandbox.h"

#include "common/httperror.h"
#include "common/log.h"
#include "common/times.h"

namespace voidrun
{

Sandbox::Sandbox(const asio::any_io_executor &executor, const Bubblewrap &bubblewrap,
                 SandboxFolder folder, SandboxRecord record)
    : m_executor(executor),
      m_bubblewrap(bubblewrap),
      m_folder(std::move(folder)),
      m_record(std::move(record)),
      m_stateChanged(executor)
{
}

json::object Sandbox::toJson() const
{
    json::object object = m_record.toJson();
    const bool running = m_state == State::Running || m_state == State::Starting;
    object["status"] = running ? "running" : m_state == State::Failed ? "error" : "snapshotted";
    return object;
}

void Sandbox::setState(State state)
{
    m_state = state;
    m_stateChanged.notifyAll();
}

Awaitable<void> Sandbox::untilSettled()
{
    while (m_state == State::Starting || m_state == State::Stopping)
        co_await m_stateChanged.wait();
}

Awaitable<void> Sandbox::wake()
{
    const auto self = shared_from_this();
    co_await untilSettled();
    if (m_retired)
        throw HttpError(404, "There is no such sandbox.");
    if (m_state == State::Running)
        co_return;
    setState(State::Starting);
    const auto process = std::make_shared<SandboxProcess>(m_executor, m_folder);
    std::exception_ptr failure;
    try {
        process->start(m_bubblewrap, m_record);
        co_await process->untilReady();
    } catch (const std::system_error &error) {
        failure = std::make_exception_ptr(
            HttpError(500, "The sandbox could not be started.", error.what()));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        setState(State::Failed);
        std::rethrow_exception(failure);
    }
    m_process = process;
    setState(State::Running);
    asio::co_spawn(
        m_executor, [self, process] { return self->followProcess(process); }, asio::detached);
}

Awaitable<void> Sandbox::followProcess(std::shared_ptr<SandboxProcess> process)
{
    const auto self = shared_from_this();
    co_await process->untilEnded();
    if (m_process == process && m_state == State::Running) {
        log("sandbox {} has ended by itself", m_record.id);
        m_process.reset();
        setState(State::Asleep);
    }
}

Awaitable<void> Sandbox::sleep()
{
    const auto self = shared_from_this();
    co_await untilSettled();
    if (m_state != State::Running)
        co_return;
    setState(State::Stopping);
    const auto process = std::move(m_process);
    co_await process->kill();
    setState(State::Asleep);
}

Awaitable<void> Sandbox::retire()
{
    m_retired = true;
    co_await sleep();
}

Awaitable<Stream> Sandbox::connect()
{
    const auto self = shared_from_this();
    co_await wake();
    const auto process = m_process;
    if (!process)
        throw HttpError(502, "The sandbox has just gone to sleep. Try again.");
    co_return co_await process->connect();
}

void Sandbox::update(const SandboxRecord &record)
{
    SandboxRecord changed = record;
    changed.updatedAt = formatTime(std::chrono::system_clock::now());
    m_folder.save(changed);
    m_record = std::move(changed);
}

}  // namespace voidrun
