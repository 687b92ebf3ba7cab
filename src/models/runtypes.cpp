// SPDX-License-Identifier: MIT
#include "runtypes.h"

#include <QRegularExpression>

#include <algorithm>

#include "api/codeflow.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

bool isVariableName(const QString &name)
{
    static const QRegularExpression pattern(u"\\A[A-Za-z_][A-Za-z0-9_]*\\z"_s);
    return pattern.match(name).hasMatch();
}

}  // namespace

bool isKnown(Language language)
{
    return int(language) >= 0 && int(language) <= int(Language::Sh);
}

RunProblem problemOf(const RunRequest &request)
{
    if (request.isCode && !isKnown(request.language))
        return RunProblem::UnknownLanguage;
    const QString text = request.text.trimmed();
    if (text.isEmpty())
        return RunProblem::Empty;
    if (text.contains(QChar(0)))
        return RunProblem::HasNul;
    if (!request.isCode && text.size() > RunRequest::LongestCommand)
        return RunProblem::TooLong;
    if (!text.isValidUtf16() || (request.isCode && checkCode(text)))
        return RunProblem::BadText;
    if (!request.folder.isEmpty() && !request.folder.startsWith(u'/'))
        return RunProblem::RelativeFolder;
    if (request.timeout < 1 || request.timeout > RunRequest::LongestTime)
        return RunProblem::TimeRange;
    const bool named = std::ranges::all_of(request.environment.keys(), isVariableName);
    return named ? RunProblem::None : RunProblem::BadName;
}

ExitReason exitReason(int exitCode, const QString &serverWords, const QByteArray &errors)
{
    constexpr int Signalled = 128;  // and the number of the signal, as shells say it
    if (exitCode == 0)
        return ExitReason::Success;
    if (exitCode == 124 || serverWords.contains("took too long"_L1) ||
        serverWords.contains("timed out"_L1, Qt::CaseInsensitive))
        return ExitReason::TimedOut;
    if (exitCode == 126)
        return ExitReason::NotExecutable;
    if (exitCode == 127)
        return ExitReason::NotFound;
    if (exitCode == Signalled + 2)
        return ExitReason::Interrupted;
    if (exitCode == Signalled + 9)
        return ExitReason::Killed;
    if (exitCode == Signalled + 15)
        return ExitReason::Terminated;
    if (exitCode == Signalled + 6 || exitCode == Signalled + 11 || exitCode == Signalled + 7 ||
        exitCode == Signalled + 8)
        return ExitReason::Crashed;
    if (errors.contains("No space left on device") || errors.contains("ENOSPC"))
        return ExitReason::DiskFull;
    if (errors.contains("Permission denied") || errors.contains("EACCES"))
        return ExitReason::NoPermission;
    return ExitReason::Failure;
}

QString missingProgram(const QByteArray &errors)
{
    static const QRegularExpression pattern(
        u"(?:^|[:\\s])([^\\s:]+): (?:command )?not found\\s*$"_s,
        QRegularExpression::MultilineOption);
    QString program;
    for (const auto &match : pattern.globalMatch(QString::fromUtf8(errors)))
        program = match.captured(1);
    return program;
}

}  // namespace voidrun
