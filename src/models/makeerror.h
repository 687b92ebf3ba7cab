// SPDX-License-Identifier: MIT
#pragma once

#include "api/error.h"

namespace voidrun
{

// An error of ours: no status, no words of the server.
inline Error makeError(Error::Kind kind, const QString &detail, const QString &subject = {})
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    error.subject = subject;
    return error;
}

}  // namespace voidrun
