// SPDX-License-Identifier: MIT
#include "sandbox.h"

#include "common/httperror.h"
#include "common/log.h"
#include "common/times.h"
#include "diskerror.h"
#include "guestprocesses.h"

namespace voidrun
{

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace
{

constexpr int maxNetworkRestarts = 5;  // of one run
constexpr auto endingTime = 3s;
constexpr auto longestParkTime = 20s;
constexpr auto busyLook = 1s;  // how often a call under way is looked at again

}  // namespace

Sandbox::Call::Call(std::shared_ptr<Sandbox> sandbox) : m_sandbox(std::move(sandbox))
{
    ++m_sandbox->m_calls;
    m_sandbox->m_lastCall = steady_clock::now();
}

Sandbox::Call::~Call()
{
    --m_sandbox->m_calls;
    m_sandbox->m_lastCall = steady_clock::now();
}

Sandbox::Sandbox(const SandboxHost &host, SandboxFolder folder, SandboxRecord record)
    : m_host(host),
      m_folder(std::move(folder)),
      m_record(std::move(record)),
      m_stateChanged(host.executor),
      m_network(std::make_shared<Network>(host.executor)),
      m_recordTurn(host.executor),
      m_networkTurn(host.executor),
      m_lastCall(steady_clock::now())
{
}

json::object Sandbox::toJson() const
{
    json::object object = m_record.toJson();
    const bool running = m_state == State::Running || m_state == State::Starting;
    object["status"] = running ? "running" : m_state == State::Failed ? "error" : "snapshotted";
    return object;
}

std::string Sandbox::networkFailure() const
{
    return m_state == State::Running ? m_network->failure() : std::string();
}

json::array Sandbox::publicUrls() const
{
    json::array result;
    for (const auto &[inside, outside] : m_network->ports())
        result.push_back(
            json::object{{"port", inside}, {"url", "http://127.0.0.1:" + std::to_string(outside)}});
    return result;
}

pid_t Sandbox::guest() const
{
    return m_state == State::Running && m_process ? m_process->guest() : 0;
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

// Only a layered root needs it again after the sandbox has been made.
std::filesystem::path Sandbox::imageRoot() const
{
    if (!m_folder.hasLayeredRoot())
        return {};
    if (const auto image = m_host.images.find(m_record.image))
        return image->root;
    throw HttpError(500, "The sandbox's image is not in the images folder any more.",
                    m_record.image);
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
    const auto process = std::make_shared<SandboxProcess>(m_host.executor, m_folder);
    std::exception_ptr failure;
    try {
        co_await start(process);
    } catch (const std::system_error &error) {
        failure = std::make_exception_ptr(
            HttpError(500, "The sandbox could not be started.", error.what()));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        co_await process->kill();
        co_await m_network->close();
        setState(State::Failed);
        std::rethrow_exception(failure);
    }
    m_process = process;
    m_lastCall = steady_clock::now();
    setState(State::Running);
    const auto follow = [&](auto member) {
        asio::co_spawn(
            m_host.executor, [self, process, member] { return ((*self).*member)(process); },
            asio::detached);
    };
    follow(&Sandbox::followProcess);
    follow(&Sandbox::followIdleness);
    follow(&Sandbox::followNetwork);
    follow(&Sandbox::followUse);
}

Awaitable<void> Sandbox::start(std::shared_ptr<SandboxProcess> process)
{
    process->start(m_host.bubblewrap, m_record, imageRoot());
    co_await process->setUp(m_record);
    const auto lock = co_await m_networkTurn.take();
    m_networkParked = false;
    co_await together(process->untilReady(),
                      m_network->open(m_host.bubblewrap.account(), process->guest(),
                                      m_record.publishPorts, m_folder));
    if (!m_network->failure().empty())
        log("sandbox {}: {}", m_record.id, m_network->failure());
}

Awaitable<void> Sandbox::followProcess(std::shared_ptr<SandboxProcess> process)
{
    const auto self = shared_from_this();
    co_await process->untilEnded();
    if (m_process != process || m_state != State::Running)
        co_return;
    log("sandbox {} has ended by itself", m_record.id);
    setState(State::Stopping);
    m_process.reset();
    co_await process->kill();  // what it leaves
    co_await m_network->close();
    setState(State::Asleep);
}

Awaitable<void> Sandbox::followIdleness(std::shared_ptr<SandboxProcess> process)
{
    const auto self = shared_from_this();
    while (m_process == process && m_state == State::Running) {
        const auto now = steady_clock::now();
        auto wait =
            std::chrono::ceil<std::chrono::milliseconds>(m_lastCall + m_host.idleTimeout - now);
        if (m_calls > 0) {
            wait = busyLook;
        } else if (wait <= 0ms) {
            if (m_record.autoSleep) {
                log("sandbox {} was idle and goes to sleep", m_record.id);
                co_return co_await sleep();
            }
            wait = m_host.idleTimeout;
        }
        co_await race(process->untilEnded(), sleepFor(wait));
    }
}

Awaitable<void> Sandbox::followNetwork(std::shared_ptr<SandboxProcess> process)
{
    const auto self = shared_from_this();
    for (int restarts = 0; restarts < maxNetworkRestarts; ++restarts) {
        if (co_await race(process->untilEnded(), m_network->untilLost()) == 0)
            co_return;
        if (m_process != process || m_state != State::Running)
            co_return;
        log("sandbox {}: the network has ended by itself and is made again", m_record.id);
        co_await publishPorts();
    }
}

std::chrono::milliseconds Sandbox::parkTime() const
{
    return std::min<std::chrono::milliseconds>(longestParkTime, m_host.idleTimeout / 3);
}

// Only the agent is there, and nobody has asked it anything for a while.
bool Sandbox::isUnused() const
{
    return m_calls == 0 && steady_clock::now() - m_lastCall >= parkTime() &&
           m_record.publishPorts.empty() && processesOf(guest()).size() == 1;
}

Awaitable<void> Sandbox::followUse(std::shared_ptr<SandboxProcess> process)
{
    const auto self = shared_from_this();
    while (co_await race(process->untilEnded(), sleepFor(parkTime())) == 1) {
        if (m_process == process && m_state == State::Running && !m_networkParked && isUnused())
            co_await parkNetwork(process);
    }
}

Awaitable<void> Sandbox::parkNetwork(std::shared_ptr<SandboxProcess> process)
{
    const auto lock = co_await m_networkTurn.take();
    if (m_process != process || m_state != State::Running || !isUnused())
        co_return;
    m_networkParked = true;
    co_await m_network->close();
}

Awaitable<void> Sandbox::unparkNetwork()
{
    const auto lock = co_await m_networkTurn.take();
    const auto process = m_process;
    if (!m_networkParked || m_state != State::Running || !process)
        co_return;
    m_networkParked = false;
    co_await m_network->open(m_host.bubblewrap.account(), process->guest(), m_record.publishPorts,
                             m_folder);
}

Awaitable<void> Sandbox::publishPorts()
{
    const auto self = shared_from_this();
    co_await untilSettled();
    const auto lock = co_await m_networkTurn.take();
    const auto process = m_process;
    if (m_state != State::Running || !process)
        co_return;
    m_networkParked = false;
    co_await m_network->open(m_host.bubblewrap.account(), process->guest(), m_record.publishPorts,
                             m_folder);
    if (m_process != process)  // it went to sleep meanwhile
        co_await m_network->close();
}

Awaitable<void> Sandbox::sleep()
{
    const auto self = shared_from_this();
    co_await untilSettled();
    if (m_state != State::Running)
        co_return;
    setState(State::Stopping);
    const auto process = std::exchange(m_process, nullptr);
    co_await together(process->kill(), m_network->close());
    {
        // Somebody may have been opening it anew.
        const auto lock = co_await m_networkTurn.take();
        co_await m_network->close();
    }
    setState(State::Asleep);
}

Awaitable<void> Sandbox::retire()
{
    m_retired = true;
    co_await sleep();
}

// An agent that refuses is about to end, its end only not yet noticed: then once more.
Awaitable<Stream> Sandbox::connect()
{
    const auto self = shared_from_this();
    for (bool again = false;; again = true) {
        co_await wake();
        m_lastCall = steady_clock::now();
        if (m_networkParked)
            co_await unparkNetwork();
        const auto process = m_process;
        if (process) {
            try {
                co_return co_await process->connect();
            } catch (const HttpError &) {
                if (again)
                    throw;
            }
            co_await race(process->untilEnded(), sleepFor(endingTime));
        } else if (again) {
            throw HttpError(502, "The sandbox has just gone to sleep. Try again.");
        }
    }
}

Awaitable<void> Sandbox::update(std::function<void(SandboxRecord &)> change)
{
    const auto self = shared_from_this();
    const auto lock = co_await m_recordTurn.take();
    if (m_retired)
        throw HttpError(404, "There is no such sandbox.");
    SandboxRecord changed = m_record;
    change(changed);
    changed.updatedAt = formatTime(std::chrono::system_clock::now());
    try {
        co_await runOn(m_host.disk, [folder = m_folder, changed] { folder.save(changed); });
    } catch (const std::system_error &error) {
        throw diskError(error, "The sandbox's settings could not be saved.");
    }
    m_record = std::move(changed);
}

}  // namespace voidrun
