// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

// Shell lines that look after programs in a sandbox, for any POSIX shell: they need no more than
// /proc, tr, grep and sleep. Pure functions.
namespace voidrun::stopscript
{

// The environment variable that marks the processes of a run.
inline constexpr QLatin1StringView Variable("VOIDRUN_RUN");

// Ends all processes with `mark` ("NAME=value") in their environment: TERM, and after five seconds
// KILL.
QString endMarked(const QString &mark);
// Looks for them only.
QString findMarked(const QString &mark);
// Ends the session and group of one process, likewise.
QString endProcess(qint64 pid);

struct Report {
    QStringList ended;       // command lines, shells only where there is nothing else
    bool wasForced = false;  // it took a KILL
    bool isDone = false;     // nothing is left
};
Report reportOf(const QString &output);
// What findMarked() found, as command lines; nothing where it could not look.
std::optional<QStringList> foundBy(const QString &output);

// Prints the line that installs `program`, and fails where it cannot be installed. Empty for
// programs that we know nothing of.
QString findInstaller(const QString &program);

}  // namespace voidrun::stopscript
