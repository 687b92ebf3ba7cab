// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "openedit.h"

class QObject;

namespace voidrun
{

class Client;

// What a file of a sandbox is.
struct RemoteLook {
    RemoteFile file;
    QString path;  // the file's own, where the one that was asked for is a link
    bool isExecutable = false;
};

// Looks at a file of a sandbox: size, time and (with the sandbox's own tools) its hash. One that
// is missing in a sandbox that is there is no error. Errors: NotAFile for a folder or a device.
// `done` runs once in the client's thread, while `context` lives; `client` may die meanwhile.
void lookAt(Client *client, const QString &sandboxId, const QString &path, QObject *context,
            const std::function<void(const Result<RemoteLook> &)> &done);

}  // namespace voidrun
