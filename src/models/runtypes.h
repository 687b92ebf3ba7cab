// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QVariant>

#include "api/error.h"
#include "api/exectypes.h"

namespace voidrun
{

// What is to be run, and where.
struct RunRequest {
    static constexpr int LongestTime = 300;         // s, the server's cap
    static constexpr int LongestCommand = 100'000;  // characters

    QString sandboxId{};
    QString sandboxName{};
    bool isCode = false;  // else a shell line
    Language language = Language::Python;
    QString text{};
    QString folder{};  // empty: the sandbox's own
    QMap<QString, QString> environment{};
    QStringList unkept{};  // names of those whose values the history must not keep
    int timeout = 60;      // s

    bool operator==(const RunRequest &) const = default;
};

// What cannot be run as it stands; each belongs beside one field.
enum class RunProblem {
    None,
    Empty,
    TooLong,
    HasNul,
    BadText,
    RelativeFolder,
    TimeRange,
    BadName,
    UnknownLanguage,
};
bool isKnown(Language language);  // one of another version of this program is not
RunProblem problemOf(const RunRequest &request);

// Why a program ended as it did, as far as its exit code and its own words tell.
enum class ExitReason {
    Success,
    Failure,  // any other exit code
    TimedOut,
    NotExecutable,
    NotFound,  // the program
    Interrupted,
    Killed,
    Terminated,
    Crashed,
    DiskFull,
    NoPermission,
};

// How a run ended.
struct RunOutcome {
    enum class Kind {
        None,        // it has not
        Exited,      // by itself, or the server's time limit
        Stopped,     // by a person
        NotStarted,  // `error` says why
        NoFolder,    // there is no such folder to work in
        Unknown,     // the connection was lost, or Stop could not see whether it worked
    };

    Kind kind = Kind::None;
    int exitCode = 0;
    ExitReason reason = ExitReason::Success;
    QString program;      // of NotFound, where it is known
    QString installLine;  // a shell line that installs it, where the sandbox could
    QString serverWords;  // what the server adds to the exit code
    Error error;
    QStringList ended;       // what Stop ended: command lines
    bool wasForced = false;  // it took a KILL
    bool hasBegun = true;    // else it was stopped before
    bool isGone = false;     // of Stopped: the sandbox says that nothing of it is left
    qint64 duration = 0;     // ms
    QVariant result;         // the last line of the output, as JSON where it is that; of code only
    QByteArray resultText;

    bool isSuccess() const { return kind == Kind::Exited && reason == ExitReason::Success; }
};

// `errors` is the end of what the program wrote to its standard error.
ExitReason exitReason(int exitCode, const QString &serverWords, const QByteArray &errors);
// The program that a shell did not find, by its own words; empty where they do not tell.
QString missingProgram(const QByteArray &errors);

}  // namespace voidrun
