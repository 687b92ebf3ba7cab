// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "api/error.h"
#include "models/sandboxspecs.h"

namespace voidrun
{

// The one place where errors become sentences: what the cause is and what to do next. Callers put
// "what happened, to what" in front. Never raw JSON, never empty.
QString errorText(const Error &error);

// What is wrong with a field of the New sandbox dialog; empty for SpecProblem::None.
QString problemText(SpecProblem problem);

}  // namespace voidrun
