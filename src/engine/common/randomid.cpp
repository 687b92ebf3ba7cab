// SPDX-License-Identifier: MIT
#include "randomid.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

namespace voidrun
{

std::string randomHex(std::size_t bytes)
{
    std::vector<unsigned char> raw(bytes);
    if (::getrandom(raw.data(), raw.size(), 0) != static_cast<ssize_t>(bytes))
        throw std::system_error(errno, std::generic_category(), "getrandom");
    std::string text;
    for (const unsigned char byte : raw) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string randomId()
{
    return randomHex(12);
}

std::string randomUuid()
{
    std::string text = randomHex(16);
    text[12] = '4';                   // version
    text[16] = "89ab"[text[16] & 3];  // variant
    for (const std::size_t at : {20, 16, 12, 8})
        text.insert(at, 1, '-');
    return text;
}

bool isId(std::string_view text)
{
    return text.size() == 24 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace voidrun
