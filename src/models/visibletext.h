// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QCollator;

namespace voidrun
{

// A name from a server as it may be shown: control characters become their symbols and what turns
// the direction of text or hides becomes U+FFFD, so that no name can pass for another.
QString visibleText(const QString &text);

// The order that people expect of names: of their language, "file2" before "file10".
QCollator nameCollator();

// "8 s", "5 min", "2 h 10 min": as exactly as a person wants to know it.
QString durationText(qint64 seconds);

}  // namespace voidrun
