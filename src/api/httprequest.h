// SPDX-License-Identifier: MIT
#pragma once

#include <QUrl>

#include "request.h"

class QNetworkAccessManager;
class QNetworkReply;

namespace voidrun
{

class UploadBody;

// Sends a request: nothing is followed, cached, remembered or unpacked by Qt itself, and the key is
// in its header and nowhere else. `body`, of POST and PATCH, becomes the reply's.
QNetworkReply *sendHttp(QNetworkAccessManager &network, const Request &request, const QUrl &url,
                        const QByteArray &key, UploadBody *body);

bool isRedirect(int status);
// Same scheme, host and port, and no user info in the second.
bool isSameOrigin(const QUrl &from, const QUrl &to);

}  // namespace voidrun
