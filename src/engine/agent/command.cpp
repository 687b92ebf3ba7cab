// SPDX-License-Identifier: MIT
#include "command.h"

#include <sys/stat.h>

#include <algorithm>

#include "common/httperror.h"
#include "guest.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::ptrdiff_t maxCommand = 100'000;  // characters
constexpr auto foregroundTimeout = 30s;
constexpr auto maxForegroundTimeout = 300s;
constexpr auto maxBackgroundTimeout = 900s;
// The kernel takes at most 128 KiB in one argument; a character has at most four bytes.
constexpr std::size_t maxArgument = 100'000;  // bytes
constexpr std::size_t maxParts = 4;

std::string trimmed(std::string text)
{
    const char *space = " \t\r\n\v\f";
    text.erase(0, std::min(text.find_first_not_of(space), text.size()));
    text.erase(text.find_last_not_of(space) + 1);
    return text;
}

// In UTF-8, which the JSON parser has checked.
std::ptrdiff_t characterCount(std::string_view text)
{
    return std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

void refuseNul(std::string_view text, const char *field)
{
    if (text.find('\0') != std::string_view::npos)
        throw HttpError(400, std::string("The field '") + field + "' contains a NUL character.");
}

std::string existingDirectory(std::string directory)
{
    struct stat info{};
    if (directory.empty())
        directory = ::stat(workingDirectory, &info) == 0 ? workingDirectory : "/";
    if (::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode))
        throw HttpError(400, "The working directory does not exist.", directory);
    return directory;
}

std::chrono::seconds timeoutOf(const JsonBody &body)
{
    const std::int64_t timeout = body.integer("timeout").value_or(0);
    if (timeout < 0)
        throw HttpError(400, "The field 'timeout' must not be negative.");
    return std::chrono::seconds(timeout);
}

}  // namespace

std::string commandLine(const JsonBody &body)
{
    std::string line = trimmed(body.requiredString("command"));
    if (line.empty())
        throw HttpError(400, "The field 'command' is empty.");
    if (characterCount(line) > maxCommand)
        throw HttpError(400, "The field 'command' is too long.", "at most 100000 characters");
    refuseNul(line, "command");
    return line;
}

Command Command::parse(const JsonBody &body)
{
    Command command;
    command.line = commandLine(body);
    command.arguments = body.strings("args").value_or(std::vector<std::string>{});
    for (const std::string &argument : command.arguments)
        refuseNul(argument, "args");
    command.environment = body.stringMap("env").value_or(std::map<std::string, std::string>{});
    for (const auto &[name, value] : command.environment) {
        if (name.empty() || name.find('=') != std::string::npos)
            throw HttpError(400, "The field 'env' contains a name that is not one.", name);
        refuseNul(name, "env");
        refuseNul(value, "env");
    }
    command.directory = body.string("cwd").value_or("");
    refuseNul(command.directory, "cwd");
    command.directory = existingDirectory(std::move(command.directory));
    command.timeout = timeoutOf(body);
    return command;
}

Command Command::parseForeground(const JsonBody &body)
{
    Command command = parse(body);
    if (command.timeout == 0s)
        command.timeout = foregroundTimeout;
    command.timeout = std::min<std::chrono::seconds>(command.timeout, maxForegroundTimeout);
    return command;
}

Command Command::parseBackground(const JsonBody &body)
{
    Command command = parse(body);
    if (command.timeout > maxBackgroundTimeout)
        throw HttpError(400, "The field 'timeout' must be at most 900 seconds.");
    return command;
}

std::vector<std::string> Command::shellArguments() const
{
    const std::string shell = Guest::shell();
    // The arguments follow the line, each as one word.
    const std::string whole = arguments.empty() ? line : line + " \"$@\"";
    std::vector<std::string> result{shell, "-c"};
    if (whole.size() <= maxArgument) {
        result.push_back(whole);
        result.push_back(shell);
    } else {
        result.emplace_back("_line=$1$2$3$4$5; shift 5; eval \"unset _line; $_line\"");
        result.push_back(shell);
        for (std::size_t part = 0; part <= maxParts; ++part)
            result.push_back(whole.substr(std::min(part * maxArgument, whole.size()), maxArgument));
    }
    result.insert(result.end(), arguments.begin(), arguments.end());
    return result;
}

}  // namespace voidrun
