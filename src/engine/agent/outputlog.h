// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <list>
#include <optional>
#include <string>

#include "common/notifier.h"

namespace voidrun
{

enum class Channel { Output, Errors };

// What a command has printed: the last 256 KiB in the order of arrival, for readers that each have
// a place of their own in it. Whoever appends waits for the slowest reader. Owned by Job; main
// thread.
class OutputLog
{
public:
    struct Piece {
        Channel channel;
        std::string bytes;
    };
    class Reader;

    explicit OutputLog(const asio::any_io_executor &executor)
        : m_executor(executor), m_roomMade(executor)
    {
    }

    void append(Channel channel, std::string_view bytes);
    // Nothing more will come.
    void finish();
    bool isFull() const;
    Awaitable<void> untilRoom();

private:
    struct Entry {
        std::uint64_t begin;  // counted from the first byte ever printed
        Piece piece;
        std::uint64_t end() const { return begin + piece.bytes.size(); }
    };

    bool isNeeded(const Entry &entry) const;
    void wakeReaders();

    asio::any_io_executor m_executor;
    std::deque<Entry> m_entries;
    std::uint64_t m_end = 0;
    bool m_finished = false;
    std::list<Reader *> m_readers;
    Notifier m_roomMade;
};

// One reader's place, at first at the oldest byte that is kept. Must not outlive the log.
class OutputLog::Reader
{
public:
    using Clock = std::chrono::steady_clock;

    explicit Reader(OutputLog &log);
    ~Reader();
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    // Bytes that were printed and are no longer kept.
    std::uint64_t missed() const { return m_missed; }
    bool isAtEnd() const { return m_place == m_log.m_end; }
    bool isFinished() const { return m_log.m_finished && isAtEnd(); }
    // What comes next; nothing at the end of all, or when nothing has come by `deadline`.
    Awaitable<std::optional<Piece>> next(Clock::time_point deadline = Clock::time_point::max());

private:
    friend class OutputLog;

    OutputLog &m_log;
    std::uint64_t m_place = 0;
    std::uint64_t m_missed = 0;
    asio::steady_timer m_timer;
};

}  // namespace voidrun
