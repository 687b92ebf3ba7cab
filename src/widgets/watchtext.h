// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include "models/watchmodel.h"

namespace voidrun
{

// How a watch stands, as a sentence, with the time of its last change.
QString watchSentence(const Watch &watch);
// The same in few words, for a list.
QString watchStateText(const Watch &watch);
// The icon that goes with it.
QString watchIconName(const Watch &watch);

}  // namespace voidrun
