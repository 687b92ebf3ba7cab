// SPDX-License-Identifier: MIT
#include "shellsession.h"

#include <fcntl.h>

#include <boost/asio/write.hpp>
#include <format>
#include <system_error>

#include "common/filedescriptor.h"
#include "common/randomid.h"

namespace voidrun
{

namespace
{

constexpr std::size_t readSize = 32 * 1024;

std::string shellQuoted(std::string_view text)
{
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'')
            result += "'\\''";
        else
            result += c;
    }
    return result + '\'';
}

// Sets a flag for as long as it lives.
class FlagHolder
{
public:
    explicit FlagHolder(bool &flag) : m_flag(flag) { m_flag = true; }
    FlagHolder(const FlagHolder &) = delete;
    FlagHolder &operator=(const FlagHolder &) = delete;
    ~FlagHolder() { m_flag = false; }

private:
    bool &m_flag;
};

}  // namespace

ShellSession::ShellSession(Guest &guest, std::string id)
    : m_executor(guest.executor),
      m_pty(std::make_shared<PtySession>(guest, std::move(id))),
      m_script(guest.executor)
{
}

ShellSession::~ShellSession()
{
    close();
    if (m_client)
        m_pty->detach(m_client);
}

void ShellSession::start(const std::string &shell, TerminalSize size)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    const FileDescriptor readEnd(ends[0]);
    m_script.assign(ends[1]);
    m_pty->start(size, {shell, readEnd.value()});
    m_client = m_pty->attach();
    // ^C is for what the shell runs, not for the shell.
    begin("trap : INT");
}

void ShellSession::begin(const std::string &line)
{
    const std::string marker = randomHex(8);
    m_scanner.emplace(marker);
    // `command` keeps a syntax error from ending a shell that is strictly POSIX.
    auto text = std::make_shared<std::string>(std::format(
        "command eval {}\nprintf '\\036{}:%d\\036' \"$?\"\n", shellQuoted(line), marker));
    asio::async_write(m_script, asio::buffer(*text),
                      [text, self = shared_from_this()](ErrorCode, std::size_t) {});
}

Awaitable<std::string> ShellSession::nextOutput()
{
    const auto self = shared_from_this();
    const FlagHolder reading(m_hasReader);
    while (m_scanner) {
        const std::string piece = co_await m_pty->nextOutput(m_client, readSize);
        std::string output = piece.empty() ? m_scanner->rest() : m_scanner->feed(piece);
        if (piece.empty())
            m_exitCode = m_pty->exitCode();
        if (m_scanner->exitCode())
            m_exitCode = *m_scanner->exitCode();
        if (piece.empty() || m_scanner->exitCode())
            m_scanner.reset();
        if (!output.empty())
            co_return output;
    }
    co_return std::string();
}

void ShellSession::abandon()
{
    if (!isBusy() || m_hasReader)
        return;
    asio::co_spawn(
        m_executor,
        [self = shared_from_this()]() -> Awaitable<void> {
            co_await self->type("\x03");
            co_await self->drain();
        },
        asio::detached);
}

Awaitable<void> ShellSession::drain()
{
    const auto self = shared_from_this();
    while (isBusy() && !(co_await nextOutput()).empty())
        continue;
}

void ShellSession::close()
{
    ErrorCode ignored;
    m_script.close(ignored);
    m_pty->hangUp();
}

}  // namespace voidrun
