// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace voidrun
{

// What the emulator may be given for one complete control sequence, `ESC [ parameters final`
// (ECMA-48, 5.4; `parameters` with its private and intermediate bytes): the same, the same said in
// a way that it understands, or nothing.
QByteArray safeControlSequence(QByteArrayView parameters, char final);

// The same for `ESC [ parameters m`. The emulator takes a colon for a semicolon, so that a wavy
// underline becomes italic and a colour others; knows no colour of underlines; and drops parameters
// from the sixteenth on.
QByteArray safeRendition(QByteArrayView parameters);

// How many bytes at the start of `text` are a whole rendition, `ESC [ … m`, that safeRendition()
// would leave as it is: nearly all are, and coloured text is full of them. 0 where none begins.
qsizetype plainRenditionAt(QByteArrayView text);

}  // namespace voidrun
