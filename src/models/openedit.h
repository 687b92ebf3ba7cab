// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include "api/error.h"
#include "api/profile.h"

namespace voidrun
{

// A file of a sandbox as it was at one moment: enough to tell later whether it still is.
struct RemoteFile {
    bool exists = false;
    qint64 size = -1;    // bytes
    QDateTime modified;  // whole seconds
    QByteArray hash;     // SHA-256 in hex; empty where the sandbox has no tool for it

    bool isSameAs(const RemoteFile &other) const
    {
        if (exists != other.exists || !exists)
            return exists == other.exists;
        if (!hash.isEmpty() && !other.hash.isEmpty())
            return hash == other.hash;
        return size == other.size && modified == other.modified;
    }
};

// A file of a sandbox that is edited on this computer. A plain value.
struct OpenEdit {
    // Changed waits to be sent: for its turn, or (isWaiting) for a server that is away. Conflict:
    // the sandbox's file changed as well, and a person decides.
    enum class State { Fetching, Unchanged, Changed, Uploading, Saved, Conflict, Failed };

    int id = 0;
    QString folder;  // private, of this edit only
    ConnectionProfile profile;
    QString sandboxId;
    QString sandboxName;
    QString path;               // in the sandbox
    QString name;               // of the copy here; empty before it was fetched
    bool isExecutable = false;  // in the sandbox; the copy here never is
    RemoteFile remote;          // what both sides had last; its hash is never empty once fetched
    QDateTime savedAt;          // the last time that a change got into the sandbox

    State state = State::Fetching;
    QString program;       // that this desktop opens it with, as opened() found; may be empty
    QByteArray localHash;  // of the copy, as far as it was looked at
    RemoteFile theirs;     // in a Conflict
    Error error;
    bool isWaiting = false;

    bool isFetched() const { return !name.isEmpty(); }
    QString localFile() const { return folder + QLatin1StringView("/copy/") + name; }
    bool hasUnsent() const { return !localHash.isEmpty() && localHash != remote.hash; }
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::OpenEdit)
