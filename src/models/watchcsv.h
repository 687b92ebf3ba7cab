// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include "watcheventsmodel.h"

namespace voidrun
{

// Changes as a table of text, UTF-8 as in RFC 4180, a line for each after one that names the
// columns. Times are of this computer's zone, sizes in bytes; a program for tables takes no cell of
// it for a formula. Reentrant.
QByteArray watchCsv(const QList<WatchChange> &changes);

}  // namespace voidrun
