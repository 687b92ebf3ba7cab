// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "runtypes.h"

// A run as a program of one's own would ask for it, with the official SDKs. Keys are never in it:
// both read VR_API_KEY. Pure functions.
namespace voidrun::sdkcode
{

QString python(const RunRequest &request);
QString typeScript(const RunRequest &request);

}  // namespace voidrun::sdkcode
