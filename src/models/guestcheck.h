// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace voidrun
{

// One shell command that looks at many files of a sandbox at once, and its answer. A plain value.
class GuestCheck
{
public:
    static constexpr int MaxFiles = 32;
    static constexpr qint64 MaxHashed = 1 << 20;  // bytes; larger files are compared by size

    struct Found {
        std::optional<qint64> size;
        std::optional<uint> mode;  // permission bits
        QByteArray hash;           // SHA-256 in hex; empty where it was not asked or has no tool
    };

    // `mode` and `modified`, where given, are set before it looks.
    void add(const QString &path, bool wantsHash, std::optional<uint> mode = std::nullopt,
             const QDateTime &modified = {});

    QString command() const;  // for any POSIX shell
    // One for each file; empty when this is no answer to the command.
    QList<Found> parse(const QString &output) const;

private:
    QString m_calls;
    qsizetype m_count = 0;
};

// As one word for any POSIX shell, whatever is in it.
QString posixQuoted(const QString &word);

}  // namespace voidrun
