// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>

#include <QtGlobal>

#include "ownerror.h"

namespace voidrun
{

// What errno says about a file of this computer; something in the way is a Conflict.
inline Error systemError(const QString &path, int code = errno)
{
    const bool inTheWay =
        code == EEXIST || code == EISDIR || code == ENOTDIR || code == ENOTEMPTY || code == ELOOP;
    return ownError(inTheWay ? Error::Kind::Conflict : Error::Kind::LocalFile,
                    qt_error_string(code), path);
}

}  // namespace voidrun
