// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonObject>

#include "envelope.h"
#include "errorcodec.h"
#include "jsoncodec.h"
#include "jsonreader.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

QList<int> portsOf(const JsonReader &reader)
{
    QList<int> ports;
    QJsonValue list = reader.value("publishPorts"_L1);
    if (!list.isArray())
        list = reader.value("ports"_L1);
    const QJsonArray array = list.toArray();
    for (const auto &entry : array) {
        const int port =
            entry.isObject() ? entry.toObject().value("port"_L1).toInt() : entry.toInt();
        if (port >= 1 && port <= 65535 && !ports.contains(port))
            ports.append(port);
    }
    return ports;
}

Sandbox sandboxOf(JsonReader &reader)
{
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
    result.publishPorts = portsOf(reader);
    return result;
}

QJsonArray portList(const QList<int> &ports)
{
    QJsonArray list;
    for (const int port : ports)
        list.append(port);
    return list;
}

}  // namespace

Result<Sandbox> sandbox(const Response &response)
{
    return decodeObject(response, "sandbox"_L1, sandboxOf);
}

Result<SandboxPage> sandboxPage(const Response &response)
{
    auto list = decodeList(response, {}, "sandbox"_L1, sandboxOf);
    if (!list)
        return std::unexpected(list.error());
    const auto envelope = unwrap(response);
    const JsonReader meta(envelope->meta, "meta"_L1);
    const int count = static_cast<int>(list->size());
    SandboxPage page;
    page.sandboxes = *std::move(list);
    page.page = meta.smallNumber("page"_L1, 1);
    page.limit = meta.smallNumber("limit"_L1, count);
    page.total = meta.smallNumber("total"_L1, count);
    page.totalPages = meta.smallNumber("totalPages"_L1, 1);
    return page;
}

Result<QList<PublicUrl>> publicUrls(const Response &response)
{
    auto urls = decodeList(response, {}, "address"_L1, [](const JsonReader &reader) {
        return PublicUrl{reader.smallNumber("port"_L1), QUrl(reader.string("url"_L1))};
    });
    if (urls) {
        urls->removeIf([](const PublicUrl &url) {
            return url.port < 1 || url.port > 65535 || url.url.isEmpty() || !url.url.isValid();
        });
    }
    return urls;
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
    if (!spec.publishPorts.isEmpty())
        object.insert("publishPorts"_L1, portList(spec.publishPorts));
    for (const auto &[name, value] : {std::pair("region"_L1, spec.region),
                                      {"orgId"_L1, spec.orgId},
                                      {"userId"_L1, spec.userId}}) {
        if (!value.isEmpty())
            object.insert(name, value);
    }
    if (!spec.sync)
        object.insert("sync"_L1, false);
    return compact(object);
}

QByteArray autoSleepJson(bool autoSleep)
{
    return compact({{u"autoSleep"_s, autoSleep}});
}

QByteArray publishPortsJson(const QList<int> &ports)
{
    return compact({{u"publishPorts"_s, portList(ports)}});
}

}  // namespace voidrun::codec
