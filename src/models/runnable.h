// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include "runtypes.h"

// Which files a person can run, and how. Pure functions.
namespace voidrun::runnable
{

// By its ending: .py .js .mjs .ts .sh
bool isRunnable(const QString &fileName);
// A run of that file of a sandbox, in its own folder.
RunRequest requestFor(const QString &guestPath);
// The file of a folder that is meant to be run: by its name (main, index, app, run, start, or the
// folder's own), else the only one that can be; empty where that is not obvious.
QString entryOf(const QStringList &fileNames, const QString &folderName);

}  // namespace voidrun::runnable
