// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace voidrun
{

// Writes server-sent events into a text that is taken piece by piece. A value; any thread.
class EventWriter
{
public:
    // `data` must contain no line end.
    void write(std::string_view event, std::string_view data, std::string_view id = {});
    std::string take() { return std::exchange(m_text, {}); }
    const std::string &text() const { return m_text; }

private:
    std::string m_text;
    std::string m_lastId;
};

// Makes events of a byte stream, one for each line without its end. The stream can be put together
// again byte for byte: an event's id says what its line ended with when that was not a line feed:
// "partial" (nothing), "cr" or "crlf" (api.md, section 7). A value; any thread.
class EventLines
{
public:
    explicit EventLines(std::string_view event) : m_event(event) {}

    // Writes what is complete.
    void feed(std::string_view bytes, EventWriter &events);
    // Writes what is left, but not the first bytes of an unfinished character.
    void flush(EventWriter &events);
    // The same at the stream's end: all of it.
    void finish(EventWriter &events);
    // Whether flush() has something to write.
    bool hasUnfinished() const;

private:
    void write(std::size_t size, std::string_view id, EventWriter &events);

    std::string m_event;
    std::string m_line;
};

// Length of `text` without the first bytes of a character that it ends in the middle of.
std::size_t wholeCharacters(std::string_view text);

}  // namespace voidrun
