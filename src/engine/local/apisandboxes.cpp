// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>

#include "api.h"

namespace voidrun
{

namespace
{

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
    const auto image = m_images.find(record.image);
    if (!image)
        throw HttpError(400, "There is no such image.", record.image);
    record.image = image->name + ':' + image->tag;
    const auto sandbox = co_await m_sandboxes.create(std::move(record), image->root);
    const std::string failure = sandbox->networkFailure();
    if (failure.empty())
        co_return co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox created", 201);
    const json::object meta{{"network", json::object{{"available", false}, {"reason", failure}}}};
    co_await exchange.sendSuccess(sandbox->toJson(), "Sandbox created. " + failure, 201, meta);
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
    const auto autoSleep = body.boolean("autoSleep");
    if (!autoSleep)
        throw HttpError(400, "The field 'autoSleep' is required.");
    co_await sandbox->update([&](SandboxRecord &record) { record.autoSleep = *autoSleep; });
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

// As wake; but whatever stands in the way, there is nothing that could be restored.
Awaitable<void> Api::startSandbox(Exchange &exchange)
{
    try {
        co_await wakeSandbox(exchange);
        co_return;
    } catch (const HttpError &error) {
        if (error.status() < 500)
            throw;
        throw HttpError(500, error.what(), error.details());
    }
}

Awaitable<void> Api::showPublicUrls(Exchange &exchange)
{
    co_await exchange.sendSuccess(sandboxOf(exchange)->publicUrls(), "Public addresses");
}

Awaitable<void> Api::changePorts(Exchange &exchange)
{
    const auto sandbox = sandboxOf(exchange);
    const JsonBody body(co_await exchange.readWholeBody());
    const auto ports = requestedPorts(body);
    if (!ports)
        throw HttpError(400, "The field 'publishPorts' is required.");
    checkPorts(*ports);
    // Opening the network anew cuts the connections that go through it.
    const bool isSame =
        sandbox->record().publishPorts == *ports && sandbox->publicUrls().size() == ports->size();
    if (!isSame) {
        co_await sandbox->update([&](SandboxRecord &record) { record.publishPorts = *ports; });
        co_await sandbox->publishPorts();
    }
    co_await exchange.sendSuccess(sandbox->toJson(), "Ports updated");
}

}  // namespace voidrun
