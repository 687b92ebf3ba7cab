// SPDX-License-Identifier: MIT
#pragma once

// QTermWidget's headers use Qt's keyword macros, which are switched off in our code.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <qtermwidget.h>
#undef signals
#undef slots
