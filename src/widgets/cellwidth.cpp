// SPDX-License-Identifier: MIT
#include "cellwidth.h"

#include <utf8proc.h>

namespace voidrun
{

int cellWidth(char32_t character)
{
    const auto code = static_cast<utf8proc_int32_t>(character);
    // Private use: the library says 0; terminals draw their icons there.
    return utf8proc_category(code) == UTF8PROC_CATEGORY_CO ? 1 : utf8proc_charwidth(code);
}

bool isCombining(char32_t character)
{
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(character));
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

}  // namespace voidrun
