// SPDX-License-Identifier: MIT
#include "shellsessions.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "command.h"
#include "common/randomid.h"
#include "eventlines.h"

namespace voidrun
{

using namespace std::chrono_literals;

namespace
{

constexpr std::size_t maxSessions = 32;
constexpr std::size_t maxId = 100;
constexpr std::size_t maxInput = 256 * 1024;
constexpr std::size_t outputLimit = 8 * 1024 * 1024;
constexpr auto startTime = 5s;
// A command that takes longer is answered with what it has printed so far and goes on.
constexpr auto executeTime = 30s;
// After input: the output is awaited until it has been quiet for the one, at most for the other.
constexpr auto quietTime = 300ms;
constexpr auto inputTime = 5s;

std::string sessionId(const JsonBody &body)
{
    std::string id = body.requiredString("sessionId");
    if (id.size() > maxId)
        throw HttpError(400, "The field 'sessionId' is too long.", "at most 100 characters");
    return id;
}

std::string shellPath(const JsonBody &body)
{
    std::string shell = body.string("shell").value_or("");
    if (shell.empty())
        return Guest::shell();
    if (!shell.starts_with('/') || shell.find('\0') != std::string::npos ||
        ::access(shell.c_str(), X_OK) != 0)
        throw HttpError(400, "The field 'shell' must be the path of a program.", shell);
    return shell;
}

// Collects what the session prints into `output`, up to the limit.
Awaitable<void> collect(std::shared_ptr<ShellSession> session, std::string &output)
{
    while (true) {
        const std::string piece = co_await session->nextOutput();
        if (piece.empty())
            co_return;
        const std::size_t room = outputLimit - std::min(output.size(), outputLimit);
        output += std::string_view(piece).substr(0, room);
        if (piece.size() > room && room > 0)
            output += "\n[output truncated: only the first 8 MiB are shown]\n";
    }
}

json::object plainAnswer(const std::string &id)
{
    return {{"success", true}, {"sessionId", id}, {"output", ""}};
}

// Interrupts the command when its reader leaves before its end.
class CommandGuard
{
public:
    explicit CommandGuard(std::shared_ptr<ShellSession> session) : m_session(std::move(session)) {}
    CommandGuard(const CommandGuard &) = delete;
    CommandGuard &operator=(const CommandGuard &) = delete;
    ~CommandGuard() { m_session->abandon(); }

private:
    std::shared_ptr<ShellSession> m_session;
};

Awaitable<void> untilQuiet(const std::string &output)
{
    std::size_t before = 0;
    do {
        before = output.size();
        co_await sleepFor(quietTime);
    } while (output.size() != before);
}

}  // namespace

Awaitable<void> ShellSessions::handle(Exchange &exchange)
{
    static constexpr std::array<std::pair<std::string_view, Action>, 5> actions{
        {{"create", &ShellSessions::create},
         {"exec", &ShellSessions::execute},
         {"input", &ShellSessions::input},
         {"resize", &ShellSessions::resize},
         {"close", &ShellSessions::close}}};
    const JsonBody body(co_await exchange.readWholeBody());
    const std::string name = body.requiredString("action");
    const auto action = std::ranges::find(actions, std::string_view(name),
                                          &std::pair<std::string_view, Action>::first);
    if (action == actions.end())
        throw HttpError(400, "The field 'action' must be create, exec, input, resize or close.");
    co_await (this->*action->second)(exchange, body);
}

ShellSessions::SessionPtr ShellSessions::find(const JsonBody &body) const
{
    const auto found = m_sessions.find(sessionId(body));
    if (found == m_sessions.end())
        throw HttpError(404, "There is no such shell session.");
    return found->second;
}

ShellSessions::SessionPtr ShellSessions::startCommand(const JsonBody &body) const
{
    const SessionPtr session = find(body);
    const std::string line = commandLine(body);
    if (session->isBusy())
        throw HttpError(409, "A command is still running in this session.");
    session->begin(line);
    return session;
}

void ShellSessions::forgetIfEnded(const SessionPtr &session)
{
    if (session->hasEnded())
        m_sessions.erase(session->id());
}

Awaitable<void> ShellSessions::sendAnswer(Exchange &exchange, SessionPtr session,
                                          std::string output)
{
    json::object answer{
        {"success", true}, {"sessionId", session->id()}, {"output", toValidUtf8(output)}};
    if (!session->isBusy())
        answer["exitCode"] = session->exitCode();
    if (session->hasEnded())
        answer["error"] = "The shell of this session has ended.";
    forgetIfEnded(session);
    co_await exchange.sendJson(200, std::move(answer));
}

Awaitable<void> ShellSessions::create(Exchange &exchange, const JsonBody &body)
{
    if (m_sessions.size() >= maxSessions)
        throw HttpError(429, "There are too many shell sessions in this sandbox.", "at most 32");
    const bool isNamed = !body.string("sessionId").value_or("").empty();
    const std::string id = isNamed ? sessionId(body) : "sess-" + randomHex(8);
    const TerminalSize size = TerminalSize::parse(body, TerminalSize{});
    const auto session = std::make_shared<ShellSession>(m_guest, id);
    const std::string shell = shellPath(body);
    if (!m_sessions.try_emplace(id, session).second)
        throw HttpError(409, "There is a shell session of this id already.", id);
    std::optional<HttpError> failure;
    try {
        session->start(shell, size);
        co_await race(session->drain(), sleepFor(startTime));
        if (session->isBusy() || session->hasEnded())
            failure.emplace(400, "This program does not work as a shell.", shell);
    } catch (const std::system_error &error) {
        failure.emplace(500, "The shell could not be started.", error.what());
    }
    if (failure) {
        session->close();
        m_sessions.erase(id);
        throw HttpError(*failure);
    }
    co_await exchange.sendJson(200, plainAnswer(id));
}

Awaitable<void> ShellSessions::execute(Exchange &exchange, const JsonBody &body)
{
    const SessionPtr session = startCommand(body);
    std::string output;
    const auto finished = [&]() -> Awaitable<void> {
        co_await race(collect(session, output), sleepFor(executeTime));
    };
    if (co_await race(finished(), untilPeerCloses(exchange.stream())) == 1) {
        session->abandon();
        throw boost::system::system_error(asio::error::connection_reset);
    }
    co_await sendAnswer(exchange, session, std::move(output));
}

Awaitable<void> ShellSessions::input(Exchange &exchange, const JsonBody &body)
{
    const SessionPtr session = find(body);
    const std::string text = body.requiredString("input");
    if (text.size() > maxInput)
        throw HttpError(413, "The field 'input' is too long.", "at most 256 KiB");
    co_await session->type(text);
    std::string output;
    // When a call is reading the command's output, that call gets what follows.
    if (session->isBusy() && !session->hasReader()) {
        const auto quiet = [&]() -> Awaitable<void> {
            co_await race(untilQuiet(output), sleepFor(inputTime));
        };
        co_await race(collect(session, output), quiet());
    }
    co_await sendAnswer(exchange, session, std::move(output));
}

Awaitable<void> ShellSessions::resize(Exchange &exchange, const JsonBody &body)
{
    const SessionPtr session = find(body);
    session->resize(TerminalSize::parse(body));
    co_await exchange.sendJson(200, plainAnswer(session->id()));
}

Awaitable<void> ShellSessions::close(Exchange &exchange, const JsonBody &body)
{
    const SessionPtr session = find(body);
    m_sessions.erase(session->id());
    session->close();
    co_await exchange.sendJson(200, plainAnswer(session->id()));
}

Awaitable<void> ShellSessions::handleStream(Exchange &exchange)
{
    const JsonBody body(co_await exchange.readWholeBody());
    const SessionPtr session = startCommand(body);
    const CommandGuard guard(session);
    co_await race(streamOutput(exchange, session), untilPeerCloses(exchange.stream()));
    forgetIfEnded(session);
}

Awaitable<void> ShellSessions::streamOutput(Exchange &exchange, SessionPtr session)
{
    co_await exchange.startResponse(200, "application/x-ndjson", std::nullopt);
    const auto line = [](std::string_view text) {
        return json::serialize(json::object{{"type", "stdout"}, {"data", toValidUtf8(text)}}) +
               '\n';
    };
    std::string held;  // the first bytes of a character that has not come whole
    while (true) {
        const std::string piece = co_await session->nextOutput();
        if (piece.empty())
            break;
        held += piece;
        const std::size_t whole = wholeCharacters(held);
        if (whole > 0)
            co_await exchange.writeBody(line(std::string_view(held).substr(0, whole)));
        held.erase(0, whole);
    }
    if (!held.empty())
        co_await exchange.writeBody(line(held));
    json::object end{{"type", "exit"}, {"exitCode", session->exitCode()}};
    if (session->hasEnded())
        end["error"] = "The shell of this session has ended.";
    co_await exchange.writeBody(json::serialize(end) + '\n');
    co_await exchange.finishResponse();
}

}  // namespace voidrun
