// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace voidrun
{

// What runs in a terminal session beside its shell. The contract says only when a session was made,
// so its shell is found by that: it is the leader of a terminal that was started then. Pure.
namespace guestprograms
{

// For any POSIX shell with /proc; looks and changes nothing.
QString command();

// The names of the programs in the session that was made at `createdAt`, from the command's output;
// in all sessions that it may be where several were made at once. Nothing where it cannot be told.
std::optional<QStringList> parse(const QString &output, const QDateTime &createdAt);

}  // namespace guestprograms

}  // namespace voidrun
