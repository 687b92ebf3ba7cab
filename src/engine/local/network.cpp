// SPDX-License-Identifier: MIT
#include "network.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>

#include "bubblewrap.h"
#include "common/log.h"
#include "sandboxprocess.h"

namespace voidrun
{

using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace
{

constexpr auto readyTime = 5s;
constexpr int attempts = 3;  // another program may take a port between our look and pasta's
constexpr int firstUnprivilegedPort = 1024;

// The port, or one that the kernel chooses for 0; 0 when it is taken.
std::uint16_t freePort(std::uint16_t wanted)
{
    const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(wanted);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    const int on = 1;
    if (!socket.isOpen() ||
        ::setsockopt(socket.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.value(), generic, size) != 0 || ::listen(socket.value(), 1) != 0 ||
        ::getsockname(socket.value(), generic, &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

// Where it was before, else its own number, else any.
Network::Ports choosePorts(const std::vector<std::int64_t> &wanted, const Network::Ports &before)
{
    Network::Ports result;
    for (const std::int64_t number : wanted) {
        const auto port = static_cast<std::uint16_t>(number);
        const auto known = before.find(port);
        std::uint16_t chosen = known != before.end() ? freePort(known->second) : 0;
        if (chosen == 0 && port >= firstUnprivilegedPort)
            chosen = freePort(port);
        if (chosen == 0)
            chosen = freePort(0);
        if (chosen != 0)
            result[port] = chosen;
    }
    return result;
}

// threats.md: without the last options a sandbox reaches this computer's loopback.
std::vector<std::string> pastaArguments(pid_t guest, const SandboxFolder &folder,
                                        const Network::Ports &ports)
{
    std::vector<std::string> result{
        "--foreground", "--quiet", "--config-net", "--no-dhcp", "--no-dhcpv6", "--no-ra",
        "--dns-forward", "169.254.1.1", "--netns-only", "--netns",
        "/proc/" + std::to_string(guest) + "/ns/net",
        // It writes its number there when it is ready.
        "--pid", "/dev/stdout", "--no-map-gw", "-u", "none", "-T", "none", "-U", "none"};
    for (const auto &[inside, outside] : ports) {
        result.emplace_back("-t");
        result.push_back("127.0.0.1/" + std::to_string(outside) + ':' + std::to_string(inside));
    }
    if (ports.empty())
        result.insert(result.end(), {"-t", "none"});
    else
        result.emplace_back("--host-lo-to-ns-lo");  // servers that listen on localhost inside
    // At the end, as in the agent's command line: who looks at the process list finds it.
    result.insert(result.end(), {"--hostname", folder.path().filename()});
    return result;
}

}  // namespace

Network::Network(const asio::any_io_executor &executor)
    : m_executor(executor), m_lostNotifier(executor)
{
}

Awaitable<void> Network::open(const GuestAccount &account, pid_t guest,
                              const std::vector<std::int64_t> &ports, SandboxFolder folder)
{
    const auto self = shared_from_this();
    co_await close();
    const fs::path program = findInPath("pasta");
    if (program.empty()) {
        m_failure =
            "The sandbox has no network: the program 'pasta' is missing. Install the package "
            "'passt'.";
        co_return;
    }
    for (int count = 0; count < attempts; ++count) {
        m_ports = choosePorts(ports, m_ports);
        if (co_await attempt(account, guest, program, folder)) {
            m_failure.clear();
            m_lost = false;
            asio::co_spawn(
                m_executor, [self, pasta = m_pasta] { return self->follow(pasta); },
                asio::detached);
            co_return;
        }
    }
    m_failure = "The sandbox has no network: 'pasta' could not make it; the sandbox's log, " +
                folder.log().string() + ", says why.";
}

Awaitable<bool> Network::attempt(const GuestAccount &account, pid_t guest, const fs::path &program,
                                 SandboxFolder folder)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    asio::posix::stream_descriptor ready(m_executor, ends[0]);
    FileDescriptor readyEnd(ends[1]);
    const FileDescriptor messages = openLog(folder.log());
    SpawnRequest request;
    request.program = "/proc/self/exe";
    request.arguments = networkLaunch(account, guest, program);
    const auto more = pastaArguments(guest, folder, m_ports);
    request.arguments.insert(request.arguments.end(), more.begin(), more.end());
    request.workingDirectory = "/";
    request.output = readyEnd.value();
    request.error = messages.value();
    request.newSession = true;
    m_pasta = ChildProcess::start(m_executor, request);
    readyEnd.reset();
    bool isReady = false;
    co_await race(
        [](asio::posix::stream_descriptor &input, bool &done) -> Awaitable<void> {
            char bytes[32];
            auto [error, size] = co_await input.async_read_some(asio::buffer(bytes), asTuple);
            done = !error && size > 0;
        }(ready, isReady),
        sleepFor(readyTime));
    if (!isReady)
        co_await close();
    co_return isReady;
}

Awaitable<void> Network::follow(std::shared_ptr<ChildProcess> pasta)
{
    const auto self = shared_from_this();
    co_await pasta->untilEnded();
    if (m_pasta != pasta)
        co_return;
    m_pasta.reset();
    m_failure = "The sandbox has no network: 'pasta' has ended.";
    m_lost = true;
    m_lostNotifier.notifyAll();
}

Awaitable<void> Network::untilLost()
{
    const auto self = shared_from_this();
    while (!m_lost)
        co_await m_lostNotifier.wait();
}

Awaitable<void> Network::close()
{
    const auto self = shared_from_this();
    m_failure = "The sandbox has no network: it is asleep.";
    if (const auto pasta = std::exchange(m_pasta, nullptr)) {
        pasta->kill();
        co_await pasta->untilEnded();
    }
}

}  // namespace voidrun
