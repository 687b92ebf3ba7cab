// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace voidrun
{

// For /etc/resolv.conf: what is asked there, the network forwards to this computer's own name
// server (network.cpp).
inline constexpr std::string_view resolver = "nameserver 169.254.1.1\n";

// Fills a new sandbox's /etc: what programs need of this computer's, and accounts of its own.
void makeGuestEtc(const std::filesystem::path &etc, const std::string &host);

}  // namespace voidrun
