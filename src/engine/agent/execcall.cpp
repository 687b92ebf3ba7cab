// SPDX-License-Identifier: MIT
#include "execcall.h"

#include <algorithm>

#include "common/jsonbody.h"
#include "eventresponse.h"
#include "job.h"

namespace voidrun
{

namespace
{

constexpr std::size_t outputLimit = 8 * 1024 * 1024;  // bytes of each channel

// One channel of a command's output, collected up to the limit.
class CollectedOutput
{
public:
    void add(std::string_view bytes)
    {
        const std::size_t room = outputLimit - m_text.size();
        m_text += bytes.substr(0, room);
        m_truncated = m_truncated || bytes.size() > room;
    }

    std::string text() const
    {
        std::string text = toValidUtf8(m_text);
        if (m_truncated)
            text += "\n[output truncated: only the first 8 MiB are shown]\n";
        return text;
    }

private:
    std::string m_text;
    bool m_truncated = false;
};

struct Result {
    CollectedOutput output;
    CollectedOutput errors;
};

// Starts the call's command; ends it when the call is given up before the command has ended.
class ForegroundJob
{
public:
    ForegroundJob(Guest &guest, Command command)
        : m_job(std::make_shared<Job>(guest, std::move(command)))
    {
        m_job->start();
    }
    ForegroundJob(const ForegroundJob &) = delete;
    ForegroundJob &operator=(const ForegroundJob &) = delete;
    ~ForegroundJob()
    {
        if (m_job->isRunning())
            m_job->end();
    }

    const std::shared_ptr<Job> &job() const { return m_job; }

private:
    std::shared_ptr<Job> m_job;
};

Awaitable<void> collect(std::shared_ptr<Job> job, Result &result)
{
    OutputLog::Reader reader(job->output());
    while (!reader.isFinished()) {
        if (const auto piece = co_await reader.next())
            (piece->channel == Channel::Output ? result.output : result.errors).add(piece->bytes);
    }
}

}  // namespace

Awaitable<void> handleExec(Guest &guest, Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const ForegroundJob foreground(guest, Command::parseForeground(body));
    const auto &job = foreground.job();
    Result result;
    if (co_await race(collect(job, result), untilPeerCloses(exchange.stream())) == 1)
        throw boost::system::system_error(asio::error::connection_reset);
    std::string errors = result.errors.text();
    if (!job->error().empty())
        errors += '\n' + job->error() + '\n';
    co_await exchange.sendSuccess(
        json::object{
            {"stdout", result.output.text()}, {"stderr", errors}, {"exitCode", job->exitCode()}},
        "Command executed");
}

Awaitable<void> handleExecStream(Guest &guest, Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const ForegroundJob foreground(guest, Command::parseForeground(body));
    co_await race(sendEvents(exchange, foreground.job()), untilPeerCloses(exchange.stream()));
}

}  // namespace voidrun
