// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

#include "api/types.h"

namespace voidrun
{

// What is wrong with a specification before it is sent (contract section 2). The sentences are
// made by the widgets.
enum class SpecProblem {
    None,
    NameEmpty,
    NameTooLong,     // over 253 characters
    NameCharacters,  // something else than a-z, 0-9, '-' and '.'
    NameEnds,        // a part starts or ends with '-', or is empty
    NameTaken,
    CpuRange,         // 1 to 8
    MemRange,         // 1024 to 16384 MiB
    EnvironmentName,  // empty, or with '=' or NUL
    LabelName,        // empty
    PortRange,        // 1 to 65535
    PortTwice,
    TooManyPorts,  // over 4
};

SpecProblem checkSpec(const SandboxSpec &spec, const QStringList &takenNames);

// A short friendly name that is not taken, such as "calm-otter".
QString suggestedSandboxName(const QStringList &takenNames);

}  // namespace voidrun
