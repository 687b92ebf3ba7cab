// SPDX-License-Identifier: MIT
#include <QJsonObject>

#include "envelope.h"
#include "jsoncodec.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

// A new session calls its id "sessionId", a listed one "id".
PtySession ptySessionOf(JsonReader &reader)
{
    PtySession session;
    const bool isNew = reader.value("sessionId"_L1).isString();
    session.id = reader.requiredString(isNew ? "sessionId"_L1 : "id"_L1);
    session.createdAt = reader.time("createdAt"_L1);
    session.clients = reader.smallNumber("clients"_L1);
    session.alive = reader.boolean("alive"_L1, true);
    return session;
}

}  // namespace

Result<PtySession> ptySession(const Response &response)
{
    return decodeObject(response, "session"_L1, ptySessionOf);
}

Result<QList<PtySession>> ptySessions(const Response &response)
{
    return decodeList(response, "sessions"_L1, "session"_L1, ptySessionOf);
}

Result<QString> ptyBuffer(const Response &response)
{
    return decodeObject(response, "buffer"_L1,
                        [](JsonReader &reader) { return reader.requiredString("output"_L1); });
}

QByteArray terminalSizeJson(int cols, int rows)
{
    return compact({{u"cols"_s, cols}, {u"rows"_s, rows}});
}

QByteArray commandJson(const QString &command)
{
    return compact({{u"command"_s, command}});
}

}  // namespace voidrun::codec
