// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/prctl.h>
#include <csignal>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdlib>
#include <iostream>

#include "api.h"
#include "common/log.h"
#include "guestwatch.h"
#include "launcher.h"
#include "options.h"
#include "server.h"
#include "version.h"

namespace voidrun
{

namespace
{

// Also the exit codes that the desktop knows.
enum ExitCode { Ended = 0, Failed = 1, WrongUsage = 2, InUse = 3, Unavailable = 4 };

void printLine(const json::object &object)
{
    std::cout << json::serialize(object) << std::endl;
}

Awaitable<void> untilInputEnds()
{
    asio::posix::stream_descriptor input(co_await asio::this_coro::executor,
                                         ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    char bytes[256];
    while (true) {
        auto [error, size] = co_await input.async_read_some(asio::buffer(bytes), asTuple);
        if (error)
            co_return;
    }
}

Awaitable<void> untilSignal()
{
    asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT, SIGHUP);
    co_await signals.async_wait(asTuple);
}

Awaitable<void> untilAskedToEnd(bool exitWithStdin)
{
    if (exitWithStdin)
        co_await race(untilSignal(), untilInputEnds());
    else
        co_await untilSignal();
}

[[noreturn]] void serve(const Options &options)
{
    const StateDirectory directory(options.stateDirectory);
    const Bubblewrap bubblewrap = Bubblewrap::probe(directory);
    const Images images(options.imagesDirectory);
    ApiKeys keys(directory.apiKey(), directory.issuedKeysFile());

    asio::io_context context(1);
    Sandboxes sandboxes(context.get_executor(), directory, bubblewrap, images, options.idleTimeout);
    sandboxes.adopt();
    Api api(sandboxes, images, keys);
    Server server(context, options.listen, keys, api);
    GuestWatch watch(sandboxes, directory);
    asio::co_spawn(context, server.run(), asio::detached);
    asio::co_spawn(context, watch.run(), asio::detached);
    asio::co_spawn(
        context,
        [&]() -> Awaitable<void> {
            co_await untilAskedToEnd(options.exitWithStdin);
            server.stop();
            co_await sandboxes.sleepAll();
            keys.save();
            context.stop();
        },
        asio::detached);
    const json::object endpoint{{"url", server.url()},
                                {"apiKeyFile", directory.apiKeyFile().string()}};
    writeFileSafely(directory.endpointFile(), json::serialize(endpoint) + '\n');
    printLine(endpoint);
    log("ready at {}", server.url());
    context.run();
    log("ended as asked");
    // Calls in flight still refer to what this function owns, and everything worth keeping is on
    // disk: no unwinding.
    std::_Exit(Ended);
}

int run(std::span<char *const> arguments)
{
    try {
        const Options options = Options::parse(arguments);
        if (options.help) {
            std::cout << Options::usage();
            return Ended;
        }
        if (options.version) {
            std::cout << "voidrun-local " << versionNumber << '\n';
            return Ended;
        }
        serve(options);
    } catch (const UsageError &error) {
        std::cerr << "voidrun-local: " << error.what() << "\n\n" << Options::usage();
        return WrongUsage;
    } catch (const StateDirectoryInUse &error) {
        std::cerr << "voidrun-local: " << error.what() << '\n';
        printLine({{"error", error.what()}});
        return InUse;
    } catch (const SandboxesUnavailable &error) {
        std::cerr << "voidrun-local: " << error.what() << '\n';
        printLine({{"error", error.what()}});
        return Unavailable;
    } catch (const std::exception &error) {
        std::cerr << "voidrun-local: " << error.what() << '\n';
        printLine({{"error", error.what()}});
        return Failed;
    }
}

}  // namespace

}  // namespace voidrun

int main(int argc, char *argv[])
{
    const std::span<char *const> arguments(argv, static_cast<std::size_t>(argc));
    if (voidrun::isLaunch(arguments))
        return voidrun::launch(arguments);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a write beyond a limit fails instead
    // The key is in this process's memory.
    ::prctl(PR_SET_DUMPABLE, 0);
    // What a killed bwrap leaves comes to us.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::umask(0022);
    return voidrun::run(arguments);
}
