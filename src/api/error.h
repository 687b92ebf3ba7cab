// SPDX-License-Identifier: MIT
#pragma once

#include <QMetaType>
#include <QString>

#include <expected>

namespace voidrun
{

// Why a call did not give its answer: contract section 1, and what never became an answer. A plain
// value: copied freely between layers and threads.
// `detail` is English, for logs and "show details"; the sentence a person reads is made in one
// place in the widgets, from `kind` and the rest.
struct Error {
    enum class Kind {
        Unreachable,     // no connection: refused, no such host, network down
        ConnectionLost,  // was connected, then cut before the answer was complete
        Timeout,         // connect, idle or overall limit passed
        Tls,             // certificate or handshake; final
        Cancelled,       // abort() was called
        Redirected,      // the server points elsewhere; `detail` names where
        NotVoidRun,      // answered, but not in the contract (HTML, wrong JSON, wrong length)
        TooLarge,        // a bound was passed; `detail` names it
        MissingKey,      // no API key is configured
        MissingBaseUrl,  // the base URL was cleared
        InvalidInput,    // refused before anything was sent
        BadRequest,      // 400
        Unauthorized,    // 401, 403
        NotFound,        // 404
        Conflict,        // 409, name taken
        Overloaded,      // 429, 529
        Unavailable,     // 502, 503, 504
        Server,          // any other status
        CommandFailed,   // HTTP 200, but the tool in the guest failed (exitCode != 0)
        LocalFile,       // a file of this computer could not be read or written
        Engine,          // the local engine could not be started
    };

    // What exactly, where this program knows it better than by its kind.
    enum class Reason {
        None,
        BadName,           // cannot be a file's name
        NameTaken,         // and is not replaced
        FolderInTheWay,    // a folder has the name
        FileInTheWay,      // something that is not a folder has it
        IntoItself,        // a folder into itself
        LeavesFolder,      // a server's name that would leave the chosen folder
        IsLink,            // and is not followed
        NotAFile,          // neither file nor folder
        IsFolder,          // where a file is meant
        TooManyFiles,      // more than a million
        TooManyChanges,    // wait already
        WrongLength,       // of what arrived
        WrongContent,      // its hash is not the one of the other side
        ChangedMeanwhile,  // the source, during its upload
        DiskFull,          // of this computer
        NoPermission,      // on this computer
        ReadOnly,          // file system of this computer
        Gone,              // the file of this computer
        TooLargeToEdit,    // more than 64 MiB
        TooManyEdits,      // are open already
        Closed,            // the connection, by us
        NotConnected,      // the connection that it needs was not opened yet
    };

    Kind kind = Kind::Server;
    Reason reason = Reason::None;
    int httpStatus = 0;  // 0 where no status was received
    QString code;        // the server's `error` text, one line
    QString detail;      // the server's `details`, or ours
    QString subject;     // path, name or URL that it is about; may be empty

    bool operator==(const Error &) const = default;
};

template<class T>
using Result = std::expected<T, Error>;

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::Error)
