// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace voidrun
{

// `bytes` bytes of the kernel's randomness as lower-case hex.
std::string randomHex(std::size_t bytes);
// A new id in the contract's shape: 24 hex characters.
std::string randomId();
// A random UUID: 8-4-4-4-12 hex characters.
std::string randomUuid();
bool isId(std::string_view text);

}  // namespace voidrun
