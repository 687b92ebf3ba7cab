// SPDX-License-Identifier: MIT
#pragma once

#include <QNetworkReply>

#include "error.h"

namespace voidrun
{

// True where the connection failed, false where a whole answer with an error status came.
bool isTransportError(QNetworkReply::NetworkError code);

// `answered`: the head of an answer had come.
Error transportError(const QNetworkReply &reply, bool answered, const QString &address);

}  // namespace voidrun
