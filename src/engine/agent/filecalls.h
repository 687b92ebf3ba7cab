// SPDX-License-Identifier: MIT
#pragma once

#include "common/exchange.h"

namespace voidrun
{

// The calls under /files (api.md, section 4). They block on the disk and run on the agent's file
// threads; each call has its own coroutine and shares nothing with others but TemporaryFiles.
// `segments` is what follows /files. Throws HttpError.
Awaitable<void> handleFiles(Exchange &exchange, std::span<const std::string> segments);

// An absolute guest path from the query; throws HttpError 400.
std::string pathParameter(const Exchange &exchange, std::string_view name);
// The same of a path that came in another way.
std::string checkedPath(std::string path, std::string_view name);

// "/a/b: No such file or directory", with an HTTP status that fits the errno.
HttpError fileError(const std::string &path, int error);

Awaitable<void> listFolder(Exchange &exchange);
Awaitable<void> downloadFile(Exchange &exchange);
Awaitable<void> uploadFile(Exchange &exchange);

}  // namespace voidrun
