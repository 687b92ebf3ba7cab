// SPDX-License-Identifier: MIT
#include "terminalsize.h"

#include <format>

#include "common/httperror.h"

namespace voidrun
{

namespace
{

constexpr std::int64_t maxColumns = 500;
constexpr std::int64_t maxRows = 200;

unsigned dimension(const JsonBody &body, std::string_view name, std::int64_t high,
                   std::optional<unsigned> fallback)
{
    const auto value = body.integer(name);
    if (!value && fallback)
        return *fallback;
    if (!value || *value < 1 || *value > high)
        throw HttpError(400, std::format("The field '{}' must be between 1 and {}.", name, high));
    return static_cast<unsigned>(*value);
}

}  // namespace

TerminalSize TerminalSize::parse(const JsonBody &body, std::optional<TerminalSize> fallback)
{
    const auto columns = fallback ? std::optional(fallback->columns) : std::nullopt;
    const auto rows = fallback ? std::optional(fallback->rows) : std::nullopt;
    return {dimension(body, "cols", maxColumns, columns), dimension(body, "rows", maxRows, rows)};
}

}  // namespace voidrun
