// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace voidrun
{

// The contract's section 6 as plain values.

struct ServerVersion {
    QString version;
    QString commit;
    QString buildTime;
    QString engine;  // "voidrun-local" for the local engine, else empty
};

struct Image {
    QString id;
    QString name;
    QString tag;
    double sizeGB = 0;
    bool system = false;
    bool active = true;
    QString description;
    QString orgId;
    QString createdBy;
    QDateTime createdAt;
};

struct Organization {
    QString id;
    QString name;
};

struct User {
    QString id;
    QString name;
    QString email;
    QString imageUrl;
    QDateTime createdAt;
    QList<Organization> orgs;  // of users/me only
};

struct ApiKey {
    QString id;
    QString orgId;
    QString name;
    QStringList scopes;
    QString createdBy;
    QDateTime createdAt;
    QDateTime lastUsedAt;  // invalid: never
    QDateTime updatedAt;
    bool isActive = true;
};

// A key that was just made. `plainKey` is told this once: keep it in the keychain, never log it.
struct NewApiKey {
    QString plainKey;
    QString keyId;
    QString keyName;
    QString orgId;
    QDateTime createdAt;
    QString expiresIn;  // as the server says it
};

}  // namespace voidrun
