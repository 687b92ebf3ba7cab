// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "models/runtypes.h"

namespace voidrun
{

// What is wrong with a field of the Run panel; empty for RunProblem::None.
QString problemText(RunProblem problem);

// How a run ended, in a few words, and what that means and what to do about it. Nothing is claimed
// that the exit code and the program's own words do not tell.
QString outcomeTitle(const RunOutcome &outcome);
QString outcomeText(const RunOutcome &outcome);
// What a look for a run whose end is not known has found: what runs of it, or why that is not
// known.
QString lookText(const Result<QStringList> &running);
// The facts beside it: the exit code and the time, as far as they are known.
QString outcomeFacts(const RunOutcome &outcome);

// "Command", "Python" …
QString runKindText(const RunRequest &request);
QString milliseconds(qint64 duration);  // "less than 0.1 s", "0.4 s", "12 s", "3 min"

}  // namespace voidrun
