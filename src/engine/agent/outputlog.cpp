// SPDX-License-Identifier: MIT
#include "outputlog.h"

#include <algorithm>

namespace voidrun
{

namespace
{

constexpr std::size_t keptBytes = 256 * 1024;
// A reader this far behind stops the command.
constexpr std::size_t maxLag = 64 * 1024;
constexpr std::size_t maxEntry = 16 * 1024;

}  // namespace

void OutputLog::append(Channel channel, std::string_view bytes)
{
    if (m_finished || bytes.empty())
        return;
    if (m_entries.empty() || m_entries.back().piece.channel != channel ||
        m_entries.back().piece.bytes.size() >= maxEntry)
        m_entries.push_back({m_end, {channel, {}}});
    m_entries.back().piece.bytes += bytes;
    m_end += bytes.size();
    while (m_end - m_entries.front().end() >= keptBytes && !isNeeded(m_entries.front()))
        m_entries.pop_front();
    wakeReaders();
}

bool OutputLog::isNeeded(const Entry &entry) const
{
    return std::ranges::any_of(m_readers,
                               [&](const Reader *reader) { return reader->m_place < entry.end(); });
}

void OutputLog::finish()
{
    m_finished = true;
    wakeReaders();
}

void OutputLog::wakeReaders()
{
    for (Reader *reader : m_readers)
        reader->m_timer.cancel();
}

bool OutputLog::isFull() const
{
    return std::ranges::any_of(
        m_readers, [this](const Reader *reader) { return m_end - reader->m_place >= maxLag; });
}

Awaitable<void> OutputLog::untilRoom()
{
    while (isFull())
        co_await m_roomMade.wait();
}

OutputLog::Reader::Reader(OutputLog &log) : m_log(log), m_timer(log.m_executor)
{
    if (!log.m_entries.empty())
        m_place = log.m_entries.front().begin;
    m_missed = m_place;
    log.m_readers.push_back(this);
}

OutputLog::Reader::~Reader()
{
    m_log.m_readers.remove(this);
    m_log.m_roomMade.notifyAll();
}

Awaitable<std::optional<OutputLog::Piece>> OutputLog::Reader::next(Clock::time_point deadline)
{
    while (isAtEnd()) {
        if (m_log.m_finished || Clock::now() >= deadline)
            co_return std::nullopt;
        m_timer.expires_at(deadline);
        co_await m_timer.async_wait(asTuple);
    }
    const auto entry = std::ranges::upper_bound(m_log.m_entries, m_place, {},
                                                [](const Entry &e) { return e.end(); });
    Piece piece{entry->piece.channel, entry->piece.bytes.substr(m_place - entry->begin)};
    m_place = entry->end();
    m_log.m_roomMade.notifyAll();
    co_return piece;
}

}  // namespace voidrun
