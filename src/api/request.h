// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <chrono>
#include <utility>

#include "error.h"

class QIODevice;

namespace voidrun
{

// One call as the transport takes it, before it becomes a URL. A plain value.
struct Request {
    enum class Method { Get, Post, Patch, Delete };
    // What a successful body must be.
    enum class Expect { Json, JsonOrText, Bytes, Events };
    // Which connections it uses, so that no kind of call waits for another kind.
    enum class Lane { Calls, Transfers, Waiting };

    Method method = Method::Get;
    QStringList path;   // segments below the base URL, not encoded
    QString sandboxId;  // for node pinning; empty for calls of the service
    QList<std::pair<QString, QString>> query;
    QByteArray body;              // JSON, for Post and Patch
    QIODevice *source = nullptr;  // body of an upload instead of `body`
    QIODevice *sink = nullptr;    // where a download goes
    Expect expect = Expect::Json;
    bool needsKey = true;
    bool repeatable = false;  // may be sent again after a failure
    // From the end of the request to the first byte of the answer, where the server works before it
    // answers; 0 = the idle limit.
    std::chrono::milliseconds answerTimeout{0};
    // One attempt from start to end; 0 = no limit (transfers).
    std::chrono::milliseconds overallTimeout = std::chrono::seconds(120);
    QString subject;  // for errors: path, name or id

    Lane lane() const;
    QByteArray verb() const;
    // Path and query below a base, percent-encoded strictly (only unreserved characters pass).
    QByteArray encodedTarget() const;
};

struct Response {
    int status = 0;
    QByteArray body;           // empty for downloads
    QByteArray contentType;    // lower case, without parameters
    qint64 bytes = 0;          // of the body, as received
    bool lengthKnown = false;  // Content-Length was there and was met
    QString address;           // of the server, for errors; without query
};

// The text of a percent-encoded query or path part: everything but unreserved characters.
QByteArray strictlyEncoded(const QString &text);

Error makeError(Error::Kind kind, const QString &detail, const QString &subject = {});

}  // namespace voidrun
