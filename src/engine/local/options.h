// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace voidrun
{

// A command line that cannot be served; what() is the sentence for the person.
class UsageError : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// The engine's command line.
struct Options {
    boost::asio::ip::tcp::endpoint listen;
    std::filesystem::path stateDirectory;
    std::filesystem::path imagesDirectory;
    std::chrono::seconds idleTimeout{60};
    bool exitWithStdin = false;
    bool help = false;
    bool version = false;

    static Options parse(std::span<char *const> arguments);
    static std::string usage();
};

}  // namespace voidrun
