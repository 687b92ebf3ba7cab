// SPDX-License-Identifier: MIT
#pragma once

namespace voidrun
{

// How many cells of the emulator's screen a character takes: 0, 1 or 2.
int cellWidth(char32_t character);

// Joins the character before it; takes no cell of its own.
bool isCombining(char32_t character);

}  // namespace voidrun
