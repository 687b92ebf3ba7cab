// SPDX-License-Identifier: MIT
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace voidrun
{

// A request's JSON object with typed access. Absent and null are the same; a wrong type throws
// HttpError 400 naming the field.
class JsonBody
{
public:
    // An empty text is an empty object.
    explicit JsonBody(std::string_view text);

    const boost::json::object &object() const { return m_object; }
    std::optional<std::string> string(std::string_view name) const;
    std::string requiredString(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<bool> boolean(std::string_view name) const;
    std::optional<std::map<std::string, std::string>> stringMap(std::string_view name) const;
    std::optional<std::vector<std::int64_t>> integers(std::string_view name) const;
    std::optional<std::vector<std::string>> strings(std::string_view name) const;
    // 400 when there is a field that is none of these.
    void allowOnly(std::initializer_list<std::string_view> names) const;

private:
    const boost::json::value *find(std::string_view name) const;

    boost::json::object m_object;
};

// Replaces what is not UTF-8 with U+FFFD, as JSON text must be UTF-8.
std::string toValidUtf8(std::string_view bytes);

}  // namespace voidrun
