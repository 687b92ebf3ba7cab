// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QUrl>

#include "exectypes.h"

namespace voidrun
{

// Shell lines that ask a server for the same with curl, and show the output as it comes. The key is
// left to VR_API_KEY. Pure.
QString curlText(const QUrl &baseUrl, const QString &sandboxId, const ExecRequest &request);
// Code that needs a file is sent as one first.
QString curlText(const QUrl &baseUrl, const QString &sandboxId, const CodeRequest &request);

}  // namespace voidrun
