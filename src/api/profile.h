// SPDX-License-Identifier: MIT
#pragma once

#include <QMetaType>
#include <QProcessEnvironment>
#include <QString>
#include <QUrl>

#include "error.h"

namespace voidrun
{

// Where a server is and how to get in. A plain value; the key is never printed, logged or stored
// by this library. Source: contract section 1.
struct ConnectionProfile {
    QString id;    // stable, ours; "local" for this computer
    QString name;  // what a person sees
    QUrl baseUrl;  // with path, without a trailing slash; empty = cleared
    QString apiKey;
    bool pinNodes = false;  // per-sandbox calls to the sandbox's node on hosts that are not hosted
    bool isLocalEngine = false;

    static QUrl hostedBaseUrl();  // the default when nothing is configured

    // What a person typed as an address: adds a scheme (http for loopback, else https), strips a
    // trailing slash. Errors: InvalidInput with a detail that says what is wrong.
    static Result<QUrl> parseBaseUrl(const QString &typed);

    // Non-empty, printable, no white space. Errors: MissingKey, InvalidInput.
    static Result<QString> parseApiKey(const QString &typed);

    // Key from VR_API_KEY, else API_KEY; base from VR_API_URL, else API_URL, else the hosted one.
    // A base variable set to the empty string leaves baseUrl empty ("cleared").
    static ConnectionProfile fromEnvironment(const QProcessEnvironment &environment);
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::ConnectionProfile)
