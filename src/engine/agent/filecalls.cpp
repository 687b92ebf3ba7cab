// SPDX-License-Identifier: MIT
#include "filecalls.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <format>
#include <system_error>

#include "archives.h"
#include "common/jsonbody.h"
#include "filereports.h"
#include "filetools.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxPath = 4096;
constexpr std::size_t maxLines = 10'000;
constexpr std::size_t maxPattern = 255;  // as a name

// How the calls that run a tool answer: 200, and the exit code says whether it worked.
Awaitable<void> sendToolResult(Exchange &exchange, const ToolResult &result)
{
    json::object data{{"stdout", toValidUtf8(result.output)},
                      {"stderr", toValidUtf8(result.errors)},
                      {"exitCode", result.errors.empty() ? 0 : 1}};
    co_await exchange.sendSuccess(std::move(data), result.errors.empty() ? "ok" : "failed");
}

unsigned modeParameter(const Exchange &exchange)
{
    const std::string text = exchange.target().parameter("mode").value_or("");
    const bool valid = text.size() >= 3 && text.size() <= 4 &&
                       std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '7'; });
    if (!valid)
        throw HttpError(400, "The parameter 'mode' must be three or four octal digits.");
    return static_cast<unsigned>(std::stoul(text, nullptr, 8));
}

std::size_t linesParameter(const Exchange &exchange)
{
    const std::string text = exchange.target().parameter("lines").value_or("10");
    std::size_t lines = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), lines);
    if (error != std::errc{} || end != text.data() + text.size() || lines < 1 || lines > maxLines)
        throw HttpError(400, "The parameter 'lines' must be between 1 and 10000.");
    return lines;
}

bool flagParameter(const Exchange &exchange, std::string_view name, bool fallback)
{
    const std::string text = exchange.target().parameter(name).value_or("");
    if (text.empty())
        return fallback;
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    throw HttpError(400, std::format("The parameter '{}' must be true or false.", name));
}

std::string formatParameter(const Exchange &exchange)
{
    std::string format = exchange.target().parameter("format").value_or("tar.gz");
    if (!isArchiveFormat(format))
        throw HttpError(400, "The parameter 'format' must be tar, tar.gz, tar.bz2 or zip.");
    return format;
}

std::string patternParameter(const Exchange &exchange)
{
    std::string pattern = exchange.target().parameter("pattern").value_or("");
    if (pattern.empty())
        throw HttpError(400, "The parameter 'pattern' is missing.");
    if (pattern.size() > maxPattern)
        throw HttpError(400, "The parameter 'pattern' is too long.", "at most 255 bytes");
    return pattern;
}

// A call that answers with what a tool printed.
struct ToolRoute {
    http::verb method;
    std::string_view name;
    ToolResult (*run)(const Exchange &exchange);
};

// A call that answers in its own way.
struct Route {
    http::verb method;
    std::string_view name;
    Awaitable<void> (*handle)(Exchange &exchange);
};

std::span<const ToolRoute> toolRoutes()
{
    using enum http::verb;
    using Call = const Exchange &;
    static const std::array<ToolRoute, 12> routes{{
        {delete_, "", [](Call c) { return removeEntry(pathParameter(c, "path")); }},
        {get, "stat", [](Call c) { return statEntry(pathParameter(c, "path")); }},
        {post, "mkdir", [](Call c) { return makeFolder(pathParameter(c, "path")); }},
        {post, "create", [](Call c) { return createFile(pathParameter(c, "path")); }},
        {post, "move",
         [](Call c) { return moveEntry(pathParameter(c, "from"), pathParameter(c, "to")); }},
        {post, "copy",
         [](Call c) { return copyEntry(pathParameter(c, "from"), pathParameter(c, "to")); }},
        {post, "chmod",
         [](Call c) { return changeMode(pathParameter(c, "path"), modeParameter(c)); }},
        {get, "head-tail",
         [](Call c) {
             return headOrTail(pathParameter(c, "path"), linesParameter(c),
                               flagParameter(c, "head", true));
         }},
        {get, "search",
         [](Call c) { return searchFiles(pathParameter(c, "path"), patternParameter(c)); }},
        {get, "du", [](Call c) { return diskUsage(pathParameter(c, "path")); }},
        {post, "compress",
         [](Call c) { return packFiles(pathParameter(c, "path"), formatParameter(c)); }},
        {post, "extract",
         [](Call c) { return unpackFiles(pathParameter(c, "archive"), pathParameter(c, "dest")); }},
    }};
    return routes;
}

constexpr std::array<Route, 3> routes{{{http::verb::get, "", &listFolder},
                                       {http::verb::get, "download", &downloadFile},
                                       {http::verb::post, "upload", &uploadFile}}};

}  // namespace

std::string pathParameter(const Exchange &exchange, std::string_view name)
{
    return checkedPath(exchange.target().parameter(name).value_or(""), name);
}

std::string checkedPath(std::string path, std::string_view name)
{
    if (path.empty())
        throw HttpError(400, std::format("The path '{}' is missing.", name));
    if (path.front() != '/')
        throw HttpError(400, std::format("The path '{}' must be absolute.", name),
                        toValidUtf8(path));
    if (path.size() > maxPath)
        throw HttpError(400, std::format("The path '{}' is too long.", name), "at most 4096 bytes");
    if (path.find('\0') != std::string::npos)
        throw HttpError(400, std::format("The path '{}' contains a NUL character.", name));
    return path;
}

HttpError fileError(const std::string &path, int error)
{
    unsigned status = 500;
    switch (error) {
        case ENOENT:
            status = 404;
            break;
        case EACCES:
        case EPERM:
        case EROFS:
            status = 403;
            break;
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            status = 507;
            break;
        case ENOTDIR:
        case EISDIR:
        case ELOOP:
        case ENAMETOOLONG:
        case ENXIO:
            status = 400;
            break;
        default:
            break;
    }
    return HttpError(status, toValidUtf8(path) + ": " + std::generic_category().message(error));
}

Awaitable<void> handleFiles(Exchange &exchange, std::span<const std::string> segments)
{
    const std::string_view name = segments.empty() ? std::string_view() : segments[0];
    bool known = false;
    for (const Route &route : routes) {
        if (route.name != name || segments.size() > 1)
            continue;
        known = true;
        if (route.method == exchange.request().method())
            co_return co_await route.handle(exchange);
    }
    for (const ToolRoute &route : toolRoutes()) {
        if (route.name != name || segments.size() > 1)
            continue;
        known = true;
        if (route.method == exchange.request().method())
            co_return co_await sendToolResult(exchange, route.run(exchange));
    }
    if (known)
        throw HttpError(405, "This address does not take that method.");
    throw HttpError(404, "There is no such address.");
}

}  // namespace voidrun
