// SPDX-License-Identifier: MIT
#include "runtext.h"

#include <QCoreApplication>
#include <QLocale>

#include "errortext.h"
#include "models/visibletext.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

class RunText
{
    Q_DECLARE_TR_FUNCTIONS(RunText)
};

QString reasonTitle(const RunOutcome &outcome)
{
    switch (outcome.reason) {
        case ExitReason::Success:
            return RunText::tr("Finished without errors");
        case ExitReason::Failure:
            return RunText::tr("Ended with an error");
        case ExitReason::TimedOut:
            return RunText::tr("Took too long");
        case ExitReason::NotExecutable:
            return RunText::tr("Cannot be run");
        case ExitReason::NotFound:
            return outcome.program.isEmpty()
                       ? RunText::tr("A program was not found")
                       : RunText::tr("“%1” is not installed").arg(visibleText(outcome.program));
        case ExitReason::Interrupted:
            return RunText::tr("Interrupted");
        case ExitReason::Killed:
            return RunText::tr("Killed");
        case ExitReason::Terminated:
            return RunText::tr("Told to end");
        case ExitReason::Crashed:
            return RunText::tr("Crashed");
        case ExitReason::DiskFull:
            return RunText::tr("The sandbox's disk is full");
        case ExitReason::NoPermission:
            return RunText::tr("Permission was denied");
    }
    Q_UNREACHABLE_RETURN({});
}

QString reasonText(const RunOutcome &outcome)
{
    switch (outcome.reason) {
        case ExitReason::Success:
            return {};
        case ExitReason::Failure:
            return RunText::tr("What it wrote says more; errors are marked in the output.");
        case ExitReason::TimedOut:
            return RunText::tr(
                "It was ended at its time limit. Allow it more time, or start it in the "
                "background, where it may take as long as it likes.");
        case ExitReason::NotExecutable:
            return RunText::tr(
                "The file is there, but it is not marked as a program or is not one for this "
                "sandbox. Its properties have a box “may be run”.");
        case ExitReason::NotFound:
            return outcome.installLine.isEmpty()
                       ? RunText::tr("Check how its name is written, or install it in the sandbox.")
                       : RunText::tr("It can be installed in the sandbox.");
        case ExitReason::Interrupted:
            return RunText::tr("Something pressed Ctrl+C for it.");
        case ExitReason::Killed:
            return RunText::tr(
                "It was ended from outside at once. Most often the sandbox had no memory left for "
                "it: use less data at a time, or a sandbox with more memory.");
        case ExitReason::Terminated:
            return RunText::tr("Something in the sandbox told it to end.");
        case ExitReason::Crashed:
            return RunText::tr("It broke off by a fault of its own, not of what it was given.");
        case ExitReason::DiskFull:
            return RunText::tr("Delete files that are not needed, then run it again.");
        case ExitReason::NoPermission:
            return RunText::tr(
                "It tried to use a file or folder that it may not. Choose another folder, or "
                "change the permissions in the file's properties.");
    }
    Q_UNREACHABLE_RETURN({});
}

}  // namespace

QString problemText(RunProblem problem)
{
    switch (problem) {
        case RunProblem::None:
            return {};
        case RunProblem::Empty:
            return RunText::tr("Write what is to be run.");
        case RunProblem::TooLong:
            return RunText::tr(
                "A command has at most 100,000 characters. Put it into a file of the sandbox and "
                "run that.");
        case RunProblem::HasNul:
            return RunText::tr("There is a NUL character in it, which no program text may have.");
        case RunProblem::BadText:
            return RunText::tr("This is no valid text, or too much of it (16 million characters).");
        case RunProblem::RelativeFolder:
            return RunText::tr("Write the whole path of the folder, beginning with a slash.");
        case RunProblem::TimeRange:
            return RunText::tr(
                "The time is 1 to 300 seconds. What takes longer can be started in the "
                "background.");
        case RunProblem::BadName:
            return RunText::tr(
                "Names in the environment have letters, digits and underscores, and no digit "
                "first.");
        case RunProblem::UnknownLanguage:
            return RunText::tr(
                "It is not known in which language this is written. Choose the language above.");
    }
    Q_UNREACHABLE_RETURN({});
}

