// SPDX-License-Identifier: MIT
#pragma once

#include "asiotypes.h"

namespace voidrun
{

// Bytes that go from one descriptor to another inside the kernel. Each returns how many went before
// the receiving side took no more or a file ended; a connection that ends on the giving side, or is
// silent for five minutes, throws system_error. They wait without blocking the thread, but for the
// disk.

Awaitable<std::uint64_t> copySocketToSocket(Stream &from, Stream &to, std::uint64_t length);
Awaitable<std::uint64_t> copyFileToSocket(int file, Stream &to, std::uint64_t length);
// A write that fails throws std::system_error, which is not one of the connection's.
Awaitable<void> copySocketToFile(Stream &from, int file, std::uint64_t length);

}  // namespace voidrun
