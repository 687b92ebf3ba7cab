// SPDX-License-Identifier: MIT
#pragma once

#include <QDateTime>
#include <QMetaType>
#include <QString>

#include <optional>

namespace voidrun
{

// What to watch (contract section 4).
struct WatchRequest {
    QString path{};
    bool recursive = true;
    bool ignoreHidden = true;
    // Where nobody has just asked for it: false ends it, Unavailable, before a sandbox that does
    // not run is woken.
    bool mayWake = true;
};

// One change of a file. Rescan: changes may have been missed; look at everything anew.
struct WatchEvent {
    enum class Type { Created, Modified, Deleted, Renamed, Chmod, Rescan };

    Type type = Type::Rescan;
    QString path{};                // absolute; may be empty for Rescan
    QString oldPath{};             // of Renamed, where the server knows it
    std::optional<qint64> size{};  // bytes
    QDateTime timestamp{};         // may be invalid

    bool operator==(const WatchEvent &) const = default;
};

}  // namespace voidrun

Q_DECLARE_METATYPE(voidrun::WatchEvent)
