// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QHash>
#include <QStringList>

#include "api/profile.h"

namespace voidrun
{

// What one drop or one Download asks for: any number of files and folders, one row in the list.
struct TransferRequest {
    enum class Direction { Upload, Download };
    // What happens to a top-level target that exists. Ask stops before anything is written.
    enum class Conflict { Ask, Overwrite, KeepBoth, Skip };

    Direction direction = Direction::Upload;
    Conflict conflict = Conflict::Ask;
    QHash<QString, Conflict> answers;  // for single names, where they differ from `conflict`
    ConnectionProfile profile;
    QString sandboxId;
    QString sandboxName;
    QStringList sources;   // local paths (upload) or guest paths (download); absolute
    QString target;        // guest folder (upload) or local folder (download); absolute
    bool staging = false;  // fetched for a drag out; lists need not show it
    // One half of a copy from sandbox to sandbox: its local files are gone with the application.
    bool isBetweenSandboxes = false;

    Conflict answerFor(const QString &name) const { return answers.value(name, conflict); }
};

// A name that is taken, with what a person decides by.
struct TransferConflict {
    struct Side {
        bool isDir = false;
        qint64 size = -1;    // of a file; -1 where it is not known
        QDateTime modified;  // may be invalid
    };

    QString name;
    Side source;
    Side target;
};

}  // namespace voidrun
