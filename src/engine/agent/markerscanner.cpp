// SPDX-License-Identifier: MIT
#include "markerscanner.h"

#include <algorithm>
#include <charconv>

namespace voidrun
{

namespace
{

constexpr std::size_t maxDigits = 3;

// Where a start of `marker` begins at the end of `text`; its size when there is none.
std::size_t possibleStart(std::string_view text, std::string_view marker)
{
    for (std::size_t at = text.size() - std::min(text.size(), marker.size() - 1); at < text.size();
         ++at) {
        if (marker.starts_with(text.substr(at)))
            return at;
    }
    return text.size();
}

}  // namespace

std::string MarkerScanner::feed(std::string_view bytes)
{
    if (m_exitCode)
        return {};
    m_held += bytes;
    std::string output;
    while (true) {
        const std::size_t begin = m_held.find(m_marker);
        const std::size_t plain =
            begin == std::string::npos ? possibleStart(m_held, m_marker) : begin;
        output.append(m_held, 0, plain);
        m_held.erase(0, plain);
        if (begin == std::string::npos)
            return output;
        const std::string_view number =
            std::string_view(m_held).substr(m_marker.size(), maxDigits + 1);
        const std::size_t end = number.find('\x1e');
        if (end == std::string_view::npos && number.size() <= maxDigits)
            return output;
        int code = 0;
        const char *first = number.data();
        const char *last = first + std::min(end, number.size());
        const auto [stop, error] = std::from_chars(first, last, code);
        if (end != std::string_view::npos && error == std::errc{} && stop == last) {
            m_exitCode = code;
            m_held.clear();
            return output;
        }
        // Not ours: somebody printed something like it.
        output += m_held.front();
        m_held.erase(0, 1);
    }
}

}  // namespace voidrun
