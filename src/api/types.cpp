// SPDX-License-Identifier: MIT
#include "types.h"

namespace voidrun
{

using namespace Qt::StringLiterals;

bool Sandbox::isAsleep() const
{
    // "stopped" and "paused" are what older servers say.
    return status == "snapshotted"_L1 || status == "stopped"_L1 || status == "paused"_L1;
}

bool Sandbox::isGone() const
{
    return status == "deleted"_L1 || status == "killed"_L1;
}

}  // namespace voidrun
