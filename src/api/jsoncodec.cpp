// SPDX-License-Identifier: MIT
#include "jsoncodec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "envelope.h"
#include "errorcodec.h"
#include "jsonreader.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

QList<int> portsOf(const QJsonObject &object)
{
    QList<int> ports;
    QJsonValue list = object.value("publishPorts"_L1);
    if (!list.isArray())
        list = object.value("ports"_L1);
    const QJsonArray array = list.toArray();
    for (const auto &entry : array) {
        const int port =
            entry.isObject() ? entry.toObject().value("port"_L1).toInt() : entry.toInt();
        if (port >= 1 && port <= 65535 && !ports.contains(port))
            ports.append(port);
    }
    return ports;
}

Result<Sandbox> sandboxOf(const QJsonObject &object, const Response &response)
{
    JsonReader reader(object, "sandbox"_L1);
    Sandbox result;
    result.id = reader.requiredString("id"_L1);
    result.name = reader.requiredString("name"_L1);
    result.image = reader.string("image"_L1);
    result.cpu = reader.smallNumber("cpu"_L1);
    result.mem = reader.smallNumber("mem"_L1);
    result.diskMB = reader.smallNumber("diskMB"_L1);
    result.status = reader.string("status"_L1);
    result.createdAt = reader.time("createdAt"_L1);
    result.updatedAt = reader.time("updatedAt"_L1);
    result.createdBy = reader.string("createdBy"_L1);
    result.orgId = reader.string("orgId"_L1);
    result.envVars = reader.strings("envVars"_L1);
    result.autoSleep = reader.boolean("autoSleep"_L1);
    result.region = reader.string("region"_L1);
    result.nodeId = reader.string("nodeId"_L1);
    result.refId = reader.string("refId"_L1);
    result.labels = reader.strings("labels"_L1);
    result.publishPorts = portsOf(object);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return result;
}

QJsonObject toObject(const QMap<QString, QString> &map)
{
    QJsonObject object;
    for (auto it = map.begin(); it != map.end(); ++it)
        object.insert(it.key(), it.value());
    return object;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

PtySession ptySessionOf(JsonReader &reader, QLatin1StringView idName)
{
    PtySession session;
    session.id = reader.requiredString(idName);
    session.createdAt = reader.time("createdAt"_L1);
    session.clients = reader.smallNumber("clients"_L1);
    session.alive = reader.boolean("alive"_L1, true);
    return session;
}

}  // namespace

Result<Sandbox> sandbox(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    return sandboxOf(*object, response);
}

Result<SandboxPage> sandboxPage(const Response &response)
{
    auto envelope = unwrap(response);
    if (!envelope)
        return std::unexpected(envelope.error());
    if (!envelope->data.isArray() && !envelope->data.isNull())
        return std::unexpected(
            notVoidRun(response, u"the field \"data\" of the answer is not a list"_s));
    SandboxPage page;
    const QJsonArray list = envelope->data.toArray();
    for (const auto &entry : list) {
        auto one = sandboxOf(entry.toObject(), response);
        if (!one)
            return std::unexpected(one.error());
        page.sandboxes.append(std::move(*one));
    }
    const JsonReader meta(envelope->meta, "meta"_L1);
    const int count = static_cast<int>(page.sandboxes.size());
    page.page = meta.smallNumber("page"_L1, 1);
    page.limit = meta.smallNumber("limit"_L1, count);
    page.total = meta.smallNumber("total"_L1, count);
    page.totalPages = meta.smallNumber("totalPages"_L1, 1);
    return page;
}

Result<ExecResult> execResult(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object, "result"_L1);
    ExecResult result;
    result.stdOut = reader.string("stdout"_L1);
    result.stdErr = reader.string("stderr"_L1);
    result.exitCode = static_cast<int>(reader.requiredNumber("exitCode"_L1));
    if (reader.error())
        return withAddress(*reader.error(), response);
    return result;
}

Result<PtySession> ptySession(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object, "session"_L1);
    PtySession session =
        ptySessionOf(reader, object->contains("sessionId"_L1) ? "sessionId"_L1 : "id"_L1);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return session;
}

Result<QList<PtySession>> ptySessions(const Response &response)
{
    const auto list = unwrapList(response, "sessions"_L1);
    if (!list)
        return std::unexpected(list.error());
    QList<PtySession> result;
    for (const auto &entry : *list) {
        const QJsonObject object = entry.toObject();
        JsonReader reader(object, "session"_L1);
        result.append(ptySessionOf(reader, object.contains("id"_L1) ? "id"_L1 : "sessionId"_L1));
        if (reader.error())
            return withAddress(*reader.error(), response);
    }
    return result;
}

Result<QString> ptyBuffer(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object, "buffer"_L1);
    QString output = reader.requiredString("output"_L1);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return output;
}

Result<ServerVersion> serverVersion(const Response &response)
{
    const auto object = unwrapObject(response);
    if (!object)
        return std::unexpected(object.error());
    JsonReader reader(*object, "version"_L1);
    ServerVersion version;
    version.version = reader.requiredString("version"_L1);
    version.commit = reader.string("commit"_L1);
    version.buildTime = reader.string("buildTime"_L1);
    version.engine = reader.string("engine"_L1);
    if (reader.error())
        return withAddress(*reader.error(), response);
    return version;
}

Result<QList<Image>> images(const Response &response)
{
    const auto list = unwrapList(response, {});
    if (!list)
        return std::unexpected(list.error());
    QList<Image> result;
    for (const auto &entry : *list) {
        const QJsonObject object = entry.toObject();
        JsonReader reader(object, "image"_L1);
        Image image;
        image.id = reader.string("id"_L1);
        image.name = reader.requiredString("name"_L1);
        image.tag = reader.string("tag"_L1);
        image.sizeGB = object.value("sizeGB"_L1).toDouble();
        image.system = reader.boolean("system"_L1);
        image.active = reader.boolean("active"_L1, true);
        image.description = reader.string("description"_L1);
        if (reader.error())
            return withAddress(*reader.error(), response);
        result.append(image);
    }
    return result;
}

QByteArray toJson(const SandboxSpec &spec)
{
    QJsonObject object{{u"name"_s, spec.name},
                       {u"image"_s, spec.image},
                       {u"cpu"_s, spec.cpu},
                       {u"mem"_s, spec.mem},
                       {u"autoSleep"_s, spec.autoSleep}};
    if (!spec.envVars.isEmpty())
        object.insert("envVars"_L1, toObject(spec.envVars));
    if (!spec.labels.isEmpty())
        object.insert("labels"_L1, toObject(spec.labels));
    if (!spec.publishPorts.isEmpty()) {
        QJsonArray ports;
        for (const int port : spec.publishPorts)
            ports.append(port);
        object.insert("publishPorts"_L1, ports);
    }
    return compact(object);
}

QByteArray toJson(const ExecRequest &request)
{
    QJsonObject object{{u"command"_s, request.command}, {u"timeout"_s, request.timeout}};
    if (!request.env.isEmpty())
        object.insert("env"_L1, toObject(request.env));
    if (!request.cwd.isEmpty())
        object.insert("cwd"_L1, request.cwd);
    if (!request.args.isEmpty())
        object.insert("args"_L1, QJsonArray::fromStringList(request.args));
    return compact(object);
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