QString outcomeTitle(const RunOutcome &outcome)
{
    switch (outcome.kind) {
        case RunOutcome::Kind::None:
            return RunText::tr("Running");
        case RunOutcome::Kind::Exited:
            return reasonTitle(outcome);
        case RunOutcome::Kind::Stopped:
            return RunText::tr("Stopped");
        case RunOutcome::Kind::NotStarted:
            return RunText::tr("It could not be started");
        case RunOutcome::Kind::NoFolder:
            return RunText::tr("There is no such folder");
        case RunOutcome::Kind::Unknown:
            return RunText::tr("How it ended is not known");
    }
    Q_UNREACHABLE_RETURN({});
}

QString outcomeText(const RunOutcome &outcome)
{
    switch (outcome.kind) {
        case RunOutcome::Kind::None:
            return {};
        case RunOutcome::Kind::Exited:
            return reasonText(outcome);
        case RunOutcome::Kind::Stopped:
            if (!outcome.hasBegun)
                return RunText::tr("It had not begun yet.");
            if (outcome.ended.isEmpty())
                return outcome.isGone
                           ? RunText::tr("Nothing of it is left.")
                           : RunText::tr(
                                 "The program has ended. Whether it has left others running could "
                                 "not be seen.");
            return (outcome.wasForced ? RunText::tr("Ended by force: %1")
                                      : RunText::tr("Ended: %1"))
                .arg(outcome.ended.join(u" · "_s));
        case RunOutcome::Kind::NotStarted:
            return errorText(outcome.error);
        case RunOutcome::Kind::NoFolder:
            return RunText::tr("Choose a folder that is in the sandbox.");
        case RunOutcome::Kind::Unknown:
            // The usual sentence says to try again, which would run it twice.
            if (outcome.error.kind == Error::Kind::ConnectionLost)
                return RunText::tr(
                    "The connection was lost before its end: it may still be running, or have "
                    "ended well or badly. What was received before that is above.");
            return RunText::tr(
                       "It may still be running, or have ended well or badly: %1 What was received "
                       "before that is above.")
                .arg(errorText(outcome.error));
    }
    Q_UNREACHABLE_RETURN({});
}

QString lookText(const Result<QStringList> &running)
{
    if (!running)
        return RunText::tr("Whether it still runs could not be seen. %1")
            .arg(errorText(running.error()));
    if (running->isEmpty())
        return RunText::tr(
            "It does not run any more. Whether it ended well or badly is not known.");
    return RunText::tr("It still runs: %1").arg(running->join(u" · "_s));
}

QString outcomeFacts(const RunOutcome &outcome)
{
    QString time = milliseconds(outcome.duration);
    if (outcome.kind == RunOutcome::Kind::Exited)
        return RunText::tr("Exit code %1 · %2").arg(outcome.exitCode).arg(time);
    return time;
}

QString runKindText(const RunRequest &request)
{
    if (!request.isCode)
        return RunText::tr("Command");
    switch (request.language) {
        case Language::Python:
            return u"Python"_s;
        case Language::JavaScript:
        case Language::Node:
            return u"JavaScript"_s;
        case Language::TypeScript:
            return u"TypeScript"_s;
        case Language::Bash:
        case Language::Sh:
            return u"Bash"_s;
    }
    return RunText::tr("Code");  // of another version
}

QString milliseconds(qint64 duration)
{
    constexpr qint64 Second = 1000;
    constexpr qint64 Exactly = 10 * Second;
    constexpr qint64 Least = 50;  // what is rounded to nothing
    if (duration < Least)
        return RunText::tr("less than 0.1 s");
    if (duration < Exactly)
        return RunText::tr("%1 s").arg(QLocale().toString(double(duration) / Second, 'f', 1));
    return durationText((duration + Second / 2) / Second);
}

}  // namespace voidrun
