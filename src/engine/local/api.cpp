// SPDX-License-Identifier: MIT
#include "api.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "agentrelay.h"
#include "common/randomid.h"
#include "version.h"

namespace voidrun
{

namespace
{

constexpr std::string_view localImage = "code";

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

std::int64_t pageParameter(const Exchange &exchange, std::string_view name, std::int64_t fallback,
                           std::int64_t high)
{
    const auto text = exchange.target().parameter(name);
    if (!text || text->empty())
        return fallback;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size() || number < 1 || number > high)
        throw HttpError(400, "The parameter '" + std::string(name) + "' must be between 1 and " +
                                 std::to_string(high) + '.');
    return number;
}

// "k=v,k2=v2": all of them must be there.
bool hasLabels(const SandboxRecord &record, std::string_view wanted)
{
    while (!wanted.empty()) {
        const std::string_view pair = wanted.substr(0, wanted.find(','));
        wanted.remove_prefix(std::min(pair.size() + 1, wanted.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos)
            throw HttpError(400, "The parameter 'labels' must be of the form key=value,key=value.");
        const auto found = record.labels.find(std::string(pair.substr(0, equals)));
        if (found == record.labels.end() || found->second != pair.substr(equals + 1))
            return false;
    }
    return true;
}

}  // namespace

Api::Api(Sandboxes &sandboxes) : m_sandboxes(sandboxes) {}

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
        {post, "/sandboxes/{id}/start", &Api::wakeSandbox},
        {patch, "/sandboxes/{id}/publish-ports", &Api::changePorts},
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

json::array Api::images()
{
    return {json::object{{"id", "000000000000000000c0de00"},
                         {"name", localImage},
                         {"tag", versionNumber},
                         {"sizeGB", 0},
                         {"system", true},
                         {"active", true},
                         {"orgId", "local"},
                         {"description", "This computer's programs in a system of its own"},
                         {"createdAt", "2026-01-01T00:00:00Z"},
                         {"createdBy", "local"}}};
}

Awaitable<void> Api::listImages(Exchange &exchange)
{
    co_await exchange.sendJson(200, images());
}

Awaitable<void> Api::showImage(Exchange &exchange)
{
    for (const json::value &image : images()) {
        if (image.at("id").get_string() == exchange.target().segments[2])
            co_return co_await exchange.sendJson(200, image);
    }
    throw HttpError(404, "There is no such image.");
}

Awaitable<void> Api::showImageByName(Exchange &exchange)
{
    for (const json::value &image : images()) {
        if (image.at("name").get_string() == exchange.target().segments[3])
            co_return co_await exchange.sendJson(200, image);
    }
    throw HttpError(404, "There is no such image.");
}

Awaitable<void> Api::listSandboxes(Exchange &exchange)
{
    const std::int64_t page = pageParameter(exchange, "page", 1, 1'000'000'000);
    const std::int64_t limit = pageParameter(exchange, "limit", 20, 100);
    const std::string labels = exchange.target().parameter("labels").value_or("");
    json::array data;
    std::int64_t total = 0;
    for (const auto &sandbox : m_sandboxes.list()) {
        if (!hasLabels(sandbox->record(), labels))
            continue;
        if (total >= (page - 1) * limit && total < page * limit)
            data.push_back(sandbox->toJson());
        ++total;
    }
    const json::object meta{{"page", page},
                            {"limit", limit},
                            {"total", total},
                            {"totalPages", (total + limit - 1) / limit}};
    co_await exchange.sendSuccess(std::move(data), "Sandboxes", 200, meta);
}

Awaitable<void> Api::createSandbox(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    SandboxRecord record = SandboxRecord::fromRequest(body);
    const std::string_view image = std::string_view(record.image).substr(0, record.image.find(':'));
    if (image != localImage)
        throw HttpError(400, "There is no such image.", record.image);
    if (image == record.image)
        record.image += std::string(":") + versionNumber;
    const auto sandbox = co_await m_sandboxes.create(std::move(record));
    co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox created", 201);
}

Awaitable<void> Api::showSandbox(Exchange &exchange)
{
    co_await exchange.sendSuccess(sandboxOf(exchange)->toJson(), "Sandbox");
}

Awaitable<void> Api::changeSandbox(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    const JsonBody body(co_await exchange.readWholeBody());
    body.allowOnly({"autoSleep"});
    SandboxRecord record = sandbox->record();
    const auto autoSleep = body.boolean("autoSleep");
    if (!autoSleep)
        throw HttpError(400, "The field 'autoSleep' is required.");
    record.autoSleep = *autoSleep;
    sandbox->update(record);
    co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox updated");
}

Awaitable<void> Api::deleteSandbox(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    co_await m_sandboxes.remove(sandbox->record().id);
    co_await exchange.sendSuccess(nullptr, "Sandbox deleted");
}

Awaitable<void> Api::sleepSandbox(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    co_await sandbox->sleep();
    co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox is asleep");
}

Awaitable<void> Api::wakeSandbox(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    co_await sandbox->wake();
    co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox is running");
}

Awaitable<void> Api::changePorts(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    const JsonBody body(co_await exchange.readWholeBody());
    SandboxRecord record = sandbox->record();
    const auto ports = body.integers("publishPorts");
    if (!ports)
        throw HttpError(400, "The field 'publishPorts' is required.");
    checkPorts(*ports);
    record.publishPorts = *ports;
    sandbox->update(record);
    co_await exchange.sendSuccess(sandbox->toJson(), "Ports updated");
}

Awaitable<void> Api::callGuest(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
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
