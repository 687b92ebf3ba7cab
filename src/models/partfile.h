// SPDX-License-Identifier: MIT
#pragma once

#include <QFile>

#include <expected>
#include <memory>

#include "api/error.h"
#include "uniquefd.h"

namespace voidrun
{

// A file that is being downloaded: a hidden temporary beside its target,
// ".NAME.XXXXXX.voidrun-part", that gets its name when it is whole and goes away when it is not.
// Held under an flock, so that a sweep can tell it from what a killed run left. Lives in the
// transfers' worker thread.
class PartFile
{
public:
    // `path` is for messages.
    static Result<std::unique_ptr<PartFile>> create(UniqueFd folder, const QString &name,
                                                    const QString &path);
    ~PartFile();
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;

    QIODevice *device() { return &m_file; }
    qint64 size() const { return m_file.size(); }

    // Gives it its name, over an existing file only if `replace`. A Conflict otherwise.
    Result<void> commit(bool executable, const QDateTime &modified, bool replace);

    // Removes what earlier runs, now dead, left in this folder.
    static void sweep(int folder);

private:
    PartFile() = default;

    UniqueFd m_folder;
    QByteArray m_temporary;
    QByteArray m_name;
    QString m_path;
    QFile m_file;
    bool m_committed = false;
};

}  // namespace voidrun
