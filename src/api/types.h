// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QMap>
#include <QMetaType>
#include <QString>
#include <QStringList>
#include <QUrl>

#include "accounttypes.h"
#include "exectypes.h"
#include "watchtypes.h"

namespace voidrun
{

// The contract's objects as plain values; here those of sections 2, 4 and 5. Names are the API's
// own words; fields that a server may leave out have harmless defaults.

// Section 2. `status` is kept as the server's word; isRunning() and isAsleep() read it.
struct Sandbox {
    QString id;
    QString name;
    QString image;
    int cpu = 0;     // virtual CPUs
    int mem = 0;     // MiB
    int diskMB = 0;  // MB
    QString status;
    QDateTime createdAt;
    QDateTime updatedAt;
    QString createdBy;
    QString orgId;
    QMap<QString, QString> envVars;
    bool autoSleep = false;
    QString region;
    QString nodeId;
    QString refId;
    QMap<QString, QString> labels;
    QList<int> publishPorts;

    bool isRunning() const { return status == QLatin1StringView("running"); }
    // Files are kept, processes are not; the next call to the guest wakes it.
    bool isAsleep() const;
    // `deleted` and `killed` rows that a listing may still show.
    bool isGone() const;
    bool operator==(const Sandbox &) const = default;
};

struct SandboxPage {
    QList<Sandbox> sandboxes;
    int page = 1;
    int limit = 0;
    int total = 0;
    int totalPages = 1;
};

// What `POST /sandboxes` takes. Defaults are the contract's.
struct SandboxSpec {
    QString name{};  // DNS-1123 subdomain, at most 253 characters
    QString image = QStringLiteral("code");
    int cpu = 1;     // 1 to 8
    int mem = 1024;  // MiB, 1024 to 16384
    QMap<QString, QString> envVars{};
    QMap<QString, QString> labels{};
    bool autoSleep = false;
    QList<int> publishPorts{};  // at most 4, unique, 1 to 65535
    QString region{};
    QString orgId{};
    QString userId{};
    bool sync = true;  // the answer comes when the sandbox runs
};

// Where a published port of a sandbox is reached.
struct PublicUrl {
    int port = 0;
    QUrl url;

    bool operator==(const PublicUrl &) const = default;
};

// Section 4. `mode` holds the permission bits (07777); the type is in isDir/isSymlink.
struct FileEntry {
    QString name;
    QString path;     // absolute
    qint64 size = 0;  // bytes
    uint mode = 0;
    bool isDir = false;
    bool isSymlink = false;
    QDateTime modTime;  // may be invalid

    bool operator==(const FileEntry &) const = default;
};

struct FileStat {
    QString path;
    qint64 size = 0;  // bytes
    uint mode = 0;    // full st_mode, type bits included
    QDateTime mtime;
    QString type;  // "regular file", "directory", "symbolic link" …

    bool isDir() const { return (mode & 0170000) == 0040000; }
    bool isRegular() const { return (mode & 0170000) == 0100000; }
};

struct DiskUsage {
    QString path;
    QString size;      // as the server says it, such as "4.0K"
    qint64 bytes = 0;  // the same as a number
};

enum class ArchiveFormat { Tar, TarGz, TarBz2, Zip };

// Section 5.
struct PtySession {
    QString id;
    QDateTime createdAt;  // may be invalid
    int clients = 0;      // attached now
    bool alive = false;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::Sandbox)
Q_DECLARE_METATYPE(voidrun::FileEntry)
