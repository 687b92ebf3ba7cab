// SPDX-License-Identifier: MIT
#include "runcommand.h"

#include "guestpath.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

QString runCommandFor(const QString &path, bool isExecutable)
{
    static constexpr std::pair<QLatin1StringView, QLatin1StringView> Programs[] = {
        {".py"_L1, "python3"_L1}, {".js"_L1, "node"_L1}, {".mjs"_L1, "node"_L1},
        {".cjs"_L1, "node"_L1},   {".sh"_L1, "sh"_L1},   {".bash"_L1, "bash"_L1},
    };
    // Begins with "./", so that no name is taken for an option.
    const QString file = guestpath::shellQuoted(u"./"_s % guestpath::fileName(path));
    for (const auto &[ending, program] : Programs) {
        // The first line of a shell script says which shell it is for.
        const bool runsItself = isExecutable && ending.contains("sh"_L1);
        if (path.endsWith(ending, Qt::CaseInsensitive) && !runsItself)
            return program % u' ' % file;
    }
    return isExecutable ? file : QString();
}

}  // namespace voidrun
