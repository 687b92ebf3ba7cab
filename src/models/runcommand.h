// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace voidrun
{

// The line that runs a file of a sandbox in its own folder: by its name's ending, else, where it is
// executable, by itself. Empty where it cannot be run. `path` is absolute.
QString runCommandFor(const QString &path, bool isExecutable);

}  // namespace voidrun
