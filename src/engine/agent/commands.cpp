// SPDX-License-Identifier: MIT
#include "commands.h"

#include <algorithm>
#include <array>

#include "eventresponse.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::size_t maxRunning = 64;
// Running and ended ones together; beyond it the oldest ended one is forgotten.
constexpr std::size_t maxListed = 128;
// How long kill waits to see it end: the group has two seconds for TERM.
constexpr auto killTime = 3s;

json::object describe(const Job &job)
{
    json::object entry{{"pid", job.pid()},
                       {"command", job.line()},
                       {"startTime", job.startTime()},
                       {"running", job.isRunning()}};
    if (!job.isRunning())
        entry["exitCode"] = job.exitCode();
    return entry;
}

}  // namespace

Awaitable<void> Commands::handle(Exchange &exchange, std::span<const std::string> segments)
{
    struct Route {
        std::string_view name;
        http::verb method;
        Awaitable<void> (Commands::*handler)(Exchange &);
    };
    static constexpr std::array<Route, 5> routes{{{"run", http::verb::post, &Commands::run},
                                                  {"list", http::verb::get, &Commands::list},
                                                  {"attach", http::verb::post, &Commands::attach},
                                                  {"wait", http::verb::post, &Commands::wait},
                                                  {"kill", http::verb::post, &Commands::kill}}};
    const auto route = segments.size() == 1
                           ? std::ranges::find(routes, std::string_view(segments[0]), &Route::name)
                           : routes.end();
    if (route == routes.end())
        throw HttpError(404, "There is no such address.");
    if (exchange.request().method() != route->method)
        throw HttpError(405, "This address does not take that method.");
    co_await (this->*route->handler)(exchange);
}

Commands::JobPtr Commands::find(const JsonBody &body) const
{
    const auto pid = body.integer("pid");
    if (!pid)
        throw HttpError(400, "The field 'pid' is required.");
    if (*pid <= 0)
        throw HttpError(400, "The field 'pid' must be a process id.");
    // The kernel gives ids out again: the newest command of that id is meant.
    const auto found = std::find_if(m_jobs.rbegin(), m_jobs.rend(),
                                    [&](const JobPtr &j) { return j->pid() == *pid; });
    if (found == m_jobs.rend())
        throw HttpError(404, "There is no such command.", "pid " + std::to_string(*pid));
    return *found;
}

void Commands::makeRoom()
{
    if (std::ranges::count_if(m_jobs, &Job::isRunning) >= std::ptrdiff_t(maxRunning))
        throw HttpError(429, "There are too many background commands in this sandbox.",
                        "at most 64 at a time; end one with commands/kill");
    if (m_jobs.size() < maxListed)
        return;
    const auto ended =
        std::ranges::find_if(m_jobs, [](const JobPtr &job) { return !job->isRunning(); });
    if (ended != m_jobs.end())
        m_jobs.erase(ended);
}

Awaitable<void> Commands::run(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const auto job = std::make_shared<Job>(m_guest, Command::parseBackground(body));
    makeRoom();
    job->start();
    m_jobs.push_back(job);
    co_await exchange.sendJson(
        200, json::object{{"success", true}, {"pid", job->pid()}, {"command", job->line()}});
}

Awaitable<void> Commands::list(Exchange &exchange)
{
    json::array processes;
    for (const JobPtr &job : m_jobs)
        processes.push_back(describe(*job));
    co_await exchange.sendJson(
        200, json::object{{"success", true}, {"processes", std::move(processes)}});
}

Awaitable<void> Commands::attach(Exchange &exchange)
{
    const JobPtr job = find(JsonBody(co_await exchange.readWholeBody()));
    co_await race(sendEvents(exchange, job), untilPeerCloses(exchange.stream()));
}

Awaitable<void> Commands::wait(Exchange &exchange)
{
    const JobPtr job = find(JsonBody(co_await exchange.readWholeBody()));
    if (co_await race(job->untilExited(), untilPeerCloses(exchange.stream())) == 1)
        throw boost::system::system_error(asio::error::connection_reset);
    json::object answer{{"success", true}, {"exitCode", job->exitCode()}};
    if (!job->error().empty())
        answer["error"] = job->error();
    co_await exchange.sendJson(200, std::move(answer));
}

Awaitable<void> Commands::kill(Exchange &exchange)
{
    const JobPtr job = find(JsonBody(co_await exchange.readWholeBody()));
    const bool wasRunning = job->isRunning();
    // When the command has ended, its group may still have processes that it left.
    job->end();
    co_await race(job->untilExited(), sleepFor(killTime));
    if (job->isRunning())
        throw HttpError(500, "The command does not end.", "pid " + std::to_string(job->pid()));
    co_await exchange.sendJson(
        200, json::object{{"success", true},
                          {"message", wasRunning ? "The command was ended."
                                                 : "The command had ended by itself."}});
}

}  // namespace voidrun
