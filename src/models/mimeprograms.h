// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

// Which program of this desktop opens a file, asked before anything is opened: what opens it then
// (xdg-open and its like) does not say when there is none. Read from where every desktop keeps it,
// the mimeapps.list and mimeinfo.cache files of the freedesktop.org "Association between MIME
// types and applications" specification; for the file's type, then for those it is a kind of.
// Reads files: not for the GUI thread.
namespace voidrun::mimeprograms
{

// The name of the program, as its desktop entry has it. Empty where there is none, where it is
// one that needs a terminal, and for a file that must not be given to any: see mayLeave().
QString programFor(const QString &file, bool isExecutable);

// False for what some program would run instead of showing it, by its name or by its content:
// programs, desktop entries, installers and packages, and scripts with the executable bit.
bool mayLeave(const QString &file, bool isExecutable);

// The path of the desktop entry that opens files of this MIME type; empty where there is none.
QString entryFor(const QString &mimeType);

}  // namespace voidrun::mimeprograms
