// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "common/jsonbody.h"

namespace voidrun
{

// A terminal's size in characters. A value.
struct TerminalSize {
    unsigned columns = 80;
    unsigned rows = 24;

    // From 'cols' (1 to 500) and 'rows' (1 to 200). What is absent is taken from `fallback`, or
    // throws HttpError 400 as does what is out of range.
    static TerminalSize parse(const JsonBody &body, std::optional<TerminalSize> fallback = {});
};

}  // namespace voidrun
