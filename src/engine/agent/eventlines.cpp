// SPDX-License-Identifier: MIT
#include "eventlines.h"

#include <algorithm>

namespace voidrun
{

namespace
{

// A longer line is sent in parts.
constexpr std::size_t maxLine = 64 * 1024;

}  // namespace

void EventWriter::write(std::string_view event, std::string_view data, std::string_view id)
{
    ((m_text += "event: ") += event) += '\n';
    // An id holds for the events after it, too, until there is another.
    if (id != m_lastId) {
        ((m_text += id.empty() ? "id:" : "id: ") += id) += '\n';
        m_lastId = id;
    }
    // Readers drop one space after the colon, except the official SDKs, which keep it.
    m_text += data.starts_with(' ') ? "data: " : "data:";
    (m_text += data) += "\n\n";
}

std::size_t wholeCharacters(std::string_view text)
{
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0) == 0x80)
            continue;
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > back ? text.size() - back : text.size();
    }
    return text.size();
}

void EventLines::write(std::size_t size, std::string_view id, EventWriter &events)
{
    events.write(m_event, std::string_view(m_line).substr(0, size), id);
    m_line.erase(0, size);
}

void EventLines::feed(std::string_view bytes, EventWriter &events)
{
    while (!bytes.empty()) {
        // A carriage return waits for what follows it.
        if (m_line.ends_with('\r')) {
            const bool both = bytes.front() == '\n';
            m_line.pop_back();
            write(m_line.size(), both ? "crlf" : "cr", events);
            bytes.remove_prefix(both ? 1 : 0);
            continue;
        }
        const std::size_t end = bytes.find_first_of("\r\n");
        const std::size_t room = maxLine - m_line.size();
        const std::size_t size = std::min({end, room, bytes.size()});
        m_line += bytes.substr(0, size);
        bytes.remove_prefix(size);
        if (size == room) {
            write(std::max<std::size_t>(wholeCharacters(m_line), 1), "partial", events);
        } else if (!bytes.empty()) {
            if (bytes.front() == '\n')
                write(m_line.size(), {}, events);
            else
                m_line += '\r';
            bytes.remove_prefix(1);
        }
    }
}

bool EventLines::hasUnfinished() const
{
    return wholeCharacters(m_line) > 0;
}

void EventLines::flush(EventWriter &events)
{
    if (m_line.ends_with('\r')) {
        m_line.pop_back();
        write(m_line.size(), "cr", events);
    } else if (hasUnfinished()) {
        write(wholeCharacters(m_line), "partial", events);
    }
}

void EventLines::finish(EventWriter &events)
{
    flush(events);
    if (!m_line.empty())
        write(m_line.size(), "partial", events);
}

}  // namespace voidrun
