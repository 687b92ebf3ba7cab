// SPDX-License-Identifier: MIT
#include "api.h"

#include <algorithm>
#include <array>

#include "agentrelay.h"
#include "common/randomid.h"
#include "version.h"

namespace voidrun
{

namespace
{

constexpr std::array<std::string_view, 6> guestCalls = {"exec",  "exec-stream",  "commands",
                                                        "files", "session-exec", "pty"};

using Segments = std::vector<std::string>;

bool matches(std::string_view path, const Segments &segments)
{
    std::size_t index = 0;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size());
        // segments[0] is "api"
        if (++index >= segments.size() || (!part.starts_with('{') && part != segments[index]))
            return false;
    }
    return index + 1 == segments.size();
}

bool isGuestCall(const Segments &segments)
{
    return segments.size() >= 4 && segments[1] == "sandboxes" &&
           (std::ranges::find(guestCalls, segments[3]) != guestCalls.end() ||
            segments[3] == "session-exec-stream");
}

// File calls that take room on the disk.
bool addsFiles(const Segments &segments)
{
    constexpr std::array<std::string_view, 6> calls = {"upload", "create",   "mkdir",
                                                       "copy",   "compress", "extract"};
    return segments.size() == 5 && segments[3] == "files" &&
           std::ranges::find(calls, segments[4]) != calls.end();
}

}  // namespace

Api::Api(Sandboxes &sandboxes, const Images &images, ApiKeys &keys)
    : m_sandboxes(sandboxes), m_images(images), m_keys(keys)
{
}

const std::vector<Api::Route> &Api::routes()
{
    using enum http::verb;
    static const std::vector<Route> table{
        {get, "/version", &Api::version},
        {get, "/images", &Api::listImages},
        {get, "/images/{id}", &Api::showImage},
        {get, "/images/name/{name}", &Api::showImageByName},
        {get, "/sandboxes", &Api::listSandboxes},
        {post, "/sandboxes", &Api::createSandbox},
        {get, "/sandboxes/{id}", &Api::showSandbox},
        {patch, "/sandboxes/{id}", &Api::changeSandbox},
        {delete_, "/sandboxes/{id}", &Api::deleteSandbox},
        {post, "/sandboxes/{id}/sleep", &Api::sleepSandbox},
        {post, "/sandboxes/{id}/stop", &Api::sleepSandbox},
        {post, "/sandboxes/{id}/pause", &Api::sleepSandbox},
        {post, "/sandboxes/{id}/wake", &Api::wakeSandbox},
        {post, "/sandboxes/{id}/resume", &Api::wakeSandbox},
        {post, "/sandboxes/{id}/start", &Api::startSandbox},
        {get, "/sandboxes/{id}/public-urls", &Api::showPublicUrls},
        {patch, "/sandboxes/{id}/publish-ports", &Api::changePorts},
        {get, "/users/me", &Api::showUser},
        {get, "/orgs/users", &Api::listUsers},
        {get, "/orgs/apikeys", &Api::listKeys},
        {post, "/orgs/apikeys", &Api::createKey},
        {delete_, "/orgs/apikeys/{id}", &Api::deleteKey},
        {post, "/orgs/apikeys/{id}/activate", &Api::activateKey},
        {patch, "/orgs/apikeys/{id}/touch", &Api::touchKey},
    };
    return table;
}

bool Api::isOpen(const Exchange &exchange)
{
    const Segments &segments = exchange.target().segments;
    return segments.size() == 2 && segments[0] == "api" && segments[1] == "version";
}

Awaitable<void> Api::handle(Exchange &exchange)
{
    const Segments &segments = exchange.target().segments;
    if (segments.size() < 2 || segments[0] != "api")
        throw HttpError(404, "There is no such address.");
    if (segments.size() >= 3 && segments[1] == "sandboxes" && !isId(segments[2])) {
        exchange.closeAfter();
        throw HttpError(400, "This is not the id of a sandbox.");
    }
    if (isGuestCall(segments))
        co_return co_await callGuest(exchange);
    bool pathKnown = false;
    for (const Route &route : routes()) {
        if (!matches(route.path, segments))
            continue;
        pathKnown = true;
        if (route.method == exchange.request().method())
            co_return co_await (this->*route.handler)(exchange);
    }
    if (pathKnown)
        throw HttpError(405, "This address does not take that method.");
    throw HttpError(404, "There is no such address.");
}

std::shared_ptr<Sandbox> Api::sandboxOf(const Exchange &exchange) const
{
    return m_sandboxes.find(exchange.target().segments[2]);
}

Awaitable<void> Api::version(Exchange &exchange)
{
    co_await exchange.sendJson(200, json::object{{"version", versionNumber},
                                                 {"commit", versionCommit},
                                                 {"buildTime", versionTime},
                                                 {"engine", "voidrun-local"}});
}

Awaitable<void> Api::callGuest(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    if (sandbox->isDiskFull() && addsFiles(exchange.target().segments))
        throw HttpError(507, "The sandbox has used up its disk.",
                        "Delete files in it first; it may have " +
                            std::to_string(sandbox->record().diskMB) + " MiB.");
    // A terminal or a watch that stays open does not keep the sandbox awake.
    std::optional<Sandbox::Call> call;
    if (!exchange.isUpgrade())
        call.emplace(sandbox);
    // /api/sandboxes/{id}/files?x becomes /files?x
    const RequestTarget &target = exchange.target();
    std::string path = target.encodedPath;
    for (int skipped = 0; skipped < 3; ++skipped)
        path.erase(0, path.find('/', 1));
    const std::string query = target.queryWithout("apiKey");
    if (!query.empty())
        path += '?' + query;
    Stream agent = co_await sandbox->connect();
    co_await relayToAgent(exchange, std::move(agent), std::move(path));
}

}  // namespace voidrun
