// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QUrl>

#include "runtypes.h"

// A run as a program of one's own would ask for it, with the official SDKs. Keys are never in it:
// both read VR_API_KEY. `baseUrl` is in it where it is not the hosted service, which is their
// default. Pure functions.
namespace voidrun::sdkcode
{

QString python(const QUrl &baseUrl, const RunRequest &request);
QString typeScript(const QUrl &baseUrl, const RunRequest &request);

}  // namespace voidrun::sdkcode
