// SPDX-License-Identifier: MIT
#include "eventresponse.h"

#include <algorithm>
#include <array>

#include "eventlines.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

using Clock = OutputLog::Reader::Clock;

// An unfinished line is sent when its channel has been quiet this long.
constexpr auto quietTime = 100ms;

// One of the two channels on its way into events.
struct ChannelLines {
    EventLines lines;
    Clock::time_point due = Clock::time_point::max();

    void feed(std::string_view bytes, EventWriter &events)
    {
        lines.feed(bytes, events);
        due = lines.hasUnfinished() ? Clock::now() + quietTime : Clock::time_point::max();
    }

    void flushIfDue(EventWriter &events)
    {
        if (Clock::now() < due)
            return;
        lines.flush(events);
        due = Clock::time_point::max();
    }
};

void writeExit(const Job &job, EventWriter &events)
{
    json::object data{{"exitCode", job.exitCode()}};
    if (!job.error().empty())
        data["error"] = job.error();
    events.write("exit", json::serialize(data));
}

}  // namespace

Awaitable<void> sendEvents(Exchange &exchange, std::shared_ptr<Job> job)
{
    co_await exchange.startResponse(200, "text/event-stream", std::nullopt);
    std::array<ChannelLines, 2> channels{ChannelLines{EventLines("stdout")},
                                         ChannelLines{EventLines("stderr")}};
    OutputLog::Reader reader(job->output());
    EventWriter events;
    if (reader.missed() > 0)
        events.write("stderr", "[earlier output is gone: only the last 256 KiB is kept]");
    while (!reader.isFinished()) {
        const auto piece = co_await reader.next(std::min(channels[0].due, channels[1].due));
        if (piece)
            channels[piece->channel == Channel::Errors ? 1 : 0].feed(piece->bytes, events);
        if (reader.isAtEnd()) {
            for (ChannelLines &channel : channels)
                channel.flushIfDue(events);
        }
        if (!events.text().empty())
            co_await exchange.writeBody(events.take());
    }
    for (ChannelLines &channel : channels)
        channel.lines.finish(events);
    writeExit(*job, events);
    co_await exchange.writeBody(events.take());
    co_await exchange.finishResponse();
}

}  // namespace voidrun
