// SPDX-License-Identifier: MIT
#include <QJsonArray>
#include <QJsonObject>

#include "envelope.h"
#include "jsoncodec.h"

namespace voidrun::codec
{

using namespace Qt::StringLiterals;

namespace
{

Image imageOf(JsonReader &reader)
{
    Image image;
    image.id = reader.string("id"_L1);
    image.name = reader.requiredString("name"_L1);
    image.tag = reader.string("tag"_L1);
    image.sizeGB = reader.value("sizeGB"_L1).toDouble();
    image.system = reader.boolean("system"_L1);
    image.active = reader.boolean("active"_L1, true);
    image.description = reader.string("description"_L1);
    image.orgId = reader.string("orgId"_L1);
    image.createdBy = reader.string("createdBy"_L1);
    image.createdAt = reader.time("createdAt"_L1);
    return image;
}

User userOf(JsonReader &reader)
{
    User user;
    user.id = reader.requiredString("id"_L1);
    user.name = reader.string("name"_L1);
    user.email = reader.string("email"_L1);
    user.imageUrl = reader.string("imageUrl"_L1);
    user.createdAt = reader.time("createdAt"_L1);
    const QJsonArray orgs = reader.value("orgs"_L1).toArray();
    for (const QJsonValueConstRef entry : orgs) {
        const QJsonObject object = entry.toObject();
        const JsonReader org(object, "organization"_L1);
        user.orgs.append({org.string("id"_L1), org.string("name"_L1)});
    }
    return user;
}

ApiKey apiKeyOf(JsonReader &reader)
{
    ApiKey key;
    key.id = reader.requiredString("id"_L1);
    key.orgId = reader.string("orgId"_L1);
    key.name = reader.string("name"_L1);
    const QJsonArray scopes = reader.value("scopes"_L1).toArray();
    for (const QJsonValueConstRef scope : scopes)
        key.scopes.append(scope.toString());
    key.createdBy = reader.string("createdBy"_L1);
    key.createdAt = reader.time("createdAt"_L1);
    key.lastUsedAt = reader.time("lastUsedAt"_L1);
    key.updatedAt = reader.time("updatedAt"_L1);
    key.isActive = reader.boolean("isActive"_L1, true);
    return key;
}

NewApiKey newApiKeyOf(JsonReader &reader)
{
    NewApiKey key;
    key.plainKey = reader.requiredString("plainKey"_L1);
    key.keyId = reader.string("keyId"_L1);
    key.keyName = reader.string("keyName"_L1);
    key.orgId = reader.string("orgId"_L1);
    key.createdAt = reader.time("createdAt"_L1);
    key.expiresIn = reader.value("expiresIn"_L1).toVariant().toString();
    return key;
}

}  // namespace

Result<ServerVersion> serverVersion(const Response &response)
{
    return decodeObject(response, "version"_L1, [](JsonReader &reader) {
        return ServerVersion{reader.requiredString("version"_L1), reader.string("commit"_L1),
                             reader.string("buildTime"_L1), reader.string("engine"_L1)};
    });
}

Result<Image> image(const Response &response)
{
    return decodeObject(response, "image"_L1, imageOf);
}

Result<QList<Image>> images(const Response &response)
{
    return decodeList(response, {}, "image"_L1, imageOf);
}

Result<User> user(const Response &response)
{
    return decodeObject(response, "user"_L1, userOf);
}

Result<QList<User>> users(const Response &response)
{
    return decodeList(response, {}, "user"_L1, userOf);
}

Result<QList<ApiKey>> apiKeys(const Response &response)
{
    return decodeList(response, {}, "API key"_L1, apiKeyOf);
}

Result<NewApiKey> newApiKey(const Response &response)
{
    return decodeObject(response, "API key"_L1, newApiKeyOf);
}

QByteArray keyNameJson(const QString &name)
{
    return compact({{u"keyName"_s, name}});
}

QByteArray isActiveJson(bool active)
{
    return compact({{u"isActive"_s, active}});
}

}  // namespace voidrun::codec
