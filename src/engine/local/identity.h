// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "common/asiotypes.h"

namespace voidrun
{

// SHA-256 as lower-case hex.
std::string sha256(std::string_view text);
// An id in the contract's shape that is always the same for the same thing.
std::string idOf(std::string_view kind, std::string_view name);

// The one user and the one organisation that there are on this computer (api.md, section 7).
std::string localUser();
std::string localOrganisation();
// id, name, email, createdAt: the person whose engine this is.
json::object localUserObject();

}  // namespace voidrun
