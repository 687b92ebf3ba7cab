// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace voidrun
{

// Finds the end of a command in a shell's output: "\x1e" NAME ":" exit code "\x1e", however the
// bytes are cut. A value; any thread.
class MarkerScanner
{
public:
    explicit MarkerScanner(std::string_view name) : m_marker('\x1e' + std::string(name) + ':') {}

    // What belongs to the command's output so far; what may be the marker's start is held back.
    std::string feed(std::string_view bytes);
    // What was held back; for an output that ends without a marker.
    std::string rest() { return std::move(m_held); }
    // Set once the marker has been seen.
    std::optional<int> exitCode() const { return m_exitCode; }

private:
    std::string m_marker;
    std::string m_held;
    std::optional<int> m_exitCode;
};

}  // namespace voidrun
