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
    using Reason = Error::Reason;
    Error error = ownError(Error::Kind::LocalFile, qt_error_string(code), path);
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            error.reason = Reason::DiskFull;
            break;
        case EACCES:
        case EPERM:
            error.reason = Reason::NoPermission;
            break;
        case EROFS:
            error.reason = Reason::ReadOnly;
            break;
        case ENOENT:
            error.reason = Reason::Gone;
            break;
        case EISDIR:
        case ENOTEMPTY:
            error.kind = Error::Kind::Conflict;
            error.reason = Reason::FolderInTheWay;
            break;
        case EEXIST:
        case ENOTDIR:
        case ELOOP:
            error.kind = Error::Kind::Conflict;
            error.reason = Reason::FileInTheWay;
            break;
        default:
            break;
    }
    return error;
}

}  // namespace voidrun
