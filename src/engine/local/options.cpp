// SPDX-License-Identifier: MIT
#include "options.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>
#include <string_view>

namespace voidrun
{

namespace
{

template<typename Number>
std::optional<Number> toNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

boost::asio::ip::tcp::endpoint parseListen(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        throw UsageError("--listen needs an address and a port, such as 127.0.0.1:0.");
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host == "localhost")
        host = "127.0.0.1";
    const auto port = toNumber<unsigned short>(text.substr(colon + 1));
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error || !port)
        throw UsageError("--listen needs an address and a port, such as 127.0.0.1:0.");
    if (!address.is_loopback())
        throw UsageError("--listen: only a loopback address is allowed, such as 127.0.0.1:0.");
    return {address, *port};
}

}  // namespace

Options Options::parse(std::span<char *const> arguments)
{
    Options options;
    std::optional<std::string_view> listen;
    bool serve = false;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string_view name = arguments[i];
        const auto value = [&] {
            if (i + 1 >= arguments.size())
                throw UsageError(std::string(name) + " needs a value.");
            return std::string_view(arguments[++i]);
        };
        if (name == "serve" && !serve) {
            serve = true;
        } else if (name == "--listen") {
            listen = value();
        } else if (name == "--state-dir") {
            options.stateDirectory = value();
        } else if (name == "--images-dir") {
            options.imagesDirectory = std::filesystem::absolute(value());
        } else if (name == "--idle-timeout") {
            const auto seconds = toNumber<unsigned>(value());
            if (!seconds || *seconds == 0)
                throw UsageError("--idle-timeout needs a number of seconds greater than 0.");
            options.idleTimeout = std::chrono::seconds(*seconds);
        } else if (name == "--exit-with-stdin") {
            options.exitWithStdin = true;
        } else if (name == "--help" || name == "-h") {
            options.help = true;
        } else if (name == "--version") {
            options.version = true;
        } else {
            throw UsageError("There is no option '" + std::string(name) + "'.");
        }
    }
    if (options.help || options.version)
        return options;
    if (!serve)
        throw UsageError("Say what to do: voidrun-local serve …");
    if (!listen)
        throw UsageError("--listen is missing.");
    options.listen = parseListen(*listen);
    if (options.stateDirectory.empty())
        throw UsageError("--state-dir is missing.");
    options.stateDirectory = std::filesystem::absolute(options.stateDirectory);
    return options;
}

std::string Options::usage()
{
    return "Usage: voidrun-local serve --listen 127.0.0.1:PORT --state-dir DIR [options]\n"
           "Runs AI sandboxes on this computer and serves them on loopback.\n"
           "\n"
           "  --listen ADDRESS:PORT  loopback address to listen on; port 0 takes a free one\n"
           "  --state-dir DIR        where sandboxes and the API key are kept\n"
           "  --images-dir DIR       folder with more root file systems\n"
           "  --idle-timeout S       seconds without a call before a sandbox sleeps (60)\n"
           "  --exit-with-stdin      end when standard input ends\n"
           "  --version, --help\n"
           "\n"
           "Prints one JSON line when ready. Exit codes: 0 ended as asked, 1 failed, 2 wrong\n"
           "command line, 3 the state directory is in use, 4 sandboxes cannot run here.\n";
}

}  // namespace voidrun
