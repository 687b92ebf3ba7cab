// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace voidrun
{

// Thrown by a handler; becomes the contract's error envelope with this status.
class HttpError : public std::runtime_error
{
public:
    HttpError(unsigned status, const std::string &error, std::string details = {})
        : std::runtime_error(error), m_status(status), m_details(std::move(details))
    {
    }

    unsigned status() const { return m_status; }
    const std::string &details() const { return m_details; }

private:
    unsigned m_status;
    std::string m_details;
};

}  // namespace voidrun
