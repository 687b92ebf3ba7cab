// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voidrun
{

// A request line's target, taken apart and percent-decoded.
struct RequestTarget {
    struct Parameter {
        std::string name;
        std::string value;
    };

    std::vector<std::string> segments;
    std::vector<Parameter> parameters;
    // As they came, still encoded; the query without '?'.
    std::string encodedPath;
    std::string encodedQuery;

    // The first parameter of that name.
    std::optional<std::string> parameter(std::string_view name) const;
    // The query without every parameter of that name, encoded; for taking a key out.
    std::string queryWithout(std::string_view name) const;

    // Throws HttpError 400 for anything but a clean origin-form target: no dot segments, no empty
    // segment, no NUL, no encoded slash in the path.
    static RequestTarget parse(std::string_view target);
};

}  // namespace voidrun
