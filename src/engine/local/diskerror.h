// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>

#include "common/httperror.h"

namespace voidrun
{

// 507 where the disk is full, else 500 with `sentence`.
inline HttpError diskError(const std::system_error &error, const std::string &sentence)
{
    const bool full = error.code() == std::errc::no_space_on_device ||
                      error.code() == std::error_code(EDQUOT, std::generic_category());
    return full ? HttpError(507, "There is no space left on this computer's disk.", error.what())
                : HttpError(500, sentence, error.what());
}

}  // namespace voidrun
