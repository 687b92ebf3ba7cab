// SPDX-License-Identifier: MIT
#include "requesttarget.h"

#include <algorithm>
#include <boost/url/decode_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "httperror.h"

namespace voidrun
{

namespace
{

// A bare '+' in a query is a space, as in forms; a plus is sent as %2B (api.md, section 4).
constexpr boost::urls::encoding_opts formEncoding(true);

std::string checked(std::string text)
{
    if (text.find('\0') != std::string::npos)
        throw HttpError(400, "The address contains a NUL character.");
    return text;
}

}  // namespace

RequestTarget RequestTarget::parse(std::string_view target)
{
    const auto parsed = boost::urls::parse_origin_form(target);
    if (!parsed)
        throw HttpError(400, "The address is not valid.");
    RequestTarget result;
    result.encodedPath = std::string(parsed->encoded_path());
    result.encodedQuery = std::string(parsed->encoded_query());
    for (const auto &segment : parsed->segments()) {
        const std::string text = checked(segment);
        if (text.empty() || text == "." || text == ".." || text.find('/') != std::string::npos)
            throw HttpError(400, "The address is not valid.", "dot, empty or slash segment");
        result.segments.push_back(text);
    }
    for (const auto &parameter : parsed->params(formEncoding))
        result.parameters.push_back({checked(parameter.key), checked(parameter.value)});
    return result;
}

std::optional<std::string> RequestTarget::parameter(std::string_view name) const
{
    for (const Parameter &parameter : parameters) {
        if (parameter.name == name)
            return parameter.value;
    }
    return std::nullopt;
}

std::string RequestTarget::queryWithout(std::string_view name) const
{
    std::string result;
    std::string_view rest = encodedQuery;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
        const boost::urls::pct_string_view encoded = pair.substr(0, pair.find('='));
        if (boost::urls::decode_view(encoded, formEncoding) == name)
            continue;
        if (!result.empty())
            result += '&';
        result += pair;
    }
    return result;
}

}  // namespace voidrun
