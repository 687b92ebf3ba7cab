// SPDX-License-Identifier: MIT
#pragma once

#include "api/error.h"

namespace voidrun
{

// An error of ours: no status, no words of the server.
inline Error ownError(Error::Kind kind, const QString &detail, const QString &subject = {})
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    error.subject = subject;
    return error;
}

inline Error ownError(Error::Kind kind, Error::Reason reason, const QString &subject = {})
{
    Error error;
    error.kind = kind;
    error.reason = reason;
    error.subject = subject;
    return error;
}

// There is no such file: the contract's 404, or what the tool of another server says.
inline bool meansMissing(const Error &error)
{
    return error.kind == Error::Kind::NotFound ||
           (error.kind == Error::Kind::CommandFailed &&
            error.detail.contains(QLatin1StringView("No such file")));
}

}  // namespace voidrun
