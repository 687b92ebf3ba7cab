// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <clocale>
#include <csignal>

#include <cstdint>
#include <cstring>
#include <string_view>
#include <thread>

#include "agentserver.h"
#include "common/filedescriptor.h"
#include "common/log.h"
#include "resourcelimits.h"

namespace voidrun
{

namespace
{

constexpr std::uint32_t maxConfiguration = 4 * 1024 * 1024;

// Moves an inherited descriptor away from the standard ones and leaves /dev/null in its place.
int takeDescriptor(int fd)
{
    const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
    const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    ::dup2(null.value(), fd);
    return moved;
}

// False when the engine has gone.
bool readExactly(int fd, char *data, std::size_t size)
{
    while (size > 0) {
        const auto got = ::read(fd, data, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        data += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool readConfiguration(int lifeline, Guest &guest)
{
    std::uint32_t length = 0;
    char bytes[sizeof length];
    if (!readExactly(lifeline, bytes, sizeof bytes))
        return false;
    std::memcpy(&length, bytes, sizeof length);
    if (length > maxConfiguration)
        return false;
    std::string text(length, '\0');
    if (!readExactly(lifeline, text.data(), text.size()))
        return false;
    const JsonBody body(text);
    guest.name = body.requiredString("name");
    guest.sandboxEnvironment =
        body.stringMap("environment").value_or(std::map<std::string, std::string>{});
    if (const json::value *limits = body.object().if_contains("limits"))
        limitResources(JsonBody(json::serialize(*limits)));
    return true;
}

// Whatever else this process is doing: when the engine's end of the lifeline closes, it ends, and
// as the first process of its namespace it takes every other with it.
void followLifeline(int lifeline)
{
    std::thread([lifeline] {
        char byte = 0;
        while (readExactly(lifeline, &byte, 1))
            continue;
        ::_exit(0);
    }).detach();
}

void hardenThisProcess()
{
    // Programs in the sandbox have our uid: they must not trace us or open our descriptors.
    ::prctl(PR_SET_DUMPABLE, 0);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a write beyond a limit fails instead
    ::umask(0022);
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::mallopt(M_ARENA_MAX, 2);
    // For the names in archives.
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

int run()
{
    hardenThisProcess();
    const int listener = takeDescriptor(STDIN_FILENO);
    const int lifeline = takeDescriptor(STDOUT_FILENO);
    asio::io_context context;
    Guest guest(context.get_executor());
    if (listener < 0 || lifeline < 0 || !readConfiguration(lifeline, guest))
        return 1;
    followLifeline(lifeline);
    AgentServer server(context, listener, guest);
    asio::co_spawn(context, guest.children.run(), asio::detached);
    asio::co_spawn(context, server.run(), asio::detached);
    context.run();
    return 0;
}

}  // namespace

}  // namespace voidrun

// Standard input is the listening socket, standard output the lifeline to the engine, standard
// error the sandbox's log. --check only shows that a sandbox can be made.
int main(int argc, char *argv[])
{
    if (argc == 2 && std::string_view(argv[1]) == "--check")
        return 0;
    try {
        return voidrun::run();
    } catch (const std::exception &error) {
        voidrun::log("the agent failed: {}", error.what());
        return 1;
    }
}
