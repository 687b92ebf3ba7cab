// SPDX-License-Identifier: MIT
#include "jsonbody.h"

#include <algorithm>
#include <cmath>

#include "httperror.h"

namespace voidrun
{

namespace json = boost::json;

namespace
{

[[noreturn]] void wrongType(std::string_view name, std::string_view expected)
{
    throw HttpError(400,
                    "The field '" + std::string(name) + "' must be " + std::string(expected) + '.');
}

std::optional<std::int64_t> toInteger(const json::value &value)
{
    if (value.is_int64())
        return value.get_int64();
    // 30.0 is an integer too; JavaScript does not tell them apart.
    if (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
        std::abs(value.get_double()) < 1e15)
        return static_cast<std::int64_t>(value.get_double());
    return std::nullopt;
}

// Length of the UTF-8 sequence at the start of `text`, or 0 when it is not a valid one.
std::size_t sequenceLength(std::string_view text)
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
    const bool surrogate = lead == 0xed && at(1) > 0x9f;
    const bool tooLarge = lead == 0xf4 && at(1) > 0x8f;
    return overlong || surrogate || tooLarge ? 0 : length;
}

}  // namespace

JsonBody::JsonBody(std::string_view text)
{
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return;
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    if (error)
        throw HttpError(400, "The request body is not valid JSON.", error.message());
    if (!value.is_object())
        throw HttpError(400, "The request body must be a JSON object.");
    m_object = std::move(value.get_object());
}

const json::value *JsonBody::find(std::string_view name) const
{
    const json::value *value = m_object.if_contains(name);
    return value && value->is_null() ? nullptr : value;
}

std::optional<std::string> JsonBody::string(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_string())
        wrongType(name, "a string");
    return std::string(value->get_string());
}

std::string JsonBody::requiredString(std::string_view name) const
{
    auto value = string(name);
    if (!value || value->empty())
        throw HttpError(400, "The field '" + std::string(name) + "' is required.");
    return *std::move(value);
}

std::optional<std::int64_t> JsonBody::integer(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    auto number = toInteger(*value);
    if (!number)
        wrongType(name, "a whole number");
    return number;
}

std::optional<bool> JsonBody::boolean(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_bool())
        wrongType(name, "true or false");
    return value->get_bool();
}

std::optional<std::map<std::string, std::string>> JsonBody::stringMap(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_object())
        wrongType(name, "an object of strings");
    std::map<std::string, std::string> result;
    for (const auto &[key, entry] : value->get_object()) {
        if (!entry.is_string())
            wrongType(name, "an object of strings");
        result.emplace(key, entry.get_string());
    }
    return result;
}

std::optional<std::vector<std::int64_t>> JsonBody::integers(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_array())
        wrongType(name, "a list of whole numbers");
    std::vector<std::int64_t> result;
    for (const json::value &entry : value->get_array()) {
        const auto number = toInteger(entry);
        if (!number)
            wrongType(name, "a list of whole numbers");
        result.push_back(*number);
    }
    return result;
}

std::optional<std::vector<std::string>> JsonBody::strings(std::string_view name) const
{
    const json::value *value = find(name);
    if (!value)
        return std::nullopt;
    if (!value->is_array())
        wrongType(name, "a list of strings");
    std::vector<std::string> result;
    for (const json::value &entry : value->get_array()) {
        if (!entry.is_string())
            wrongType(name, "a list of strings");
        result.emplace_back(entry.get_string());
    }
    return result;
}

void JsonBody::allowOnly(std::initializer_list<std::string_view> names) const
{
    for (const auto &entry : m_object) {
        if (std::ranges::find(names, std::string_view(entry.key())) == names.end())
            throw HttpError(400, "The field '" + std::string(entry.key()) + "' is not known here.");
    }
}

std::string toValidUtf8(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = sequenceLength(bytes);
        if (length == 0)
            result += "\xef\xbf\xbd";
        else
            result += bytes.substr(0, length);
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

}  // namespace voidrun
