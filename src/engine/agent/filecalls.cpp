// SPDX-License-Identifier: MIT
#include "filecalls.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <format>
#include <system_error>

#include "common/jsonbody.h"
#include "filetools.h"

namespace voidrun
{

namespace
{

constexpr std::size_t maxPath = 4096;

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

ToolResult runTool(const Exchange &exchange, std::string_view name)
{
    if (name == "mkdir")
        return makeFolder(pathParameter(exchange, "path"));
    if (name == "create")
        return createFile(pathParameter(exchange, "path"));
    if (name == "move")
        return moveEntry(pathParameter(exchange, "from"), pathParameter(exchange, "to"));
    if (name == "copy")
        return copyEntry(pathParameter(exchange, "from"), pathParameter(exchange, "to"));
    return changeMode(pathParameter(exchange, "path"), modeParameter(exchange));
}

}  // namespace

std::string pathParameter(const Exchange &exchange, std::string_view name)
{
    const auto path = exchange.target().parameter(name);
    if (!path || path->empty())
        throw HttpError(400, std::format("The parameter '{}' is missing.", name));
    if (path->front() != '/')
        throw HttpError(400, std::format("The parameter '{}' must be an absolute path.", name),
                        toValidUtf8(*path));
    if (path->size() > maxPath)
        throw HttpError(400, std::format("The parameter '{}' is too long.", name),
                        "at most 4096 bytes");
    return *path;
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
    const http::verb method = exchange.request().method();
    const std::string_view name = segments.empty() ? std::string_view() : segments[0];
    const auto is = [&](http::verb wanted, std::string_view call) {
        return method == wanted && name == call && segments.size() <= 1;
    };
    if (is(http::verb::get, ""))
        co_return co_await listFolder(exchange);
    if (is(http::verb::delete_, ""))
        co_return co_await sendToolResult(exchange, removeEntry(pathParameter(exchange, "path")));
    if (is(http::verb::get, "stat"))
        co_return co_await sendToolResult(exchange, statEntry(pathParameter(exchange, "path")));
    if (is(http::verb::get, "download"))
        co_return co_await downloadFile(exchange);
    if (is(http::verb::post, "upload"))
        co_return co_await uploadFile(exchange);
    for (const char *tool : {"mkdir", "create", "move", "copy", "chmod"}) {
        if (is(http::verb::post, tool))
            co_return co_await sendToolResult(exchange, runTool(exchange, tool));
    }
    for (const char *known :
         {"", "stat", "download", "upload", "mkdir", "create", "move", "copy", "chmod"}) {
        if (name == known && segments.size() <= 1)
            throw HttpError(405, "This address does not take that method.");
    }
    throw HttpError(404, "There is no such address.");
}

}  // namespace voidrun
